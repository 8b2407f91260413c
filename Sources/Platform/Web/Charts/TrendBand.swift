// SPDX-License-Identifier: Apache-2.0

/// A state day by day. The height of the line tells the state, the colour repeats it: high is met, middle is partly
/// met, low is not met; a thin dotted line at the bottom is not measured.
package struct TrendBand: Component {
    /// The steps of time, oldest first.
    package let days: [StatusChip.State]
    /// What is shown, e.g. `Patching, last 30 days`.
    package let label: String

    /// A state day by day.
    package init(_ days: [StatusChip.State], label: String) {
        self.days = days
        self.label = label
    }

    /// The chart, as wide however many steps there are.
    package var html: HTML {
        let width = max(days.count, 1) * 4
        return """
            <svg class="trend-band" role="img" viewBox="0 0 \(width) 24" width="120" height="24" \
            preserveAspectRatio="none">\
            <title>\(label)</title><desc>\(description)</desc>\
            <path class="chart-axis" d="M0 23.5H\(width)"/>\(Self.runs(of: days).map(draw))</svg>
            """
    }

    private struct Run {
        var state: StatusChip.State
        var start: Int
        var count: Int
    }

    private static func runs(of days: [StatusChip.State]) -> [Run] {
        var runs: [Run] = []
        for (index, state) in days.enumerated() {
            if let last = runs.indices.last, runs[last].state == state {
                runs[last].count += 1
            } else {
                runs.append(Run(state: state, start: index, count: 1))
            }
        }
        return runs
    }

    private func draw(_ run: Run) -> HTML {
        let x = run.start * 4
        let width = run.count * 4
        switch run.state {
        case .met: return "<rect class=\"fill-met\" x=\"\(x)\" y=\"2\" width=\"\(width)\" height=\"5\"/>"
        case .partial: return "<rect class=\"fill-partial\" x=\"\(x)\" y=\"9\" width=\"\(width)\" height=\"5\"/>"
        case .notMet: return "<rect class=\"fill-not-met\" x=\"\(x)\" y=\"16\" width=\"\(width)\" height=\"6\"/>"
        case .unknown: return "<path class=\"stroke-unknown-dotted\" d=\"M\(x + 1) 21H\(x + width)\"/>"
        }
    }

    private var description: String {
        let parts = StatusChip.State.allCases.compactMap { state -> String? in
            let count = days.count(where: { $0 == state })
            return count == 0 ? nil : "\(state.word.lowercased()): \(count)"
        }
        let latest = days.last.map { "; now: \($0.word.lowercased())" } ?? ""
        return "How often in each state: " + parts.joined(separator: ", ") + latest
    }
}
