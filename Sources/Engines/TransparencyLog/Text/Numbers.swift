// SPDX-License-Identifier: Apache-2.0

/// ASCII decimal numbers without sign and without leading zeroes, as all C2SP log formats spell them.
enum Decimal {
    /// The number that `digits` spells, or `nil` when it is not canonical or does not fit 64 bits.
    static func parse(_ digits: some Collection<UInt8>) -> UInt64? {
        guard let first = digits.first, digits.count <= 20 else { return nil }
        if first == UInt8(ascii: "0") { return digits.count == 1 ? 0 : nil }
        return parsePadded(digits)
    }

    /// Like ``parse(_:)``, but leading zeroes are welcome.
    static func parsePadded(_ digits: some Collection<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}

/// Fixed-length lowercase base 16, as verifier keys spell key IDs.
enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Eight digits, most significant first.
    static func encode(_ value: UInt32) -> [UInt8] {
        stride(from: 28, through: 0, by: -4).map { digits[Int(value >> UInt32($0) & 15)] }
    }

    /// The value of exactly eight lowercase digits, otherwise `nil`.
    static func decode(_ text: some Collection<UInt8>) -> UInt32? {
        guard text.count == 8 else { return nil }
        var value: UInt32 = 0
        for character in text {
            guard let digit = digits.firstIndex(of: character) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

/// Big-endian 64-bit numbers.
enum BigEndian {
    /// Eight bytes, most significant first.
    static func bytes(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }

    /// The number that up to eight bytes spell.
    static func value(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
