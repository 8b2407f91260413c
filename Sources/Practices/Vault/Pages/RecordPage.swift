// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// One record as it was taken in, and where it leads.
struct RecordPage: Component {
    let opened: LinkedRecord
    let patient: Identifier<Patient>
    let head: PatientHead
    /// That it is open because of an emergency; nil where it is not.
    let emergency: EmergencyBand?
    let time: LocalTime

    var html: HTML {
        let record = opened.record
        let stored = record.stored
        let code = String(decoding: JSONLayout.indented(stored.bytes), as: UTF8.self)
        let type = PlainWords.type(stored.type)
        let chart = Link("Chart", to: "/records/\(patient)")
        let day = record.time.map { [(term: "Day", value: TimeText($0.day(in: time), exact: $0.text).html)] } ?? []
        let facts = DefinitionList(
            day + [
                (term: "Status", value: "\(status ?? "Not said")"),
                (term: "Kind", value: type == stored.type ? "\(type)" : "\(type) (in FHIR: \(stored.type))"),
                (term: "Version", value: "\(stored.version)"),
                (term: "Taken in", value: TimeText(stored.created, in: time).html),
                (term: "Size", value: "\(grouped(stored.bytes.count)) bytes"),
                (term: "Record", value: HashText(stored.id.description, length: nil).html),
            ])
        let source = PageSection(
            record.isReduced ? "As it was taken in, without what is hidden from your role" : "As it was taken in",
            content: CodeBlock(code, label: "FHIR JSON, laid out for reading").html)
        return """
            \(Breadcrumb([Link("Patients", to: "/records"), chart], current: type))\(emergency)\
            \(head)\(DamageList(opened.damaged))\(opened.inEmergency.map(EmergencyOffer.init)?.html)\(PageSection(record.title, content: facts.html))\
            \(FindingsSection(record: record))\(links)\(source)\
            \(Remarks(opened.remarks))
            """
    }

    /// The record's own word for how far it holds: `final`, `active`, `entered in error`.
    private var status: String? {
        let record = opened.record
        let words = record.isMistake ? "entered-in-error" : record.status("clinicalStatus") ?? record.status()
        return words.map { $0.replacing("-", with: " ") }
    }

    private var links: HTML? {
        guard !opened.links.isEmpty else { return nil }
        let items: [HTML] = opened.links.map { link in
            let type = PlainWords.type(link.destination.type)
            let name = link.destination.name.map { "\(type): \(PlainWords.test($0))" } ?? type
            return "<li>\(Link(name, to: "/records/\(patient)/\(link.destination.record)"))</li>"
        }
        return PageSection("Refers to", content: "<ul>\(items)</ul>").html
    }
}
