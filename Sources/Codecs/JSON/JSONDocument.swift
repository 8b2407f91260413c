// SPDX-License-Identifier: Apache-2.0

/// A JSON text that was read strictly (RFC 8259, no duplicate names) and is looked at without copying.
///
/// Reading makes one pass over the bytes and notes where each value begins and ends; strings and numbers are
/// decoded only when somebody asks for them, and every value still knows its exact source bytes.
public struct JSONDocument: Sendable {
    let storage: JSONStorage

    /// Reads a whole text, or one that is part of a larger file: then all places, in errors too, count from the
    /// beginning of the file, and nothing is copied.
    ///
    /// - Throws: `JSONError` with the first thing that is wrong and where.
    public static func parse(
        _ bytes: [UInt8], in range: Range<Int>? = nil, limits: JSONLimits = .standard
    ) throws(JSONError) -> JSONDocument {
        var parser = JSONParser(
            bytes: bytes, range: (range ?? bytes.indices).clamped(to: bytes.indices), limits: limits)
        try parser.parseDocument()
        return JSONDocument(storage: JSONStorage(bytes: bytes, tape: parser.tape))
    }

    /// Reads a whole text that is at hand as a string.
    ///
    /// - Throws: `JSONError` as `parse(_:limits:)` over bytes does.
    public static func parse(_ text: String, limits: JSONLimits = .standard) throws(JSONError) -> JSONDocument {
        try parse(Array(text.utf8), limits: limits)
    }

    /// The outermost value.
    public var root: JSONNode {
        JSONNode(storage: storage, index: 0)
    }

    /// The bytes as they were given, those around the text too.
    public var bytes: [UInt8] {
        storage.bytes
    }
}

/// What all nodes of one document share. INVARIANT: `tape` came out of `JSONParser` over these very `bytes`.
final class JSONStorage: Sendable {
    let bytes: [UInt8]
    let tape: [JSONEntry]

    init(bytes: [UInt8], tape: [JSONEntry]) {
        self.bytes = bytes
        self.tape = tape
    }
}
