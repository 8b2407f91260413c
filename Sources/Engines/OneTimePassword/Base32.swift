// SPDX-License-Identifier: Apache-2.0

/// Base32 with the alphabet of RFC 4648, section 6: upper-case A–Z and 2–7.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The text for `bytes`, without padding unless asked: authenticator applications want none.
    public static func encode(_ bytes: [UInt8], padded: Bool = false) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 4) / 5 * 8)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits)) & 31]) }
        if padded { while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: "=")) } }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` stands for. Padding may be complete or absent; every text but the one that `encode` gives
    /// is refused: lower case, spaces, a length that cannot be, bits left over that are not zero.
    /// - Throws: `OneTimePasswordError.base32`.
    public static func decode(_ text: String) throws(OneTimePasswordError) -> [UInt8] {
        let digits = try withoutPadding(Array(text.utf8))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 5 / 8)
        var buffer: UInt32 = 0
        var bits = 0
        for (offset, digit) in digits.enumerated() {
            guard let value = value(of: digit) else { throw .base32(offset: offset) }
            buffer = (buffer << 5 | value) & 0xFFF
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
        }
        guard bits < 5, buffer & ((1 << UInt32(bits)) - 1) == 0 else { throw .base32(offset: digits.count - 1) }
        return bytes
    }

    private static func withoutPadding(_ text: [UInt8]) throws(OneTimePasswordError) -> ArraySlice<UInt8> {
        guard let first = text.firstIndex(of: UInt8(ascii: "=")) else { return text[...] }
        let isComplete = text.count.isMultiple(of: 8) && text.count - first < 8 && first > 0
        guard isComplete, text[first...].allSatisfy({ $0 == UInt8(ascii: "=") }) else { throw .base32(offset: first) }
        return text[..<first]
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt32(digit - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}
