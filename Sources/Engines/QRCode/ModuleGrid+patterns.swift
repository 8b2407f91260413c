// SPDX-License-Identifier: Apache-2.0

/// The patterns that do not depend on the content (ISO/IEC 18004, 6.3, 7.9 and 7.10).
extension ModuleGrid {
    /// A grid with all fixed patterns, the places of the format information reserved.
    init(version: QRVersion) {
        self.init(size: version.size)
        drawTiming()
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] {
            drawRings(row, column, radius: 4) { $0 != 2 && $0 != 4 }
        }
        drawAlignment(version.alignmentCentres)
        drawFormat(level: .medium, mask: 0)
        drawVersion(version.number)
    }

    private mutating func drawTiming() {
        for place in 0..<size {
            fix(6, place, place.isMultiple(of: 2))
            fix(place, 6, place.isMultiple(of: 2))
        }
    }

    private mutating func drawAlignment(_ centres: [Int]) {
        guard let first = centres.first, let last = centres.last else { return }
        for row in centres {
            for column in centres {
                // Three corners belong to the finder patterns.
                let isCorner = (row == first && (column == first || column == last)) || (row == last && column == first)
                if !isCorner { drawRings(row, column, radius: 2) { $0 != 1 } }
            }
        }
    }

    private mutating func drawRings(_ row: Int, _ column: Int, radius: Int, isDark: (Int) -> Bool) {
        for down in -radius...radius {
            for right in -radius...radius { fix(row + down, column + right, isDark(max(abs(down), abs(right)))) }
        }
    }

    /// Correction level and mask, protected by a BCH code, written twice beside the finder patterns (7.9.1).
    mutating func drawFormat(level: QRCorrection, mask: Int) {
        let data = level.formatBits << 3 | mask
        let bits = (data << 10 | remainder(of: data << 10, by: 0x537)) ^ 0x5412
        for bit in 0..<15 {
            let isDark = bits >> bit & 1 == 1
            let (row, column) = Self.formatPlace(bit)
            fix(row, column, isDark)
            if bit < 8 { fix(8, size - 1 - bit, isDark) } else { fix(size - 15 + bit, 8, isDark) }
        }
        fix(size - 8, 8, true)
    }

    /// Where a bit stands around the upper left finder pattern, stepping over the timing patterns.
    private static func formatPlace(_ bit: Int) -> (row: Int, column: Int) {
        switch bit {
        case 0..<6: (bit, 8)
        case 6: (7, 8)
        case 7: (8, 8)
        case 8: (8, 7)
        default: (8, 14 - bit)
        }
    }

    /// The version from 7 on, protected by a Golay code, written twice (7.10).
    private mutating func drawVersion(_ number: Int) {
        guard number >= 7 else { return }
        let bits = number << 12 | remainder(of: number << 12, by: 0x1F25)
        for bit in 0..<18 {
            let isDark = bits >> bit & 1 == 1
            fix(bit / 3, size - 11 + bit % 3, isDark)
            fix(size - 11 + bit % 3, bit / 3, isDark)
        }
    }

    /// The remainder of polynomials over GF(2).
    private func remainder(of value: Int, by divisor: Int) -> Int {
        let degree = Int.bitWidth - 1 - divisor.leadingZeroBitCount
        var value = value
        for bit in (degree..<18).reversed() where value >> bit & 1 == 1 { value ^= divisor << (bit - degree) }
        return value
    }
}
