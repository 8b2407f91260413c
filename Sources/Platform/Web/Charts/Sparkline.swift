// SPDX-License-Identifier: Apache-2.0

/// A figure over time in the height of a line of text. Moments without a figure are gaps, never zeros.
package struct Sparkline: Component {
    /// The figures, oldest first, at equal distances; nil where nothing was measured.
    package let values: [Int?]
    /// What is shown, with its unit, e.g. `Sign-ins a day`.
    package let label: String

    /// A figure over time.
    package init(_ values: [Int?], label: String) {
        self.values = values
        self.label = label
    }

    private static let width = 120.0
    private static let height = 28.0

    /// The chart; it ends with a dot on the newest figure.
    package var html: HTML {
        """
        <svg class="sparkline" role="img" viewBox="0 0 120 28" width="120" height="28">\
        <title>\(label)</title><desc>\(description)</desc>\
        <path class="chart-axis" d="M0 27.5H120"/><path class="chart-line" d="\(path)"/>\(dot)</svg>
        """
    }

    private var path: String {
        var path = ""
        var isOpen = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isOpen = false
                continue
            }
            path += "\(isOpen ? "L" : "M")\(point(index, value))"
            // A figure between two gaps is a dot: a line of no length with round ends.
            if !isOpen && !hasNeighbour(after: index) { path += "h0" }
            isOpen = true
        }
        return path
    }

    private func hasNeighbour(after index: Int) -> Bool {
        index + 1 < values.count && values[index + 1] != nil
    }

    private var dot: HTML? {
        guard let index = values.indices.last, let value = values[index] else { return nil }
        let (x, y) = position(index, value)
        return "<circle class=\"chart-dot\" cx=\"\(decimal(x))\" cy=\"\(decimal(y))\" r=\"2.5\"/>"
    }

    private func point(_ index: Int, _ value: Int) -> String {
        let (x, y) = position(index, value)
        return "\(decimal(x)) \(decimal(y))"
    }

    private func position(_ index: Int, _ value: Int) -> (x: Double, y: Double) {
        let known = values.compactMap { $0 }.map(Double.init)
        let low = known.min() ?? 0
        let range = (known.max() ?? 0) - low
        let step = (Self.width - 8) / Double(max(values.count - 1, 1))
        let level = range > 0 ? (Double(value) - low) / range : 0.5
        return (4 + Double(index) * step, 4 + (1 - level) * (Self.height - 8))
    }

    private var description: String {
        let known = values.compactMap { $0 }
        guard let low = known.min(), let high = known.max() else { return "Nothing was measured." }
        let newest = values.last.flatMap { $0 }.map { "newest \(grouped($0))" } ?? "newest not measured"
        let gaps = values.count - known.count
        let missing = gaps == 0 ? "" : ", \(gaps) of \(values.count) not measured"
        return "\(newest), lowest \(grouped(low)), highest \(grouped(high))\(missing)"
    }
}

/// A coordinate with one decimal; all coordinates are small and finite.
private func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
}
