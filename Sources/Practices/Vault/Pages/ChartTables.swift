// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Web

/// The tables that several pages of a chart share; each row leads to the record itself.
struct ChartTables {
    let chart: Chart

    func problems(_ records: [ChartRecord]) -> HTML {
        table(
            "Problems", [.init("Problem"), .init("Since"), .init("Until"), .init("State")], records,
            empty: "No problems are recorded.", isCompact: true
        ) { record in
            [
                chart.link(record.title, to: record), day(record.time),
                day(ClinicalTime.first(of: record.root, "abatementDateTime", "abatementPeriod")),
                state(record, record.status("clinicalStatus")),
            ]
        }
    }

    /// What is wrong with the patient now.
    func activeProblems(_ records: [ChartRecord]) -> HTML {
        table(
            "Active problems", [.init("Problem"), .init("Since")], records, empty: "No active problems are recorded.",
            isCompact: true
        ) { record in [chart.link(record.title, to: record), day(record.time)] }
    }

    /// What the patient takes now.
    func currentMedications(_ records: [ChartRecord]) -> HTML {
        table(
            "Current medications", [.init("Medicine"), .init("Dosage"), .init("Since")], records,
            empty: "No current medications are recorded."
        ) { record in
            [chart.link(record.medicine(chart.names), to: record), "\(record.dosage)", day(record.time)]
        }
    }

    func medications(_ records: [ChartRecord]) -> HTML {
        table(
            "Medications",
            [.init("Medicine"), .init("Dosage"), .init("Since"), .init("Prescribed by"), .init("State")],
            records, empty: "No medications are recorded."
        ) { record in
            [
                chart.link(record.medicine(chart.names), to: record), "\(record.dosage)", day(record.time),
                "\(chart.names.words(record.root["requester"]))", state(record, record.status()),
            ]
        }
    }

    func allergies(_ records: [ChartRecord]) -> HTML {
        table(
            "Allergies and intolerances", [.init("To"), .init("Reaction"), .init("Danger"), .init("State")], records,
            empty: "No allergies are recorded. That does not mean that there are none: ask the patient."
        ) { record in
            let reactions = record.root["reaction"]?.elements.flatMap { reaction in
                reaction["manifestation"]?.elements.compactMap { CodeableConcept($0).display } ?? []
            }
            return [
                chart.link(record.title, to: record), "\(reactions?.joined(separator: ", "))",
                "\(record.status("criticality"))", state(record, record.status("clinicalStatus")),
            ]
        }
    }

    func immunizations(_ records: [ChartRecord]) -> HTML {
        table(
            "Immunizations", [.init("Vaccine"), .init("Day"), .init("State")], records,
            empty: "No immunizations are recorded.", isCompact: true
        ) { record in
            [chart.link(record.title, to: record), day(record.time), state(record, record.status())]
        }
    }

    func visits(_ records: [ChartRecord]) -> HTML {
        guard !records.isEmpty else { return empty("No visits are recorded.") }
        let entries = records.map { record in
            let reasons = record.root["reasonCode"]?.elements.compactMap { CodeableConcept($0).display } ?? []
            let people = record.root["participant"]?.elements.compactMap { chart.names.words($0["individual"]) } ?? []
            let place = chart.names.words(record.root["serviceProvider"])
            let details = [reasons.joined(separator: ", "), people.joined(separator: ", "), place ?? ""]
            return Timeline.Entry(
                time: day(record.time), title: chart.link(record.title, to: record),
                detail: "\(details.filter { !$0.isEmpty }.joined(separator: " · "))")
        }
        return PageSection("Visits", content: Timeline(entries).html).html
    }

    func table(
        _ title: String, _ columns: [DataTable.Column], _ records: [ChartRecord], empty text: String,
        isCompact: Bool = false, _ row: (ChartRecord) -> [HTML]
    ) -> HTML {
        guard !records.isEmpty else { return PageSection(title, content: empty(text)).html }
        return PageSection(
            title, note: records.count > 5 ? "\(records.count)" : nil,
            content: DataTable(caption: title, columns: columns, rows: records.map(row), isCompact: isCompact).html
        ).html
    }

    func day(_ time: ClinicalTime?) -> HTML {
        guard let time else { return "" }
        return TimeText(time.day(in: chart.localTime), exact: time.text).html
    }

    private func state(_ record: ChartRecord, _ status: String?) -> HTML {
        record.isMistake ? "<strong>entered by mistake</strong>" : "\(status)"
    }

    private func empty(_ text: String) -> HTML {
        "<p>\(text)</p>"
    }
}
