// SPDX-License-Identifier: Apache-2.0

import Web

/// Everything that the patient has, by type, and the records of one type.
struct OtherTab: Component {
    let chart: Chart

    var html: HTML {
        let listed = chart.counts.first { $0.type.utf8.elementsEqual((chart.listedType ?? "").utf8) }
        return "\(listed.map { records($0.type, of: $0.count) })\(types)"
    }

    private var types: HTML {
        let kinds = chart.counts.map { (words: PlainWords.type($0.type), type: $0.type, count: $0.count) }
            .sorted { Array($0.words.utf8).lexicographicallyPrecedes(Array($1.words.utf8)) }
        let rows: [[HTML]] = kinds.map { kind in
            [
                Link(kind.words, to: "/records/\(chart.patient)?section=documents&type=\(kind.type)").html,
                "\(grouped(kind.count))",
            ]
        }
        let table = DataTable(
            caption: "Records by kind", columns: [.init("Kind"), .init("Records", isNumber: true)], rows: rows,
            isCompact: true)
        return PageSection("All records by kind", content: table.html).html
    }

    private func records(_ type: String, of count: Int64) -> HTML {
        let tables = ChartTables(chart: chart)
        let records = chart.all(type).newestFirst()
        let rest = count - Int64(records.count)
        let note = rest > 0 ? "\(records.count) of \(count)" : "\(count)"
        let rows: [[HTML]] = records.map { record in
            [chart.link(record.title, to: record), tables.day(record.time), "\(record.status())"]
        }
        let table = DataTable(
            caption: PlainWords.type(type), columns: [.init("Record"), .init("Day"), .init("State")], rows: rows,
            isCompact: true)
        return PageSection(PlainWords.type(type), note: note, content: table.html).html
    }
}
