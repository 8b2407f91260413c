// SPDX-License-Identifier: Apache-2.0

/// The square of modules while it is drawn: which are dark, and which belong to the fixed patterns.
struct ModuleGrid {
    let size: Int
    private var dark: [Bool]
    private var fixed: [Bool]

    init(size: Int) {
        self.size = size
        dark = Array(repeating: false, count: size * size)
        fixed = dark
    }

    subscript(row: Int, column: Int) -> Bool { dark[row * size + column] }

    func isFixed(_ row: Int, _ column: Int) -> Bool { fixed[row * size + column] }

    mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) { dark[row * size + column] = isDark }

    /// Sets a module of a fixed pattern; what would lie outside is left out.
    mutating func fix(_ row: Int, _ column: Int, _ isDark: Bool) {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return }
        dark[row * size + column] = isDark
        fixed[row * size + column] = true
    }

    /// The rows from top to bottom, `true` for dark.
    var rows: [[Bool]] { (0..<size).map { Array(dark[$0 * size..<($0 + 1) * size]) } }
}
