// SPDX-License-Identifier: Apache-2.0

/// How many columns of a terminal a text takes: wide letters take two, marks none, and what is drawn as one sign
/// counts as one (Unicode Standard Annex 11, "East Asian Width", and Technical Standard 51, "Emoji").
struct TextWidth {
    private var columns = 0
    private var last: Unicode.Scalar?
    /// The columns of the sign that the last scalar belongs to, when more may join it.
    private var sign = 0
    private var isJoined = false

    static func columns(of utf8: [UInt8]) -> Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        var width = TextWidth()
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars { width.add(scalar) }
        return width.columns
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        guard !scalar.properties.isGraphemeExtend, scalar != "\u{200D}" else { return extend(scalar) }
        let width = joins(scalar) ? 0 : Self.columns(of: scalar)
        columns += width
        sign = width == 0 ? sign : width
        isJoined = false
        last = scalar
    }

    /// A mark on the last scalar: most change nothing.
    private mutating func extend(_ scalar: Unicode.Scalar) {
        if scalar == "\u{FE0F}", sign == 1, last?.properties.isEmoji == true {
            columns += 1
            sign = 2
        }
        isJoined = scalar == "\u{200D}" && sign == 2 && last?.properties.isEmoji == true
    }

    /// Whether a scalar is drawn as a part of the sign before it.
    private func joins(_ scalar: Unicode.Scalar) -> Bool {
        guard let last else { return false }
        if isJoined { return scalar.properties.isEmoji }
        if scalar.properties.isEmojiModifier { return last.properties.isEmojiModifierBase && sign == 2 }
        return last == "\u{644}" && ["\u{622}", "\u{623}", "\u{625}", "\u{627}"].contains(scalar)
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        let isIgnored = scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{115F}"
        if isIgnored || contains(none, scalar.value) { return 0 }
        return contains(wide, scalar.value) ? 2 : 1
    }

    private static func contains(_ ranges: [ClosedRange<UInt32>], _ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = low + (high - low) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar)
    }

    /// Letters and signs that are drawn on or into those beside them, in the order of their numbers.
    private static let none: [ClosedRange<UInt32>] = [
        0x0605...0x0605, 0x070F...0x070F, 0x0890...0x0891, 0x08E2...0x08E2, 0x0D4E...0x0D4E, 0x1160...0x11FF,
        0xA8FA...0xA8FA, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB, 0x111C2...0x111C3, 0x113D1...0x113D1, 0x1193F...0x1193F,
        0x11941...0x11941, 0x11A84...0x11A89, 0x11D46...0x11D46, 0x11F02...0x11F02,
    ]

    /// The scalars of width W and F, in the order of their numbers.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x17A4...0x17A4, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
        0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2630...0x2637, 0x2648...0x2653, 0x267F...0x267F,
        0x268A...0x268F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
        0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA,
        0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E,
        0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C,
        0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x2FF0...0x303E,
        0x3041...0x3096, 0x3099...0x30FF, 0x3105...0x312F, 0x3131...0x318E, 0x3190...0x31E5, 0x31EF...0x321E,
        0x3220...0x3247, 0x3250...0x4DBF, 0x4E00...0xA48C, 0xA490...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE52, 0xFE54...0xFE66, 0xFE68...0xFE6B, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x16FE4, 0x16FF0...0x16FF6, 0x17000...0x18CD5, 0x18CFF...0x18D1E,
        0x18D80...0x18DF2, 0x1AFF0...0x1AFF3, 0x1AFF5...0x1AFFB, 0x1AFFD...0x1AFFE, 0x1B000...0x1B122,
        0x1B132...0x1B132, 0x1B150...0x1B152, 0x1B155...0x1B155, 0x1B164...0x1B167, 0x1B170...0x1B2FB,
        0x1D300...0x1D356, 0x1D360...0x1D376, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E,
        0x1F191...0x1F19A, 0x1F200...0x1F202, 0x1F210...0x1F23B, 0x1F240...0x1F248, 0x1F250...0x1F251,
        0x1F260...0x1F265, 0x1F300...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393,
        0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
        0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567,
        0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5,
        0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D8, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC,
        0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945,
        0x1F947...0x1F9FF, 0x1FA70...0x1FA7C, 0x1FA80...0x1FA8A, 0x1FA8E...0x1FAC6, 0x1FAC8...0x1FAC8,
        0x1FACD...0x1FADC, 0x1FADF...0x1FAEA, 0x1FAEF...0x1FAF8, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}
