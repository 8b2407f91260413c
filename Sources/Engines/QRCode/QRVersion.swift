// SPDX-License-Identifier: Apache-2.0

/// How much of a symbol may be damaged and still be read (ISO/IEC 18004, 6.5.1).
public enum QRCorrection: CaseIterable, Sendable {
    /// About 7 % of the codewords.
    case low
    /// About 15 % of the codewords: the usual choice for screens and paper.
    case medium

    /// The two bits that stand for the level in the format information (table 12).
    var formatBits: Int { self == .low ? 0b01 : 0b00 }
}

/// The size of a symbol, 1 to 20, with the facts that the standard's tables give for it.
struct QRVersion {
    static let all = 1...20

    let number: Int

    /// Modules on each side.
    var size: Int { 17 + 4 * number }

    /// Bits of the character count in byte mode (table 3).
    var countBits: Int { number < 10 ? 8 : 16 }

    /// Rows and columns on which alignment patterns are centred (annex E).
    var alignmentCentres: [Int] { Self.centres[number - 1] }

    /// Codewords of data and correction together (table 1).
    var codewordCount: Int { Self.codewords[number - 1] }

    /// Correction codewords in each block (table 9).
    func correctionCount(_ level: QRCorrection) -> Int {
        (level == .low ? Self.lowCorrection : Self.mediumCorrection)[number - 1]
    }

    /// Blocks into which the data is divided (table 9).
    func blockCount(_ level: QRCorrection) -> Int {
        (level == .low ? Self.lowBlocks : Self.mediumBlocks)[number - 1]
    }

    /// Codewords that are left for data.
    func dataCount(_ level: QRCorrection) -> Int {
        codewordCount - correctionCount(level) * blockCount(level)
    }

    /// Bytes of content that fit: mode and count take 12 or 20 bits.
    func capacity(_ level: QRCorrection) -> Int {
        (dataCount(level) * 8 - 4 - countBits) / 8
    }

    private static let codewords = [
        26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404, 466, 532, 581, 655, 733, 815, 901, 991, 1085,
    ]
    private static let lowCorrection = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28]
    private static let lowBlocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8]
    private static let mediumCorrection = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    ]
    private static let mediumBlocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]
    private static let centres = [
        [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
        [6, 30, 54], [6, 32, 58], [6, 34, 62], [6, 26, 46, 66], [6, 26, 48, 70], [6, 26, 50, 74], [6, 30, 54, 78],
        [6, 30, 56, 82], [6, 30, 58, 86], [6, 34, 62, 90],
    ]
}
