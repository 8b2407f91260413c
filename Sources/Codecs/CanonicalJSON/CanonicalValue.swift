// SPDX-License-Identifier: Apache-2.0

/// A value whose JSON text is the same wherever it is written: RFC 8785 (JCS) without null and fractions.
///
/// Two values are equal when their canonical texts are: the order of members does not matter, and strings compare
/// by their bytes, not by Unicode equivalence as `String` does.
public enum CanonicalValue: Sendable {
    /// Members in any order; names must differ.
    case object([CanonicalMember])
    /// Values in a meaningful order.
    case array([CanonicalValue])
    /// Text, kept without normalisation.
    case string(String)
    /// A truth value.
    case boolean(Bool)
    /// A whole number from −(2⁵³−1) to 2⁵³−1, the range that every JSON reader keeps exactly.
    case integer(Int64)

    /// The largest whole number, 2⁵³−1; its negative is the smallest.
    public static let largestInteger: Int64 = 1 << 53 - 1
}

/// One name and its value.
public struct CanonicalMember: Sendable, Equatable {
    /// The name; compared as bytes.
    public let name: String
    /// What it stands for.
    public let value: CanonicalValue

    /// A member.
    public init(_ name: String, _ value: CanonicalValue) {
        self.name = name
        self.value = value
    }

    /// The same bytes for the name and equal values.
    public static func == (one: CanonicalMember, other: CanonicalMember) -> Bool {
        one.name.utf8.elementsEqual(other.name.utf8) && one.value == other.value
    }

    /// RFC 8785 section 3.2.3: names are sorted by their UTF-16 units.
    static func inOrder(_ one: CanonicalMember, _ other: CanonicalMember) -> Bool {
        // Below U+E000 the order of UTF-8 bytes is that of UTF-16 units, and bytes are quicker to compare.
        if one.isBelowSurrogates, other.isBelowSurrogates {
            return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
        }
        return one.name.utf16.lexicographicallyPrecedes(other.name.utf16)
    }

    private var isBelowSurrogates: Bool { name.utf8.allSatisfy { $0 < 0xEE } }
}

extension CanonicalValue: Equatable {
    /// Equal canonical texts.
    public static func == (one: CanonicalValue, other: CanonicalValue) -> Bool {
        switch (one, other) {
        case (.object(let one), .object(let other)):
            one.count == other.count
                && one.sorted(by: CanonicalMember.inOrder) == other.sorted(by: CanonicalMember.inOrder)
        case (.array(let one), .array(let other)): one == other
        case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
        case (.boolean(let one), .boolean(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        default: false
        }
    }
}

extension CanonicalValue {
    /// The value of a member; nil when there is none or this is no object. The name is compared byte by byte.
    public subscript(_ name: String) -> CanonicalValue? {
        objectValue?.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// An element of an array, counted from 0; nil when there is none or this is no array.
    public subscript(_ position: Int) -> CanonicalValue? {
        guard let elements = arrayValue, elements.indices.contains(position) else { return nil }
        return elements[position]
    }

    /// The members of an object.
    public var objectValue: [CanonicalMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements of an array.
    public var arrayValue: [CanonicalValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text of a string.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A truth value.
    public var booleanValue: Bool? {
        if case .boolean(let truth) = self { truth } else { nil }
    }

    /// A whole number.
    public var integerValue: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }
}
