// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Prints figures in columns: the first one to the left, the others to the right.
package struct Report {
    private var rows: [[String]]

    /// A table with these headings.
    package init(_ headings: [String]) {
        rows = [headings]
    }

    /// Adds a row.
    package mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// Prints what was added.
    package func show() {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = row.enumerated().map { column, text in
                let blanks = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + blanks : blanks + text
            }
            say(cells.joined(separator: "  "))
        }
        say()
    }
}

/// Writes a line at once, so that it is seen although the output goes to a file.
package func say(_ line: String = "") {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// A number in the way of the tables: `12,345`, `1.23`, `0.0456`.
package func figure(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value >= 1_000 ? 0 : value >= 100 ? 1 : value >= 1 ? 2 : 3
    return value.formatted(
        .number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US")).grouping(.automatic))
}

/// What a target says of a figure.
package enum Target {
    /// The figure should be at least this.
    case atLeast(Double)
    /// The figure should be at most this.
    case atMost(Double)

    /// `≥ 0.6: met`, or `≥ 0.6: MISSED`.
    package func verdict(_ value: Double) -> String {
        switch self {
        case .atLeast(let bound): "≥ \(figure(bound)): \(value >= bound ? "met" : "MISSED")"
        case .atMost(let bound): "≤ \(figure(bound)): \(value <= bound ? "met" : "MISSED")"
        }
    }
}
