// SPDX-License-Identifier: Apache-2.0

import QRCode
import Testing

/// The parts of a symbol that a reader finds before it reads.
@Suite struct StructureTests {
    private static let finder = [
        "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111",
    ].map { $0.map { $0 == "1" } }

    @Test(arguments: QRCorrection.allCases)
    func everyVersionHasItsFindersTimingAndDarkModule(level: QRCorrection) throws {
        for symbol in try symbolOfEveryVersion(level) {
            let size = symbol.size
            #expect(size == 17 + 4 * symbol.version && symbol.rows.allSatisfy { $0.count == size })
            for (row, column) in [(0, 0), (0, size - 7), (size - 7, 0)] {
                let corner = symbol.rows[row..<row + 7].map { Array($0[column..<column + 7]) }
                #expect(corner == Self.finder)
            }
            for place in 0..<8 {
                #expect(!symbol.rows[7][place] && !symbol.rows[place][7], "separators are light")
            }
            for place in 8..<size - 8 {
                #expect(symbol.rows[6][place] == place.isMultiple(of: 2))
                #expect(symbol.rows[place][6] == place.isMultiple(of: 2))
            }
            #expect(symbol.rows[size - 8][8])
        }
    }

    /// ISO/IEC 18004, table C.1: the fifteen bits after masking, by the five data bits.
    @Test(arguments: QRCorrection.allCases)
    func theFormatBitsAreThoseOfTheTable(level: QRCorrection) throws {
        let low = [0x77C4, 0x72F3, 0x7DAA, 0x789D, 0x662F, 0x6318, 0x6C41, 0x6976]
        let medium = [0x5412, 0x5125, 0x5E7C, 0x5B4B, 0x45F9, 0x40CE, 0x4F97, 0x4AA0]
        for symbol in try symbolOfEveryVersion(level) {
            let rows = symbol.rows
            let end = symbol.size - 1
            let beside = [0, 1, 2, 3, 4, 5, 7].map { rows[8][$0] } + [rows[8][8], rows[7][8]]
            let first = beside + (0...5).reversed().map { rows[$0][8] }
            let second = (0..<7).map { rows[end - $0][8] } + (0..<8).map { rows[8][end - 7 + $0] }
            let expected = (level == .low ? low : medium)[symbol.mask]
            #expect(number(first) == expected)
            #expect(number(second) == expected)
        }
    }

    /// ISO/IEC 18004, table D.1.
    @Test func theVersionBitsAreThoseOfTheTable() throws {
        let table = [
            7: 0x07C94, 8: 0x085BC, 9: 0x09A99, 10: 0x0A4D3, 11: 0x0BBF6, 12: 0x0C762, 13: 0x0D847, 14: 0x0E60D,
            15: 0x0F928, 16: 0x10B78, 17: 0x1145D, 18: 0x12A17, 19: 0x13532, 20: 0x149A6,
        ]
        for symbol in try symbolOfEveryVersion(.medium) where symbol.version >= 7 {
            let places = (0..<18).reversed()
            let right = places.map { symbol.rows[$0 / 3][symbol.size - 11 + $0 % 3] }
            let below = places.map { symbol.rows[symbol.size - 11 + $0 % 3][$0 / 3] }
            #expect(number(right) == table[symbol.version])
            #expect(number(below) == table[symbol.version])
        }
    }

    @Test(arguments: QRCorrection.allCases)
    func theSmallestVersionIsTaken(level: QRCorrection) throws {
        let capacities = capacities(level)
        for (number, capacity) in capacities.enumerated() {
            let full = [UInt8](repeating: 65, count: capacity)
            #expect(try QRSymbol(encoding: full, correction: level).version == number + 1)
            guard number < 19 else { continue }
            #expect(try QRSymbol(encoding: full + [65], correction: level).version == number + 2)
        }
        #expect(throws: QRCodeError.contentTooLong(limit: capacities[19])) {
            try QRSymbol(encoding: [UInt8](repeating: 65, count: capacities[19] + 1), correction: level)
        }
    }

    @Test func anEmptyTextIsASymbolToo() throws {
        #expect(try QRSymbol(encoding: "").version == 1)
    }

    private func number(_ bits: [Bool]) -> Int { bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) } }
}
