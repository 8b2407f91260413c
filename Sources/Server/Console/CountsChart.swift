// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture
import Web

/// How many practices were in which state, over time, with the same as a table.
struct CountsChart: Component {
    let trend: PostureTrend
    let window: TrendWindow
    let time: LocalTime

    var html: HTML {
        let steps = steps
        let label = "Practices by state, \(window.words.lowercased())"
        return ChartFigure(
            label, legend: StateColumns.legend,
            drawing: StateColumns(steps.map(Self.chips), label: label).html,
            ends: ("\(trend.ends.first.map(time.day) ?? "")", "today"), table: table(steps)
        ).html
    }

    /// The counts on the last day of each step.
    private var steps: [[PostureState: Int]] {
        let counts = trend.counts
        return lastDays.map { counts[$0] }
    }

    private var lastDays: [Int] {
        stride(from: 0, to: trend.ends.count, by: window.daysInStep).map {
            min($0 + window.daysInStep, trend.ends.count) - 1
        }
    }

    private static func chips(_ counts: [PostureState: Int]) -> [StatusChip.State: Int] {
        Dictionary(uniqueKeysWithValues: counts.map { (Words.chip($0.key), $0.value) })
    }

    private func table(_ steps: [[PostureState: Int]]) -> DataTable {
        let rows: [[HTML]] = zip(lastDays, steps).reversed().map { day, counts in
            let figures: [HTML] = PostureState.allCases.map { "\(counts[$0] ?? 0)" }
            return ["\(time.day(trend.ends[day].advanced(by: .microseconds(-1))))"] + figures
        }
        return DataTable(
            caption: "Practices by state, newest day first",
            columns: [.init("Day")] + PostureState.allCases.map { .init($0.word, isNumber: true) }, rows: rows,
            isCompact: true)
    }
}
