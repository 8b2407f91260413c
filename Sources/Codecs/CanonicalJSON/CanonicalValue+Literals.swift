// SPDX-License-Identifier: Apache-2.0

extension CanonicalValue: ExpressibleByStringLiteral {
    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension CanonicalValue: ExpressibleByIntegerLiteral {
    /// A whole number; its range is checked when it is written.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension CanonicalValue: ExpressibleByBooleanLiteral {
    /// A truth value.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }
}

extension CanonicalValue: ExpressibleByArrayLiteral {
    /// An array.
    public init(arrayLiteral elements: CanonicalValue...) {
        self = .array(elements)
    }
}

extension CanonicalValue: ExpressibleByDictionaryLiteral {
    /// An object; names that stand twice are refused when it is written.
    public init(dictionaryLiteral elements: (String, CanonicalValue)...) {
        self = .object(elements.map { CanonicalMember($0.0, $0.1) })
    }
}
