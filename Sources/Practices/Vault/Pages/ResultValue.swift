// SPDX-License-Identifier: Apache-2.0

import Web

/// A result with its unit, and whether whoever made it calls it high or low.
struct ResultValue: Component {
    let result: ResultSeries.Result
    /// Shown instead of the result's own value, e.g. both numbers of a blood pressure.
    var value: String?

    var html: HTML {
        let written: HTML = "<span class=\"nowrap\">\(value ?? result.value) \(result.unit)</span>"
        guard let flag = result.judgement.flag else { return written }
        let state: StatusChip.State = result.judgement.isCritical ? .notMet : .partial
        return "\(StatusChip(state, word: flag)) \(written)"
    }
}

/// What an observation found, part by part: its value, high or low, and what is usual.
struct FindingsSection: Component {
    let record: ChartRecord

    var html: HTML {
        let found = ResultSeries.all([record])
        guard !found.isEmpty else { return "" }
        let rows: [[HTML]] = found.flatMap { series in
            series.results.map { ["\(series.name)", ResultValue(result: $0).html, "\($0.judgement.range)"] }
        }
        let table = DataTable(
            caption: "What was found", columns: [.init("Test"), .init("Result", isNumber: true), .init("Usual")],
            rows: rows)
        return PageSection("What was found", content: table.html).html
    }
}
