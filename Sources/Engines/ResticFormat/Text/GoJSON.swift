// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Writes JSON objects as Go's `encoding/json` does, byte for byte: no spaces, members in the order in which they are
/// added, `<`, `>`, `&`, U+2028 and U+2029 escaped, bytes that are no UTF-8 replaced by U+FFFD.
///
/// It cannot be copied, because its text would be copied with it at the next change: a folder's for each of its nodes.
struct GoJSONObject: ~Copyable {
    private(set) var bytes: [UInt8]
    private var isFirst = true

    /// An object that is appended to `bytes`, which the caller gives away.
    init(after bytes: consuming [UInt8] = []) {
        bytes.append(UInt8(ascii: "{"))
        self.bytes = bytes
    }

    consuming func finish() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// What was written so far.
    consuming func unfinished() -> [UInt8] {
        bytes
    }

    /// Begins a member; `name` needs no escaping.
    mutating func name(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        // SAFETY: the names are literals of this module, in ASCII, and live as long as the program.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func add(_ name: StaticString, _ text: [UInt8]) {
        self.name(name)
        GoJSON.append(text, to: &bytes)
    }

    mutating func add(_ name: StaticString, _ text: String) {
        add(name, Array(text.utf8))
    }

    mutating func add(_ name: StaticString, _ number: some BinaryInteger) {
        self.name(name)
        GoJSON.append(number, to: &bytes)
    }

    mutating func add(_ name: StaticString, _ truth: Bool) {
        self.name(name)
        bytes.append(contentsOf: truth ? "true".utf8 : "false".utf8)
    }

    mutating func add(_ name: StaticString, _ id: ObjectID) {
        self.name(name)
        GoJSON.append(id, to: &bytes)
    }

    mutating func add(_ name: StaticString, _ time: Timestamp) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        time.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ name: StaticString, base64 content: [UInt8]) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: Base64.encode(content).utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An array, each of whose elements `append` writes.
    mutating func add<Element>(
        _ name: StaticString, _ elements: [Element], _ append: (Element, inout [UInt8]) -> Void
    ) {
        self.name(name)
        GoJSON.append(elements, to: &bytes, append)
    }

    /// The value of the member that was begun last, as JSON.
    mutating func append(raw json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    mutating func addNull(_ name: StaticString) {
        self.name(name)
        bytes.append(contentsOf: "null".utf8)
    }

    // What Go calls `omitempty`.

    mutating func addUnlessEmpty(_ name: StaticString, _ text: [UInt8]) {
        if !text.isEmpty { add(name, text) }
    }

    mutating func addUnlessEmpty(_ name: StaticString, _ text: String) {
        if !text.isEmpty { add(name, text) }
    }

    mutating func addUnlessZero(_ name: StaticString, _ number: some BinaryInteger) {
        if number != 0 { add(name, number) }
    }

    mutating func addUnlessNil(_ name: StaticString, _ id: ObjectID?) {
        if let id { add(name, id) }
    }

    mutating func addUnlessEmpty(_ name: StaticString, _ texts: [String]) {
        if !texts.isEmpty { add(name, texts) { GoJSON.append(Array($0.utf8), to: &$1) } }
    }
}

/// The values that Go's `encoding/json` writes.
enum GoJSON {
    static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.allSatisfy({ plain[Int($0)] }) {
            bytes.append(contentsOf: text)
        } else {
            appendEscaped(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    static func append(_ number: some BinaryInteger, to bytes: inout [UInt8]) {
        guard var rest = UInt64(exactly: number) else { return bytes.append(contentsOf: String(number).utf8) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for place in first..<digits.count { bytes.append(digits[place]) }
    }

    static func append(_ id: ObjectID, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        id.appendHex(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    static func append<Element>(
        _ elements: [Element], to bytes: inout [UInt8], _ append: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        for (place, element) in elements.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            append(element, &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Which bytes stand for themselves.
    private static let plain: [Bool] = (0...255).map { byte in
        0x20..<0x80 ~= byte && !#""\<>&"#.utf8.contains(UInt8(byte))
    }

    private static func appendEscaped(_ text: [UInt8], to bytes: inout [UInt8]) {
        var place = 0
        while place < text.count {
            let byte = text[place]
            let length = UTF8Sequence.length(in: text, at: place, end: text.count)
            switch length {
            case 0: bytes.append(contentsOf: #"\ufffd"#.utf8)
            case 1: appendASCII(byte, to: &bytes)
            case 3 where isLineSeparator(text, at: place):
                bytes.append(contentsOf: text[place + 2] == 0xA8 ? #"\u2028"#.utf8 : #"\u2029"#.utf8)
            default: bytes.append(contentsOf: text[place..<place + length])
            }
            place += max(length, 1)
        }
    }

    private static func isLineSeparator(_ text: [UInt8], at place: Int) -> Bool {
        text[place] == 0xE2 && text[place + 1] == 0x80 && (0xA8...0xA9).contains(text[place + 2])
    }

    private static func appendASCII(_ byte: UInt8, to bytes: inout [UInt8]) {
        if plain[Int(byte)] { return bytes.append(byte) }
        let letter: Unicode.Scalar? =
            switch byte {
            case UInt8(ascii: "\""): "\""
            case UInt8(ascii: "\\"): "\\"
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            default: nil
            }
        bytes.append(UInt8(ascii: "\\"))
        if let letter { return bytes.append(UInt8(ascii: letter)) }
        bytes.append(contentsOf: "u00".utf8)
        bytes.append(contentsOf: Hex.encode([byte]).utf8)
    }
}
