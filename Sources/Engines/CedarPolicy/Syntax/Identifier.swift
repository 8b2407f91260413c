// SPDX-License-Identifier: Apache-2.0

/// What may be an identifier (Cedar language reference, "IDENT" and "RESERVED" in the grammar).
enum Identifier {
    static func starts(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    static func continues(_ byte: UInt8) -> Bool {
        starts(byte) || isDigit(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// Words that name nothing, because they are operators, literals or the language's own.
    private static let reserved: Set<[UInt8]> = Set(
        ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"].map { Array($0.utf8) })

    static func isReserved(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count <= 7 && reserved.contains(Array(bytes))
    }

    /// Whether these bytes are an identifier, reserved or not, as the names of annotations are.
    static func isWord(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        return starts(first) && bytes.allSatisfy(continues)
    }

    /// Whether these bytes are an identifier that is not reserved.
    static func isUsable(_ bytes: ArraySlice<UInt8>) -> Bool {
        isWord(bytes) && !isReserved(bytes)
    }
}
