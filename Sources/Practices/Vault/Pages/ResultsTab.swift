// SPDX-License-Identifier: Apache-2.0

import Web

/// Each test once: its newest result, its course, and what was before.
struct ResultsTab: Component {
    let chart: Chart

    /// How many earlier results of a test are listed; the record of each can be found under "All records".
    private static let earlier = 20

    var html: HTML {
        let observations = chart.all("Observation")
        let vital = observations.filter { $0.isCategory("vital-signs") }
        let laboratory = observations.filter { $0.isCategory("laboratory") }
        let others = observations.filter { !$0.isCategory("vital-signs") && !$0.isCategory("laboratory") }
        if observations.isEmpty { return PageSection("Results", content: "<p>No results are recorded.</p>").html }
        return "\(part("Laboratory", laboratory))\(part("Vital signs", vital))\(part("Other findings", others))"
    }

    private func part(_ title: String, _ observations: [ChartRecord]) -> HTML {
        let series = ResultSeries.all(observations)
        if series.isEmpty { return "" }
        let table = DataTable(
            caption: title,
            columns: [
                .init("Test"), .init("Newest", isNumber: true), .init("Usual"), .init("Day"), .init("Trend"),
                .init("Earlier"),
            ],
            rows: series.map(row))
        return PageSection(title, note: series.count == 1 ? "1 test" : "\(series.count) tests", content: table.html)
            .html
    }

    private func row(_ series: ResultSeries) -> [HTML] {
        guard let newest = series.results.first else { return [] }
        return [
            chart.link(series.name, to: newest.record), ResultValue(result: newest).html, "\(newest.judgement.range)",
            ChartTables(chart: chart).day(newest.time), "\(TrendLine(series: series))", before(series),
        ]
    }

    private func before(_ series: ResultSeries) -> HTML {
        let earlier = series.results.dropFirst()
        if earlier.isEmpty { return "" }
        let items: [HTML] = earlier.prefix(Self.earlier).map { result in
            "<li>\(ChartTables(chart: chart).day(result.time)) \(chart.link(result.value, to: result.record))</li>"
        }
        let rest = earlier.count - items.count
        let more: HTML? = rest > 0 ? "<li>and \(rest) older</li>" : nil
        return "<details><summary>\(earlier.count)</summary><ul>\(items)\(more)</ul></details>"
    }
}
