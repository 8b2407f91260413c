// SPDX-License-Identifier: Apache-2.0

/// Laying the codewords into the grid, and the eight masks over them (ISO/IEC 18004, 7.7.3 and 7.8.2).
extension ModuleGrid {
    /// Fills the free modules in columns of two, from the lower right corner, upwards and downwards in turn. Modules
    /// that are left over stay light.
    mutating func draw(_ codewords: [UInt8]) {
        var bit = 0
        var upwards = true
        // Column 6 is the timing pattern, so the pairs to its left begin at 5.
        for right in Array(stride(from: size - 1, to: 6, by: -2)) + [5, 3, 1] {
            for step in 0..<size {
                let row = upwards ? size - 1 - step : step
                for column in [right, right - 1] where !isFixed(row, column) && bit < codewords.count * 8 {
                    set(row, column, codewords[bit / 8] >> UInt8(7 - bit % 8) & 1 == 1)
                    bit += 1
                }
            }
            upwards.toggle()
        }
    }

    /// The grid with a mask over its content and the format information that says so.
    func masked(_ mask: Int, level: QRCorrection) -> ModuleGrid {
        var grid = self
        for row in 0..<size {
            for column in 0..<size where !isFixed(row, column) && Self.inverts(mask, row, column) {
                grid.set(row, column, !self[row, column])
            }
        }
        grid.drawFormat(level: level, mask: mask)
        return grid
    }

    /// Table 10.
    private static func inverts(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }
}
