// SPDX-License-Identifier: Apache-2.0

/// Well-formed UTF-8 byte sequences (Unicode, table 3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
package enum UTF8Sequence {
    /// How many bytes the character at that place takes; 0 when they are no UTF-8
    /// or reach past the end.
    package static func length(in bytes: [UInt8], at start: Int, end: Int) -> Int {
        let first = bytes[start]
        if first < 0x80 { return 1 }
        let (length, second) = shape(first)
        guard length > 0, start <= end - length, second.contains(bytes[start + 1]) else { return 0 }
        for index in start + 2..<max(start + 2, start + length) where bytes[index] & 0xC0 != 0x80 {
            return 0
        }
        return length
    }

    /// The length that a first byte announces, and what its second byte may be.
    private static func shape(_ first: UInt8) -> (Int, ClosedRange<UInt8>) {
        switch first {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: (0, 0...0)
        }
    }
}
