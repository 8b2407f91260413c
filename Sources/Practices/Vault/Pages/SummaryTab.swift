// SPDX-License-Identifier: Apache-2.0

import Web

/// What to know before seeing the patient: what is active now, and the newest vital signs.
struct SummaryTab: Component {
    let chart: Chart
    let tables: ChartTables

    var html: HTML {
        let problems = chart.all("Condition").filter(\.isActive).newestFirst()
        let medications = chart.medications.filter(\.isCurrentMedication).newestFirst()
        return """
            \(tables.problems(problems))\(tables.medications(medications))\
            \(tables.allergies(chart.all("AllergyIntolerance").filter(\.isActive)))\(vitalSigns)
            """
    }

    private var vitalSigns: HTML {
        let series = ResultSeries.all(chart.all("Observation").filter { $0.isCategory("vital-signs") })
        guard !series.isEmpty else {
            return PageSection("Vital signs", content: "<p>No vital signs are recorded.</p>").html
        }
        let rows = series.compactMap { series -> [HTML]? in
            guard let newest = series.results.first else { return nil }
            return [
                chart.link(series.name, to: newest.record), "\(newest.value) \(newest.unit)", tables.day(newest.time),
                "\(TrendLine(series: series))",
            ]
        }
        let table = DataTable(
            caption: "Newest vital signs",
            columns: [.init("Sign"), .init("Newest", isNumber: true), .init("Day"), .init("Trend")], rows: rows)
        return PageSection("Vital signs", note: "newest of each", content: table.html).html
    }
}

/// The course of a result over time; nothing for a single one or for words.
struct TrendLine: Component {
    let series: ResultSeries

    var html: HTML {
        guard let trend = series.trend else { return "" }
        let unit = series.results.first?.unit ?? ""
        return Sparkline(trend.values, label: "\(series.name) over time, \(unit)\(trend.scale)").html
    }
}
