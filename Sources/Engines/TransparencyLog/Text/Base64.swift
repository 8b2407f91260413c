// SPDX-License-Identifier: Apache-2.0

/// Standard base 64 with padding (RFC 4648, section 4), in the one canonical spelling of each value.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let invalid: UInt8 = 0xff

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// The padded text of `bytes`.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var position = 0
        while position < bytes.count {
            let taken = min(3, bytes.count - position)
            var group: UInt32 = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < taken ? UInt32(bytes[position + offset]) : 0)
            }
            for digit in 0..<4 {
                let value = Int(group >> UInt32(18 - 6 * digit) & 63)
                text.append(digit <= taken ? alphabet[value] : padding)
            }
            position += 3
        }
        return text
    }

    /// The bytes that `text` spells, or `nil` unless it is exactly what ``encode(_:)`` would write.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = Array(text)
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).count { $0 == padding }
        if padded == 2 && text[text.count - 2] != padding { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for (position, character) in text.dropLast(padded).enumerated() {
            let value = values[Int(character)]
            if value == invalid { return nil }
            group = group << 6 | UInt32(value)
            if position % 4 == 3 {
                bytes.append(UInt8(group >> 16 & 255))
                bytes.append(UInt8(group >> 8 & 255))
                bytes.append(UInt8(group & 255))
                group = 0
            }
        }
        return finish(bytes, group: group, padded: padded)
    }

    /// Appends the last, padded group; the bits that padding leaves over must be zero.
    private static func finish(_ bytes: [UInt8], group: UInt32, padded: Int) -> [UInt8]? {
        switch padded {
        case 1 where group & 0b11 == 0: bytes + [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        case 2 where group & 0b1111 == 0: bytes + [UInt8(group >> 4 & 255)]
        case 0: bytes
        default: nil
        }
    }
}
