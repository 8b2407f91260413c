// SPDX-License-Identifier: Apache-2.0

/// One value of a document. Small and cheap to pass on; it keeps its document alive.
public struct JSONNode: Sendable {
    let storage: JSONStorage
    let index: Int

    /// The six kinds of JSON value; true and false are one.
    public enum Kind: UInt8, Sendable {
        /// `{…}`
        case object
        /// `[…]`
        case array
        /// `"…"`
        case string
        /// A number of any form.
        case number
        /// `true` or `false`
        case boolean
        /// `null`
        case null
    }

    var entry: JSONEntry {
        storage.tape[index]
    }

    /// What the value is.
    public var kind: Kind {
        entry.kind
    }

    /// Where the value stands in the document, brackets and quotation marks included.
    public var byteRange: Range<Int> {
        entry.range
    }

    /// The value's exact source bytes.
    public var sourceBytes: ArraySlice<UInt8> {
        storage.bytes[entry.range]
    }
}

extension JSONNode {
    /// The text of a string, escape sequences resolved; nil for every other kind.
    public var string: String? {
        guard kind == .string else { return nil }
        guard entry.escaped else { return String(decoding: storage.bytes[entry.content], as: UTF8.self) }
        return String(decoding: JSONText.unescape(storage.bytes, entry.content), as: UTF8.self)
    }

    /// The text of a string as UTF-8, escape sequences resolved; nil for every other kind.
    public var utf8: [UInt8]? {
        guard kind == .string else { return nil }
        return entry.escaped
            ? JSONText.unescape(storage.bytes, entry.content) : Array(storage.bytes[entry.content])
    }

    /// A whole number written without fraction and exponent that fits 64 bits; nil for everything else.
    public var integer: Int64? {
        numberText.flatMap { Int64($0) }
    }

    /// A number exactly as it is written.
    public var numberText: String? {
        kind == .number ? String(decoding: sourceBytes, as: UTF8.self) : nil
    }

    /// A truth value.
    public var bool: Bool? {
        kind == .boolean ? storage.bytes[entry.range.lowerBound] == UInt8(ascii: "t") : nil
    }

    /// Whether the value is `null`.
    public var isNull: Bool {
        kind == .null
    }

    /// Whether this is a string that means exactly these bytes; nothing is copied.
    public func means(_ text: String) -> Bool {
        kind == .string && textEquals(text)
    }

    func textEquals(_ text: String) -> Bool {
        if entry.escaped {
            return text.utf8.elementsEqual(JSONText.unescape(storage.bytes, entry.content))
        }
        let content = entry.content
        let wanted = text.utf8
        return wanted.count == content.count && wanted.elementsEqual(storage.bytes[content])
    }
}
