// SPDX-License-Identifier: Apache-2.0

/// Base64 of RFC 4648 in its two customary forms. Decoding is strict: each byte string has exactly one text.
public enum Base64 {
    /// Which alphabet, and whether the text is filled up.
    public enum Form: Sendable {
        /// Section 4: `+` and `/`, filled up with `=`.
        case standard
        /// Section 5: `-` and `_`, never filled up, as in WebAuthn and JOSE.
        case urlSafe
    }

    /// The text of bytes.
    public static func encode(_ bytes: some Sequence<UInt8>, as form: Form = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(letter(bits >> UInt32(count) & 63, form))
            }
        }
        if count > 0 { text.append(letter(bits << UInt32(6 - count) & 63, form)) }
        while form == .standard, !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text. Nil for white space, letters of the other form, wrong or missing filling, and bits that
    /// belong to no byte but are not zero (section 3.5).
    public static func decode(_ text: String, as form: Form = .standard) -> [UInt8]? {
        guard let letters = unfilled(Array(text.utf8), form), letters.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 3 / 4)
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in letters {
            guard let value = value(of: letter, form) else { return nil }
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bits & (1 << UInt32(count) - 1) == 0 ? bytes : nil
    }

    private static func unfilled(_ letters: [UInt8], _ form: Form) -> ArraySlice<UInt8>? {
        guard form == .standard else { return letters[...] }
        guard letters.count.isMultiple(of: 4) else { return nil }
        let filling = letters.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        return letters.dropLast(filling)
    }

    private static func letter(_ value: UInt32, _ form: Form) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + (value - 26)
        case 52..<62: UInt8(ascii: "0") + (value - 52)
        case 62: form == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
        default: form == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
        }
    }

    private static func value(of letter: UInt8, _ form: Form) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+") where form == .standard, UInt8(ascii: "-") where form == .urlSafe: 62
        case UInt8(ascii: "/") where form == .standard, UInt8(ascii: "_") where form == .urlSafe: 63
        default: nil
        }
    }
}
