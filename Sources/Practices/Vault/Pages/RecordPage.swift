// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// One record as it was taken in, and where it leads.
struct RecordPage: Component {
    let opened: LinkedRecord
    let patient: Identifier<Patient>

    var html: HTML {
        let record = opened.record
        let stored = record.stored
        let code = String(decoding: JSONLayout.indented(stored.bytes), as: UTF8.self)
        let chart = Link("Chart", to: "/records/\(patient)")
        let facts = DefinitionList([
            (term: "Type", value: "\(stored.type)"), (term: "Version", value: "\(stored.version)"),
            (term: "Taken in", value: TimeText(stored.created.text, exact: stored.created.rfc3339).html),
            (term: "Size", value: "\(stored.bytes.count) bytes"), (term: "Record", value: "\(stored.id.description)"),
        ])
        let source = PageSection(
            "As it was taken in", content: CodeBlock(code, label: "FHIR JSON, laid out for reading").html)
        return """
            \(Breadcrumb([Link("Patients", to: "/records"), chart], current: stored.type))\
            \(PageHeading(record.title))\(facts)\(links)\(source)
            """
    }

    private var links: HTML? {
        guard !opened.links.isEmpty else { return nil }
        let items: [HTML] = opened.links.map { link in
            let name = link.destination.name.map { "\(link.destination.type): \($0)" } ?? link.destination.type
            return "<li>\(Link(name, to: "/records/\(patient)/\(link.destination.record)"))</li>"
        }
        return PageSection("Refers to", content: "<ul>\(items)</ul>").html
    }
}
