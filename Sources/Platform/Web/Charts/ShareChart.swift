// SPDX-License-Identifier: Apache-2.0

/// A share day by day, with the target as a broken line and the state as a band below. Days on which nothing was known are
/// hatched gaps, never zeros.
package struct ShareChart: Component {
    /// One day.
    package struct Day: Sendable {
        let share: Double?
        let state: StatusChip.State

        /// A share from 0 to 1, nil where nothing was known, and what followed from it.
        package init(_ share: Double?, _ state: StatusChip.State) {
            (self.share, self.state) = (share, state)
        }
    }

    /// The days, oldest first.
    package let days: [Day]
    /// The share that should be reached.
    package let target: Double
    /// What is shown.
    package let label: String

    /// A share day by day.
    package init(_ days: [Day], target: Double, label: String) {
        (self.days, self.target, self.label) = (days, target, label)
    }

    private static let (width, left, top, bottom) = (720, 44, 10, 120)

    /// The drawing.
    package var html: HTML {
        """
        <svg class="share-chart" role="img" viewBox="0 0 \(Self.width) 142" aria-label="\(label)">\(scale)\
        <path class="plot-limit" d="M\(Self.left) \(y(target))H\(Self.width)"/>\(gaps)\
        <path class="chart-line" d="\(line)"/>\(band)</svg>
        """
    }

    private var scale: HTML {
        let lines: [HTML] = [0, 50, 100].map { percent in
            let y = y(Double(percent) / 100)
            return """
                <path class="chart-axis" d="M\(Self.left) \(y).5H\(Self.width)"/>\
                <text class="chart-text" x="\(Self.left - 6)" y="\(y + 4)" text-anchor="end">\(percent) %</text>
                """
        }
        return "\(lines)"
    }

    private func y(_ share: Double) -> Int {
        guard share.isFinite else { return Self.bottom }
        return Self.bottom - Int((min(max(share, 0), 1) * Double(Self.bottom - Self.top)).rounded())
    }

    private func edge(_ day: Int) -> Int {
        Self.left + day * (Self.width - Self.left) / max(days.count, 1)
    }

    /// A level for each day; the same level goes on without a new point.
    private var line: String {
        var path = ""
        var level: Int?
        for (place, day) in days.enumerated() {
            guard let share = day.share else {
                level = nil
                continue
            }
            let next = y(share)
            if level == nil { path += "M\(edge(place)) \(next)" } else if level != next { path += "V\(next)" }
            path += "H\(edge(place + 1))"
            level = next
        }
        return path
    }

    private var gaps: HTML {
        var path = ""
        for run in runs where run.state == .unknown {
            for x in stride(from: edge(run.start) + 3, to: edge(run.start + run.count), by: 6) {
                path += "M\(x) \(Self.top)V\(Self.bottom)"
            }
        }
        return path.isEmpty ? "" : "<path class=\"chart-gap\" d=\"\(path)\"/>"
    }

    private var band: HTML {
        let parts: [HTML] = runs.map { run in
            let (x, width) = (edge(run.start), edge(run.start + run.count) - edge(run.start))
            guard run.state != .unknown else {
                return "<path class=\"stroke-unknown-dotted\" d=\"M\(x + 1) 134H\(x + width)\"/>"
            }
            return "<rect class=\"band \(run.state.styleClass)\" x=\"\(x)\" y=\"130\" width=\"\(width)\" height=\"8\"/>"
        }
        return "\(parts)"
    }

    private var runs: [(state: StatusChip.State, start: Int, count: Int)] {
        var runs: [(state: StatusChip.State, start: Int, count: Int)] = []
        for (place, day) in days.enumerated() {
            if let last = runs.indices.last, runs[last].state == day.state {
                runs[last].count += 1
            } else {
                runs.append((day.state, place, 1))
            }
        }
        return runs
    }
}
