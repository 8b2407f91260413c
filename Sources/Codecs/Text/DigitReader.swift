// SPDX-License-Identifier: Apache-2.0

/// Takes ASCII digits and separators from the front of a text.
package struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var isAtEnd: Bool {
        position == bytes.count
    }

    /// Exactly so many digits as a number.
    package mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[position..<position + digits] {
            guard let digit = Self.digit(byte) else { return nil }
            number = number * 10 + digit
        }
        position += digits
        return number
    }

    /// All digits up to something else.
    package mutating func digits() -> [Int] {
        var result: [Int] = []
        while position < bytes.count, let digit = Self.digit(bytes[position]) {
            result.append(digit)
            position += 1
        }
        return result
    }

    package mutating func take(_ separator: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: separator) else { return false }
        position += 1
        return true
    }

    /// An upper-case letter or its lower-case twin (RFC 3339 section 5.6 allows both).
    package mutating func takeLetter(_ letter: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] & 0xDF == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    private static func digit(_ byte: UInt8) -> Int? {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
