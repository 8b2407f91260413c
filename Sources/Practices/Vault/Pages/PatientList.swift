// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

/// The search and the patients that it found.
struct PatientList: Component {
    let query: String
    let matches: PatientMatches
    let today: PartialDate?
    let csrf: CSRFField
    let time: LocalTime
    /// Whether each patient has a link to who can see the records.
    var asksReaders = false

    var html: HTML {
        if matches.known == 0 { return "\(PageHeading("Patients"))\(nobody)" }
        return """
            \(PageHeading("Patients", lead: "Every search and every chart that is opened is written to the evidence log."))\
            \(form)\(list)
            """
    }

    private var nobody: HTML {
        let command = "salus records import FOLDER"
        return EmptyState(
            "No records yet",
            text:
                "Ask whoever runs this machine to import FHIR files (Bundles or NDJSON, also packed). One command does it:",
            action: CodeBlock(command, label: "In a terminal on this machine").html
        ).html
    }

    /// Posted, because what is typed here is a name: in an address it would stay in the browser's history.
    private var form: HTML {
        let form = PostForm(
            action: "/records", csrf: csrf, isInline: true,
            content: """
                \(FormField(
                    "q", label: "Name, birth date or number", kind: .search, value: query,
                    hint: "The beginning of each word is enough. Dates as 1980-05-31 or 31.5.1980.",
                    isFocused: query.isEmpty))\
                \(ActionButton("Search"))
                """)
        return "<search>\(form)</search>"
    }

    private var list: HTML {
        let table = DataTable(
            caption: "Patients",
            columns: [
                .init("Name"), .init("Born"), .init("Age", isNumber: true), .init("Sex"), .init("Record number"),
            ] + (asksReaders ? [.init("Access")] : []),
            rows: matches.patients.map(row), isCompact: true,
            empty: EmptyState(
                "Nobody found", text: "Try fewer words, another spelling, or only the birth date.",
                action: Link("Show all patients", to: "/records", style: .secondary).html))
        return PageSection(title, content: "\(hiddenNames)\(damagedNames)\(more)\(table)").html
    }

    private var title: String {
        let words = matches.total == 1 ? "1 patient" : "\(matches.total) patients"
        return query.isEmpty ? words : "\(words) found"
    }

    private var hiddenNames: HTML? {
        guard matches.isNameHidden else { return nil }
        return Callout(
            .info, "Names are hidden from your role",
            content: "Patients are shown by the number that Salus gave them. A search compares only what you may see."
        ).html
    }

    /// Whom no search can find any more, with the way to their charts.
    private var damagedNames: HTML? {
        let (count, shown) = (matches.damaged.count, matches.damaged.prefix(20))
        guard count > 0 else { return nil }
        let items: [HTML] = shown.map { "<li>\(Link("Patient \($0)", to: "/records/\($0)"))</li>" }
        let rest: HTML? = count > shown.count ? "<li>and \(count - shown.count) more</li>" : nil
        return Callout(
            .warning,
            count == 1 ? "The name of 1 patient does not open" : "The names of \(count) patients do not open",
            content: """
                <p>No search finds them, but their charts open. Tell your IT lead: what is damaged has to be restored \
                from a backup.</p><ul>\(items)\(rest)</ul>
                """
        ).html
    }

    private var more: HTML? {
        guard matches.total > matches.patients.count else { return nil }
        return Callout(
            .info, "Only the first \(matches.patients.count) are shown",
            content: "Add a birth date or a given name to narrow the search."
        ).html
    }

    private func row(_ patient: FoundPatient) -> [HTML] {
        let card = patient.card
        let name = card.label(for: patient.id)
        let path = "/records/\(patient.id)"
        let marks: HTML? = card.mark(in: time).map { " <span class=\"note\">\($0)</span>" }
        return [
            "\(Link(name, to: path))\(marks)", "\(card.birthDate)", "\(card.age(on: today).map { "\($0)" })",
            "\(card.sexWord)", "\(card.recordNumber)",
        ] + (asksReaders ? ["\(Link("Who can see", to: "/access/patients/\(patient.id)/readers"))"] : [])
    }
}

extension SearchCard {
    /// What must be noticed before anything else: dead, merged, out of use.
    func mark(in time: LocalTime) -> String? {
        if isReplaced { return "merged into another record" }
        if isDeceased { return deceasedAt.isEmpty ? "died" : "died \(ClinicalTime(deceasedAt).day(in: time))" }
        return isActive ? nil : "not in use"
    }

    /// What to call the patient: by name, or by the number of this house where names are hidden.
    func label(for patient: Identifier<Patient>) -> String {
        if hidden.contains(.name) || isDamaged { return "Patient \(patient)" }
        return name.isEmpty ? "Without a name" : name
    }

    /// Full years today, or at death.
    func age(on today: PartialDate?) -> Int? {
        guard let born = PartialDate(birthDate) else { return nil }
        guard isDeceased else { return today.flatMap { born.age(on: $0) } }
        return PartialDate(String(deceasedAt.prefix(10))).flatMap { born.age(on: $0) }
    }

    /// The sex in words.
    var sexWord: String {
        if isDamaged { return "not readable" }
        if hidden.contains(.sex) { return "Hidden" }
        return switch sex {
        case "male": "Male"
        case "female": "Female"
        case "other": "Other"
        default: "Unknown"
        }
    }
}
