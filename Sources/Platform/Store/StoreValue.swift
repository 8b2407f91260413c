// SPDX-License-Identifier: Apache-2.0

/// A value that is stored: what goes in for a `?` and what comes out of a column.
package enum StoreValue: Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    case null
    case integer(Int64)
    /// Text of our own making. Text from outside is stored as bytes: PostgreSQL refuses U+0000 in text, and
    /// therefore the store does.
    case text(String)
    case bytes([UInt8])

    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    package init(stringLiteral value: String) {
        self = .text(value)
    }

    package init(nilLiteral: ()) {
        self = .null
    }

    /// The integer, or null for nil.
    package init(_ integer: Int64?) {
        self = integer.map(Self.integer) ?? .null
    }

    /// The text, or null for nil.
    package init(_ text: String?) {
        self = text.map(Self.text) ?? .null
    }

    /// The bytes, or null for nil.
    package init(_ bytes: [UInt8]?) {
        self = bytes.map(Self.bytes) ?? .null
    }
}

/// Equality is that of the store: text is compared by its bytes, not by canonical equivalence.
extension StoreValue: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let integer): hasher.combine(integer)
        case .text(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .bytes(let bytes): hasher.combine(bytes)
        }
    }
}

extension StoreValue {
    /// What it is, for a message; never the value itself.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "an integer"
        case .text: "text"
        case .bytes: "bytes"
        }
    }
}
