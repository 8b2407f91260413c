// SPDX-License-Identifier: Apache-2.0

/// Figures over a stretch of time, each a dot at its moment; those that failed are crosses at the bottom. The table beside
/// the chart holds the same figures: the drawing is for the eye.
package struct TimePlot: Component {
    /// One figure.
    package struct Dot: Sendable {
        let place: Double
        let value: Double?

        /// A figure at a place from 0, the beginning of the time that is shown, to 1; nil where there was none.
        package init(at place: Double, _ value: Double?) {
            self.place = place
            self.value = value
        }
    }

    /// What is shown, with its unit.
    package let label: String
    /// The figures, oldest first.
    package let dots: [Dot]
    /// The line that should not be crossed, in the unit of the figures; nil for none.
    package let limit: (value: Double, text: String)?
    /// What the highest figure is called.
    package let top: String
    /// What stands under the left and the right end.
    package let ends: (left: HTML, right: HTML)
    /// Whether a line leads from one to the next: only where all are figures of the same thing.
    package let isJoined: Bool

    /// Figures over a stretch of time.
    package init(
        _ label: String, _ dots: [Dot], limit: (value: Double, text: String)? = nil, top: String,
        ends: (left: HTML, right: HTML), isJoined: Bool = true
    ) {
        (self.label, self.dots, self.limit, self.top, self.ends) = (label, dots, limit, top, ends)
        self.isJoined = isJoined
    }

    private static let width = 720.0
    private static let height = 140.0

    /// The chart.
    package var html: HTML {
        """
        <figure class="time-plot"><figcaption>\(label)</figcaption>\
        <div class="plot-top" aria-hidden="true">\(top)</div>\
        <svg role="img" viewBox="0 0 720 140" aria-label="\(label)">\
        <path class="chart-axis" d="M0 139.5H720M0 0.5H720"/>\(limitLine)\
        <path class="chart-line" d="\(line)"/>\(marks)</svg>\
        <div class="plot-ends" aria-hidden="true"><span>\(ends.left)</span><span>\(ends.right)</span></div></figure>
        """
    }

    private var highest: Double {
        max(dots.compactMap(\.value).max() ?? 0, limit?.value ?? 0)
    }

    private func x(_ dot: Dot) -> Int { Int(6 + min(max(dot.place, 0), 1) * (Self.width - 12)) }

    private func y(_ value: Double) -> Int {
        let share = highest > 0 ? min(max(value / highest, 0), 1) : 0
        return Int((1 - share) * (Self.height - 20)) + 8
    }

    private var line: String {
        guard isJoined else { return "" }
        var isOpen = false
        return dots.map { dot in
            guard let value = dot.value else {
                isOpen = false
                return ""
            }
            defer { isOpen = true }
            return "\(isOpen ? "L" : "M")\(x(dot)) \(y(value))"
        }.joined()
    }

    private var marks: [HTML] {
        dots.map { dot in
            guard let value = dot.value else {
                let x = x(dot)
                return "<path class=\"plot-failure\" d=\"M\(x - 5) 125l10 10m0 -10l-10 10\"/>"
            }
            return "<circle class=\"chart-dot\" cx=\"\(x(dot))\" cy=\"\(y(value))\" r=\"4\"/>"
        }
    }

    private var limitLine: HTML? {
        limit.map { "<path class=\"plot-limit\" d=\"M0 \(y($0.value))H720\"><title>\($0.text)</title></path>" }
    }
}
