// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// Who can see a patient's records, and who cannot and why.
///
/// The classes of protected records are asked about whether the chart holds such records or not: who may not read them
/// does not learn here that there are any.
struct ReaderList: Component {
    let search: ReaderSearch
    /// Those who can read the chart, as far as this page shows them, with what the rules say to each.
    let readers: (list: LongList<Reader>, answers: [ReaderAnswers])
    /// The same of those who cannot.
    let others: (list: LongList<Reader>, answers: [ReaderAnswers])
    let patient: Identifier<Kernel.Patient>
    let title: String
    let time: LocalTime

    /// - Throws: `Fault.internal` when the rules cannot be asked about somebody who is shown.
    init(
        _ search: ReaderSearch, on patient: Identifier<Kernel.Patient>, _ title: String, for request: PageRequest,
        time: LocalTime
    ) throws {
        func part(_ readers: [Reader], _ name: String) throws -> (LongList<Reader>, [ReaderAnswers]) {
            let list = LongList(readers, name, of: request) { reader in
                "\(reader.member.summary.name) \(StaffRole.titles(reader.member.summary.roles))"
            }
            return (list, try list.shown.map(search.answers))
        }
        self.search = search
        readers = try part(search.readers, "readers")
        others = try part(search.others, "others")
        (self.patient, self.title, self.time) = (patient, title, time)
    }

    var html: HTML {
        """
        \(Breadcrumb(
            [Link("Access", to: "/access"), Link("Patients", to: "/access/patients")],
            current: "Who can see"))\
        \(PageHeading("Who can see these records", lead: title, actions: actions))\
        \(Callout(.success, sentence, content: "\(remarks)"))\
        \(summary)\(reading)\(refused)
        """
    }

    private var actions: HTML {
        """
        \(Link("Download the whole list", to: "\(ReaderPages.path(patient)).csv", style: .secondary))\
        \(Link("Who has seen them", to: DisclosurePages.path(patient), style: .secondary))
        """
    }

    /// What makes the list an answer: who was asked, when, and how many can.
    var sentence: String {
        let asked = search.active.count
        let who = asked == 1 ? "1 person of the directory was" : "\(grouped(asked)) people of the directory were"
        let reading = search.readers.count
        let can = reading == 0 ? "nobody can" : reading == 1 ? "1 can" : "\(grouped(reading)) can"
        return "Complete: \(who) asked at \(time.text(search.asked)); \(can) read the chart"
    }

    private var remarks: String {
        let (closed, able) = (search.closed.count, search.closed.count(where: \.canRead))
        let accounts =
            closed == 0
            ? "There are no closed accounts."
            : "\(grouped(closed)) closed \(closed == 1 ? "account was" : "accounts were") asked about as well: "
                + (able == 0 ? "none can read anything." : "\(grouped(able)) could read the chart.")
        return """
            \(accounts) Everybody was taken as signed in with a second factor. Not in the list, because no rule keeps it \
            out: whoever holds the key file of the machine.
            """
    }

    private var summary: HTML? {
        guard !search.readers.isEmpty else { return nil }
        let all = Double(max(search.readers.count, 1))
        let rules: [LaneChart.Lane] = search.byRule.map { rule, count in
            LaneChart.Lane(link(rule), .share(Double(count) / all), figure: "\(grouped(count))")
        }
        let roles: [LaneChart.Lane] = search.byRole.map { role, readers, people in
            LaneChart.Lane(
                "\(ConditionWords.roleTitles([role]))", .share(Double(readers) / Double(max(people, 1))),
                figure: "\(grouped(readers)) of \(grouped(people))")
        }
        return PageSection(
            "At a glance",
            content: """
                \(LaneChart("By which rule they read the chart", rules))\
                \(LaneChart("Of each role, how many can", roles))
                """
        ).html
    }

    private var reading: HTML {
        let rows: [[HTML]] = readers.answers.map { answers in
            [person(answers.reader), "\(roles(answers.reader))", ground(answers.reader)]
                + zip(answers.protected, answers.readsProtected).map { decision, reads in
                    reads ? "Yes <span class=\"note\">\(links(decision.rules))</span>" : why(decision)
                }
        }
        return PageSection(
            "Can read the chart", note: "\(grouped(search.readers.count))",
            content: readers.list.framed(
                DataTable(
                    caption: "People who can read the chart",
                    columns: [.init("Name"), .init("Roles"), .init("By which rule, and why it holds")]
                        + ReadingKind.protected.map { .init($0.title) },
                    rows: rows, filterName: "readers",
                    empty: EmptyState("Nobody can read this chart", text: "No rule lets anybody in at this moment.")))
        ).html
    }

    private var refused: HTML {
        let emergency = search.others.count { $0.opensInEmergency }
        let rows: [[HTML]] = others.answers.map { answers in
            [
                person(answers.reader), "\(roles(answers.reader))", why(answers.chart),
                answers.reader.opensInEmergency ? "Could open it; it would be reviewed" : "No",
            ]
        }
        return PageSection(
            "Cannot read the chart",
            note: "\(grouped(search.others.count)), \(grouped(emergency)) of them could in an emergency",
            content: others.list.framed(
                DataTable(
                    caption: "People who cannot read the chart",
                    columns: [.init("Name"), .init("Roles"), .init("Why not"), .init("In an emergency")],
                    rows: rows, filterName: "others",
                    empty: EmptyState("Everybody can read this chart", text: "Every person of the directory can.")))
        ).html
    }

    private func person(_ reader: Reader) -> HTML {
        let closed: HTML? = reader.member.summary.isEnabled ? nil : " <span class=\"note\">account closed</span>"
        return "\(reader.member.summary.name)\(closed)"
    }

    private func roles(_ reader: Reader) -> String {
        StaffRole.titles(reader.member.summary.roles)
    }

    /// The rules that let somebody in, and the relations that satisfied them.
    private func ground(_ reader: Reader) -> HTML {
        let grounds = RelationWords(time: time).words(reader, search.book, on: patient)
        return "\(links(reader.rules))<span class=\"note\">\(grounds)</span>"
    }

    private func links(_ rules: [String]) -> HTML {
        HTML(rules.enumerated().map { place, rule in place == 0 ? link(rule) : "; \(link(rule))" })
    }

    private func link(_ rule: String) -> HTML {
        Link(search.book.title(rule), to: RulePages.path(rule)).html
    }

    /// Why somebody is kept out: the rule that forbids, or the nearest one and what it lacked.
    private func why(_ decision: Kernel.Decision) -> HTML {
        guard !decision.isAllowed else { return "No, because the chart is closed" }
        let reason: HTML
        if let nearest = decision.nearest {
            let missing = ConditionWords.missing(nearest.condition)
            reason = "<p>Nearest rule: \(link(nearest.rule)).</p><p>\(missing).</p>"
        } else if decision.rules.isEmpty {
            reason = "<p>\(decision.explanation)</p>"
        } else {
            reason = "<p>Forbidden: \(links(decision.rules)).</p>"
        }
        return "<details><summary>No: why?</summary><div>\(reason)</div></details>"
    }
}

extension StaffRole {
    /// `Physician, Nurse`; ids that are no role stay as they are.
    static func titles(_ ids: [String]) -> String {
        ids.map { StaffRole(rawValue: $0)?.title ?? $0 }.joined(separator: ", ")
    }
}
