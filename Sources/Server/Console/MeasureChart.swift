// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture
import Web

/// A measure over time, with the same as a table.
struct MeasureChart: Component {
    let measure: Measure
    let points: [PostureTrend.Point]
    let ends: [Instant]
    let window: TrendWindow
    let time: LocalTime

    var html: HTML {
        guard points.contains(where: { $0.reading != nil }) else { return "" }
        let label = "Share of \(measure.population), \(window.words.lowercased()); the broken line is the target"
        return ChartFigure(
            label,
            drawing: ShareChart(
                points.map { .init($0.share, Words.chip($0.state)) }, target: measure.target, label: label
            ).html,
            ends: ("\(ends.first.map(time.day) ?? "")", "today"), table: table
        ).html
    }

    /// The days on which something changed; a year of the same would be a long list that says nothing.
    private var changes: [Int] {
        points.indices.filter { day in
            day == 0 || points[day].state != points[day - 1].state || figures(day) != figures(day - 1)
        }
    }

    private func figures(_ day: Int) -> String {
        guard points[day].state != .unknown, let reading = points[day].reading else { return "" }
        return "\(reading.fulfilling) of \(reading.population)"
    }

    private var table: DataTable {
        let shown = changes.suffix(20)
        let rows: [[HTML]] = shown.reversed().map { day in
            [
                "\(time.day(ends[day].advanced(by: .microseconds(-1))))",
                StatusChip(Words.chip(points[day].state)).html,
                "\(figures(day))", "\(points[day].share.map(Words.percent) ?? "")",
            ]
        }
        return DataTable(
            caption: shown.count < changes.count
                ? "The last \(shown.count) days on which something changed" : "The days on which something changed",
            showsCaption: true,
            columns: [.init("Day"), .init("State"), .init("Figures", isNumber: true), .init("Share", isNumber: true)],
            rows: rows, isCompact: true)
    }
}
