// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Web

/// The accounting of one patient, for people.
struct DisclosureList: Component {
    let accounting: Accounting
    let patient: Identifier<Kernel.Patient>
    let title: String
    let people: [String: PersonSummary]
    let book: RuleBook
    /// Only entries before this place are listed; nil for the newest.
    let before: Int64?
    let time: LocalTime

    /// How many entries stand on a page.
    private static let pageLength = 75
    /// How many people have a lane of their own.
    private static let lanes = 8

    var html: HTML {
        """
        \(Breadcrumb(
            [Link("Access", to: "/access"), Link("Patients", to: "/access/patients")],
            current: "Who has seen"))\
        \(PageHeading("Who has seen these records", lead: title, actions: actions))\
        \(Callout(.success, sentence, content: "\(remarks)"))\
        \(timeline)\(table)
        """
    }

    private var actions: HTML {
        """
        \(Link("Who can see them", to: ReaderPages.path(patient), style: .secondary))\
        \(Link("Download as FHIR", to: "\(DisclosurePages.path(patient)).json", style: .secondary))
        """
    }

    var sentence: String {
        let (all, seen) = (accounting.entries.count, accounting.disclosures.count)
        let readings = seen == 0 ? "nobody has seen the records" : "records were seen \(times(seen))"
        return """
            Complete: the evidence log had \(grouped(all)) \(all == 1 ? "entry" : "entries") about this patient at \
            \(time.text(accounting.asked)); \(readings)
            """
    }

    private func times(_ count: Int) -> String {
        count == 1 ? "once" : "\(grouped(count)) times"
    }

    private var remarks: String {
        """
        This reading is written down as well and stands in the next list. The download holds the proof of each entry, \
        so that others can check it without Salus.
        """
    }

    private var timeline: HTML? {
        let disclosures = accounting.disclosures
        guard let from = disclosures.map(\.moment).min(), let until = disclosures.map(\.moment).max() else {
            return nil
        }
        let length = Double(max(until.microseconds - from.microseconds, 1))
        let byPerson = Dictionary(grouping: disclosures) { Disclosure($0.leaf).who(people) }
            .sorted { $0.value.count == $1.value.count ? $0.key < $1.key : $0.value.count > $1.value.count }
        func lane(_ name: String, _ leaves: [PlacedLeaf]) -> LaneChart.Lane {
            let marks = leaves.map { Double($0.moment.microseconds - from.microseconds) / length }
            return LaneChart.Lane("\(name)", .marks(marks), figure: times(leaves.count))
        }
        var lanes = byPerson.prefix(Self.lanes).map { lane($0.key, $0.value) }
        let rest = byPerson.dropFirst(Self.lanes)
        if !rest.isEmpty { lanes.append(lane("\(rest.count) others", rest.flatMap(\.value))) }
        let chart = LaneChart(
            "Each mark is a reading", lanes, ends: ("\(time.text(from))", "\(time.text(until))"))
        let who = byPerson.count == 1 ? "1 reader" : "\(grouped(byPerson.count)) readers"
        return PageSection("When records were seen", note: who, content: chart.html).html
    }

    private var table: HTML {
        let listed = accounting.entries.filter { $0.position < before ?? .max }
        let shown = listed.prefix(Self.pageLength)
        let last = listed.count > shown.count ? shown.last : nil
        let older: HTML? = last.map {
            let path = "\(DisclosurePages.path(patient))?before=\($0.position)"
            return "<p>\(Link("Older entries", to: path, style: .secondary))</p>"
        }
        let entries = DataTable(
            caption: "Entries about this patient, newest first",
            columns: [
                .init("When"), .init("Who"), .init("Roles now"), .init("What"), .init("Why it was allowed"),
                .init("Evidence"),
            ],
            // A search in a part of the entries would say of a reader that there was none.
            rows: shown.map(row), filterName: shown.count == accounting.entries.count ? "entries" : nil,
            empty: EmptyState("No entries", text: "Nothing about this patient stands in the evidence log."))
        return PageSection(
            "Every entry, newest first", note: grouped(accounting.entries.count), content: "\(entries)\(older)"
        ).html
    }

    private func row(_ placed: PlacedLeaf) -> [HTML] {
        let disclosure = Disclosure(placed.leaf)
        let roles = people[placed.leaf.actor.id].map { StaffRole.titles($0.roles) }
        return [
            TimeText(placed.moment, in: time).html, "\(disclosure.who(people))", "\(roles)", "\(disclosure.words)",
            why(placed.leaf),
            """
            <span class="nowrap">\(Link("Entry \(placed.position)", to: "/log/\(placed.position)")), \
            \(Link("proof", to: "/log/\(placed.position)/proof"))</span>
            """,
        ]
    }

    /// The rules that decided. What the machine itself did, and entries of older versions of Salus, name none.
    private func why(_ leaf: Ledger.Leaf) -> HTML {
        let rules = leaf.ruleNames
        if rules.isEmpty {
            let isMachine = leaf.actor.type == "operator" || leaf.actor.type == "system"
            return isMachine ? "Done on the machine itself" : "The entry names no rule"
        }
        return HTML(
            rules.enumerated().map { place, rule in
                let link = Link(book.title(rule), to: RulePages.path(rule))
                return place == 0 ? link.html : "; \(link)"
            })
    }
}
