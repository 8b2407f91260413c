// SPDX-License-Identifier: Apache-2.0

/// Text as the search compares it: lower case, Latin letters without marks, nothing but letters and digits.
enum Folding {
    /// The words of a text, folded.
    static func words(_ text: String) -> [[UInt8]] {
        fold(text).split(separator: 0x20).map { Array($0) }
    }

    /// A whole text, with blanks for what is neither letter nor digit; apostrophes vanish, so O'Hara is ohara.
    static func fold(_ text: String) -> [UInt8] {
        var folded = ""
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2BC}" { continue }
            // Combining marks (NFD) vanish as well.
            if properties.generalCategory == .nonspacingMark { continue }
            guard properties.isAlphabetic || properties.numericType != nil else {
                folded.append(" ")
                continue
            }
            for lower in properties.lowercaseMapping.unicodeScalars {
                // The capital I with a dot becomes two scalars, the second of them a mark.
                guard lower.properties.generalCategory != .nonspacingMark else { continue }
                folded.append(bases[lower] ?? String(lower))
            }
        }
        return Array(folded.utf8)
    }

    /// The letters of Latin-1 and Latin Extended-A and -B that people's names have, by what is typed for them.
    private static let bases: [Unicode.Scalar: String] = {
        let rows: [(String, String)] = [
            ("a", "\u{E0}\u{E1}\u{E2}\u{E3}\u{E4}\u{E5}\u{101}\u{103}\u{105}\u{1CE}"), ("ae", "\u{E6}"),
            ("c", "\u{E7}\u{107}\u{109}\u{10B}\u{10D}"), ("d", "\u{F0}\u{10F}\u{111}"),
            ("e", "\u{E8}\u{E9}\u{EA}\u{EB}\u{113}\u{115}\u{117}\u{119}\u{11B}"),
            ("g", "\u{11D}\u{11F}\u{121}\u{123}"), ("h", "\u{125}\u{127}"),
            ("i", "\u{EC}\u{ED}\u{EE}\u{EF}\u{129}\u{12B}\u{12D}\u{12F}\u{131}\u{1D0}"), ("ij", "\u{133}"),
            ("j", "\u{135}"), ("k", "\u{137}\u{138}"), ("l", "\u{13A}\u{13C}\u{13E}\u{140}\u{142}"),
            ("n", "\u{F1}\u{144}\u{146}\u{148}\u{149}\u{14B}"),
            ("o", "\u{F2}\u{F3}\u{F4}\u{F5}\u{F6}\u{F8}\u{14D}\u{14F}\u{151}\u{1D2}\u{1A1}"), ("oe", "\u{153}"),
            ("r", "\u{155}\u{157}\u{159}"), ("s", "\u{15B}\u{15D}\u{15F}\u{161}\u{219}"), ("ss", "\u{DF}"),
            ("t", "\u{163}\u{165}\u{167}\u{21B}"), ("th", "\u{FE}"),
            ("u", "\u{F9}\u{FA}\u{FB}\u{FC}\u{169}\u{16B}\u{16D}\u{16F}\u{171}\u{173}\u{1D4}\u{1B0}"),
            ("w", "\u{175}"), ("y", "\u{FD}\u{FF}\u{177}"), ("z", "\u{17A}\u{17C}\u{17E}"),
        ]
        var bases: [Unicode.Scalar: String] = [:]
        for (base, letters) in rows {
            for letter in letters.unicodeScalars { bases[letter] = base }
        }
        return bases
    }()
}
