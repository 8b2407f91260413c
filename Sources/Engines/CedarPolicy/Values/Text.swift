// SPDX-License-Identifier: Apache-2.0

/// A string of the language: UTF-8 that is compared byte by byte (Cedar language reference, "String").
///
/// Swift's `String` compares by canonical equivalence, which would let two different names mean the same person.
public struct Text: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The bytes. INVARIANT: valid UTF-8.
    public let utf8: [UInt8]

    /// The bytes of a string, unchanged.
    public init(_ string: String) {
        utf8 = Array(string.utf8)
    }

    /// A literal of the program.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// Bytes that were seen to be UTF-8.
    init(valid utf8: [UInt8]) {
        self.utf8 = utf8
    }

    /// The same text to show or to pass on; never compare these.
    public var string: String {
        String(decoding: utf8, as: UTF8.self)
    }
}

extension Text: Comparable, CustomStringConvertible {
    /// By bytes, which for UTF-8 is the order of the scalars.
    public static func < (left: Text, right: Text) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// The text itself.
    public var description: String {
        string
    }
}
