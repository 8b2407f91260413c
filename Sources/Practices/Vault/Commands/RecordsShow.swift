// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel

/// `salus records show`: reads a patient's records, after writing that to the log.
struct RecordsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Read a patient's records; the evidence log keeps that you did.",
        discussion: """
            The patient is named by the id in the address of the chart, or by the id in FHIR. With --json each \
            record is one line: the resource exactly as it was taken in, without the blanks between its values.
            """)

    @OptionGroup var house: HouseOptions

    @Argument(help: ArgumentHelp("The patient's id.", valueName: "patient-id"))
    var patient: String

    @Option(help: "Only records of this FHIR type, such as Observation.")
    var type: String?

    func run() async throws {
        try await house.withHouse(for: VaultActions.searchPatients) { [self] open in
            let records = try await RecordStore(open.house)
            let id = try await records.patient(named: patient)
            let sight = try await ChartSight.decide(open.house, open.actor, on: id, assurance: nil)
            let chart = try await records.chart(of: id, .export, type: type, actor: open.actor, sight: sight)
            if !house.json { Terminal.line(Self.heading(chart)) }
            for (type, _) in chart.counts {
                for record in chart.all(type).newestFirst() { Terminal.line(line(record, chart)) }
            }
            if !house.json { for remark in chart.remarks { Terminal.line(remark) } }
        }
    }

    private static func heading(_ chart: Chart) -> String {
        let card = chart.card
        let parts = [card.label(for: chart.patient), card.birthDate, card.sexWord, card.recordNumber ?? ""]
        return TerminalText.harmless(parts.filter { !$0.isEmpty }.joined(separator: " · "))
    }

    private func line(_ record: ChartRecord, _ chart: Chart) -> String {
        guard !house.json else {
            return TerminalText.harmless(String(decoding: JSONLayout.compact(record.stored.bytes), as: UTF8.self))
        }
        let day = record.time?.day(in: chart.localTime) ?? "          "
        return TerminalText.harmless("\(day)  \(record.stored.type): \(record.title)")
    }
}
