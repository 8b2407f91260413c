// SPDX-License-Identifier: Apache-2.0

/// What the escape sequences of a string mean. Expects text that `JSONParser` has accepted.
enum JSONText {
    /// The UTF-8 bytes that a string's content (without its quotation marks) stands for.
    static func unescape(_ bytes: [UInt8], _ content: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var at = content.lowerBound
        while at < content.upperBound {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < content.upperBound else {
                result.append(bytes[at])
                at += 1
                continue
            }
            if bytes[at + 1] == UInt8(ascii: "u") {
                at += appendUnicode(bytes, at, content.upperBound, &result)
            } else {
                result.append(meaning(of: bytes[at + 1]))
                at += 2
            }
        }
        return result
    }

    /// The UTF-16 unit of a `\uXXXX` at that place, or nil when there is none.
    static func unicodeUnit(in bytes: [UInt8], at start: Int, end: Int) -> UInt32? {
        guard start <= end - 6, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            guard let digit = Hex.value(of: byte) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func appendUnicode(_ bytes: [UInt8], _ start: Int, _ end: Int, _ result: inout [UInt8]) -> Int {
        let first = unicodeUnit(in: bytes, at: start, end: end) ?? 0xFFFD
        if 0xD800...0xDBFF ~= first, let second = unicodeUnit(in: bytes, at: start + 6, end: end),
            0xDC00...0xDFFF ~= second
        {
            append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), to: &result)
            return 12
        }
        append(first, to: &result)
        return 6
    }

    private static func append(_ scalar: UInt32, to result: inout [UInt8]) {
        let scalar = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }
}
