// SPDX-License-Identifier: Apache-2.0

/// How hard a masked grid is to read: the four features of ISO/IEC 18004, 7.8.3.1, each with its points.
enum Penalty {
    static func points(of grid: ModuleGrid) -> Int {
        let rows = grid.rows
        let columns = (0..<grid.size).map { column in rows.map { $0[column] } }
        let lines = (rows + columns).reduce(0) { $0 + runs(in: $1) + finderLikes(in: $1) }
        return lines + squares(in: rows) + imbalance(in: rows)
    }

    /// Five or more of one colour in a line: 3 points and one for each further module.
    private static func runs(in line: [Bool]) -> Int {
        var points = 0
        var length = 0
        for place in line.indices {
            length = place > 0 && line[place] == line[place - 1] ? length + 1 : 1
            if length == 5 { points += 3 } else if length > 5 { points += 1 }
        }
        return points
    }

    /// What looks like a finder pattern, dark-light 1:1:3:1:1 with four light modules on one side: 40 points.
    private static func finderLikes(in line: [Bool]) -> Int {
        var points = 0
        var window = 0
        // The quiet zone around the symbol is light and counts.
        let light = Array(repeating: false, count: 4)
        for (place, isDark) in (light + line + light).enumerated() {
            window = (window << 1 | (isDark ? 1 : 0)) & 0x7FF
            if place >= 10, window == 0b000_0101_1101 || window == 0b101_1101_0000 { points += 40 }
        }
        return points
    }

    /// Every square of two by two in one colour: 3 points.
    private static func squares(in rows: [[Bool]]) -> Int {
        var points = 0
        for (upper, lower) in zip(rows, rows.dropFirst()) {
            for column in upper.indices.dropFirst() {
                let colour = upper[column]
                if upper[column - 1] == colour, lower[column] == colour, lower[column - 1] == colour { points += 3 }
            }
        }
        return points
    }

    /// 10 points for every full 5 % by which the dark modules miss one half.
    private static func imbalance(in rows: [[Bool]]) -> Int {
        let dark = rows.reduce(0) { $0 + $1.count(where: { $0 }) }
        let total = rows.count * rows.count
        return abs(dark * 20 - total * 10) / total * 10
    }
}
