// SPDX-License-Identifier: Apache-2.0

// Feeds arbitrary bytes to the JSON and text readers of Codecs: `scripts/fuzz 60 JSON`.

import Codecs

/// What libFuzzer calls for each input. Whatever is accepted must hold together; everything else must be an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer promises `count` readable bytes at `start` for the time of this call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let document = try? JSONDocument.parse(bytes) {
        walk(document.root)
    }
    if let value = try? CanonicalValue.decode(bytes) {
        precondition((try? value.encode()) == bytes, "canonical text does not come back")
    }
    fuzzText(bytes)
    return 0
}

private func walk(_ node: JSONNode) {
    // Only of small values: reading each level of a large one again would take the time of its square.
    if node.byteRange.count <= 64 {
        precondition((try? JSONDocument.parse(Array(node.sourceBytes))) != nil, "a value's bytes are no document")
    }
    _ = (node.string, node.utf8, node.integer, node.bool, node.numberText)
    for element in node.elements { walk(element) }
    for member in node.members {
        precondition(node[member.name] != nil, "a member is not found by its name")
        walk(member.value)
    }
}

private func fuzzText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let decoded = Base64.decode(text) { precondition(Base64.encode(decoded) == text) }
    if let decoded = Base64.decode(text, as: .urlSafe) { precondition(Base64.encode(decoded, as: .urlSafe) == text) }
    if let decoded = Hex.decodeLowercase(text) { precondition(Hex.encode(decoded) == text) }
    if let time = try? RFC3339.parse(bytes) {
        precondition((try? RFC3339.parse(RFC3339.format(time))) == time || !(0...9_999 ~= year(of: time)))
    }
    _ = PartialDate(text)
    precondition(Base64.decode(Base64.encode(bytes)) == bytes && Hex.decode(Hex.encode(bytes)) == bytes)
}

/// Roughly: offsets can carry a time past the years that RFC 3339 can write.
private func year(of time: Int64) -> Int64 {
    RFC3339.format(time).utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") ? -1 : 0 } ?? -1
}
