// SPDX-License-Identifier: Apache-2.0

import Web

/// The newest of each vital sign, in the order in which a clinician looks at them.
struct VitalSigns: Component {
    let chart: Chart

    private static let systolic = Array("8480-6".utf8)
    private static let diastolic = Array("8462-4".utf8)
    /// LOINC: blood pressure, pulse, breathing, oxygen, temperature, weight, height, body mass index.
    private static let order = [
        "8480-6", "8462-4", "8867-4", "9279-1", "59408-5", "2708-6", "8310-5", "29463-7", "8302-2", "39156-5",
    ].map { Array($0.utf8) }

    var html: HTML {
        let series = ResultSeries.all(chart.all("Observation").filter { $0.isCategory("vital-signs") })
        guard !series.isEmpty else {
            return PageSection("Vital signs", content: "<p>No vital signs are recorded.</p>").html
        }
        let table = DataTable(
            caption: "Newest vital signs",
            columns: [.init("Sign"), .init("Newest", isNumber: true), .init("Day"), .init("Trend")],
            rows: rows(series), isCompact: true)
        return PageSection("Vital signs", note: "newest of each", content: table.html).html
    }

    private func rows(_ series: [ResultSeries]) -> [[HTML]] {
        let sorted =
            Self.order.compactMap { code in series.first { $0.code == code } }
            + series.filter { !Self.order.contains($0.code) }
        guard let pressure = pressure(series) else { return sorted.compactMap { row($0) } }
        return [pressure]
            + sorted.filter { $0.code != Self.systolic && $0.code != Self.diastolic }.compactMap { row($0) }
    }

    /// Systolic and diastolic in one row where the newest of both were measured together.
    private func pressure(_ series: [ResultSeries]) -> [HTML]? {
        guard let high = series.first(where: { $0.code == Self.systolic }), let newest = high.results.first,
            let low = series.first(where: { $0.code == Self.diastolic })?.results.first,
            low.record.stored.id == newest.record.stored.id
        else { return nil }
        return row(high, name: "Blood pressure", value: "\(newest.value)/\(low.value)")
    }

    private func row(_ series: ResultSeries, name: String? = nil, value: String? = nil) -> [HTML]? {
        guard let newest = series.results.first else { return nil }
        return [
            chart.link(name ?? series.name, to: newest.record), ResultValue(result: newest, value: value).html,
            ChartTables(chart: chart).day(newest.time), "\(TrendLine(series: series))",
        ]
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
