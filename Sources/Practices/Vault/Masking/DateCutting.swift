// SPDX-License-Identifier: Apache-2.0

/// Makes dates and times their years, within any text.
enum DateCutting {
    /// The text with each `2021-04`, `2021-04-03` and `2021-04-03T08:03:00+02:00` cut to `2021`; nil when it has none.
    ///
    /// A month without a day is only a date when it is the whole text: within others it may be a number of anything.
    static func cut(_ text: [UInt8]) -> [UInt8]? {
        if text.count == 7, isMonth(text[...]) { return Array(text.prefix(4)) }
        var result: [UInt8] = []
        var isCut = false
        var at = 0
        while at < text.count {
            let length = dateLength(text, at)
            guard length > 0 else {
                result.append(text[at])
                at += 1
                continue
            }
            result += text[at..<at + 4]
            at += length
            isCut = true
        }
        return isCut ? result : nil
    }

    /// How long the date is that begins here, with the time that follows it; 0 where none begins.
    private static func dateLength(_ text: [UInt8], _ start: Int) -> Int {
        let rest = text[start...]
        guard rest.count >= 10, start == 0 || !continues(text[start - 1]), isMonth(rest.prefix(7)),
            rest[start + 7] == hyphen, isDigit(rest[start + 8]), isDigit(rest[start + 9])
        else { return 0 }
        var end = start + 10
        guard end < text.count else { return 10 }
        if text[end] == UInt8(ascii: "T") || text[end] == UInt8(ascii: "t") {
            // Digits, colons, a point, and the offset with its sign or the letter Z.
            end += 1
            while end < text.count, isTime(text[end]) { end += 1 }
            return end - start
        }
        return continues(text[end]) ? 0 : 10
    }

    private static func isMonth(_ text: ArraySlice<UInt8>) -> Bool {
        let at = text.startIndex
        return text.count == 7 && text.prefix(4).allSatisfy(isDigit) && text[at + 4] == hyphen
            && isDigit(text[at + 5]) && isDigit(text[at + 6])
    }

    /// Whether a byte makes what stands beside it part of something longer than a date.
    private static func continues(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == hyphen || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isTime(_ byte: UInt8) -> Bool {
        isDigit(byte)
            || [hyphen, UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "Z")].contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    private static let hyphen = UInt8(ascii: "-")
}
