// SPDX-License-Identifier: Apache-2.0

/// How many of a few things were in which state, step by step: stacked columns. What is met stands at the bottom, what
/// nobody measured is an empty frame on top, so the green part can be read without its colour.
package struct StateColumns: Component {
    /// The counts of each step, oldest first.
    package let steps: [[StatusChip.State: Int]]
    /// What is shown.
    package let label: String

    /// Stacked columns.
    package init(_ steps: [[StatusChip.State: Int]], label: String) {
        (self.steps, self.label) = (steps, label)
    }

    private static let (width, height, left) = (720, 150, 24)
    /// From the bottom of a column to its top.
    private static let order: [StatusChip.State] = [.met, .partial, .notMet, .unknown]

    /// What the columns mean.
    package static let legend: [(mark: HTML, words: String)] = [
        (ChartFigure.key(.met), "Met"), (ChartFigure.key(.partial), "Partly met"),
        (ChartFigure.key(.notMet), "Not met"),
        (ChartFigure.key(.unknown), "Not measured"),
    ]

    private var total: Int { max(steps.map { $0.values.reduce(0, +) }.max() ?? 0, 1) }

    /// The drawing.
    package var html: HTML {
        """
        <svg class="state-columns" role="img" viewBox="0 0 \(Self.width) \(Self.height)" aria-label="\(label)">\
        \(scale)\(Self.order.map(layer))</svg>
        """
    }

    private var scale: HTML {
        let lines: [HTML] = [0, total / 2, total].map { count in
            let y = y(count)
            return """
                <path class="chart-axis" d="M\(Self.left) \(y).5H\(Self.width)"/>\
                <text class="chart-text" x="\(Self.left - 6)" y="\(y + 4)" text-anchor="end">\(count)</text>
                """
        }
        return "\(lines)"
    }

    private func y(_ count: Int) -> Int { (Self.height - 10) - count * (Self.height - 20) / total }

    /// All rectangles of one state as one path.
    private func layer(_ state: StatusChip.State) -> HTML {
        let below = Self.order.prefix { $0 != state }
        var path = ""
        for (place, counts) in steps.enumerated() {
            guard let count = counts[state], count > 0 else { continue }
            let start = below.reduce(0) { $0 + (counts[$1] ?? 0) }
            let (x, end) = (edge(place), edge(place + 1) - (steps.count > 120 ? 0 : 2))
            path += "M\(x) \(y(start))H\(end)V\(y(start + count) + 1)H\(x)Z"
        }
        return path.isEmpty ? "" : "<path class=\"column \(state.styleClass)\" d=\"\(path)\"/>"
    }

    private func edge(_ place: Int) -> Int {
        Self.left + place * (Self.width - Self.left) / max(steps.count, 1)
    }
}
