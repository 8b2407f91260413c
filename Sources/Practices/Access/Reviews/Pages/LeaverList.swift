// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Web

/// Accounts that were closed, newest first, and before them those that are not as the log says.
struct LeaverList {
    private let wrong: LongList<Leavers.Finding>
    private let left: LongList<Leavers.Finding>
    /// Everybody of the directory by id, for whoever closed an account.
    private let people: [String: PersonSummary]
    private let time: LocalTime

    init(
        _ findings: [Leavers.Finding], people: [String: PersonSummary], time: LocalTime, of request: PageRequest
    ) {
        let shown = findings.filter(\.isListed).sorted {
            ($0.changed?.microseconds ?? .min, $0.person) > ($1.changed?.microseconds ?? .min, $1.person)
        }
        func list(_ findings: [Leavers.Finding], _ name: String) -> LongList<Leavers.Finding> {
            LongList(findings, name, of: request) { "\($0.summary?.name ?? "") \($0.summary?.login ?? "")" }
        }
        wrong = list(shown.filter { $0.wrong != nil }, "not-as-told")
        left = list(shown.filter { $0.wrong == nil }, "left")
        (self.people, self.time) = (people, time)
    }

    /// When the accounts that the page shows were closed.
    var closed: [Identifier<Kernel.Person>: Instant] {
        let closed = (wrong.shown + left.shown).filter { !$0.isOpen }
        return Dictionary(closed.compactMap { finding in finding.changed.map { (finding.person, $0) } }) { first, _ in
            first
        }
    }

    static let heading: HTML = """
        \(Breadcrumb([Link("Access reviews", to: GrantPages.path)], current: LeaverPages.title))
        \(PageHeading(LeaverPages.title,
            lead: "Whose account was closed, what was still kept for them then, and whether they can do anything now."))
        """

    /// The page.
    func html(_ departures: [Identifier<Kernel.Person>: Departure]) -> HTML {
        let alarm: HTML? =
            wrong.total == 0
            ? nil
            : """
            \(Callout(.danger, wrong.total == 1 ? "1 account is not as the evidence log says" : "\(grouped(wrong.total)) accounts are not as the evidence log says",
                content: "Each row says what is wrong and what to do."))\
            \(PageSection("Not as it should be", note: grouped(wrong.total), content: table(wrong, departures)))
            """
        guard left.total > 0 || wrong.total > 0 else {
            let empty = EmptyState(
                "Nobody has left",
                text: """
                    Every account is as the evidence log says. When somebody leaves, disable their account under People: it \
                    then stands here.
                    """)
            return "\(Self.heading)\(empty)"
        }
        let rest: HTML? =
            left.total == 0
            ? nil
            : PageSection(
                "Left, and in order", note: grouped(left.total), content: table(left, departures)
            ).html
        return "\(Self.heading)\(alarm)\(rest)"
    }

    private func table(
        _ list: LongList<Leavers.Finding>, _ departures: [Identifier<Kernel.Person>: Departure]
    ) -> HTML {
        let rows: [[HTML]] = list.shown.map { finding in
            let departure = departures[finding.person] ?? Departure()
            return [who(finding), when(finding), by(departure), kept(departure, finding), state(finding)]
        }
        return list.framed(
            DataTable(
                caption: LeaverPages.title,
                columns: [
                    .init("Who"), .init("Account closed"), .init("Closed by"), .init("Still kept then"), .init("Now"),
                ], rows: rows))
    }

    private func who(_ finding: Leavers.Finding) -> HTML {
        guard let summary = finding.summary else { return "<code>\(finding.person.description)</code>" }
        return """
            \(Link(summary.name, to: "\(GrantPages.path)/\(summary.id)"))<div class="note">\(summary.login)</div>
            """
    }

    private func when(_ finding: Leavers.Finding) -> HTML {
        if !finding.isOpen, let changed = finding.changed { return "\(TimeText(changed, in: time))" }
        return finding.summary?.isEnabled == false ? "Closed; the log does not say when" : "Not closed"
    }

    private func by(_ departure: Departure) -> HTML {
        guard let closing = departure.closing else { return "The log does not say" }
        return "\(Disclosure(closing.leaf).who(people))<div class=\"note\">\(entry(closing.position))</div>"
    }

    /// What was kept, and by what it was cleared away.
    private func kept(_ departure: Departure, _ finding: Leavers.Finding) -> HTML {
        guard let newest = departure.clearings.first else { return finding.isOpen ? "" : "Nothing" }
        let things = Self.things.compactMap { name, one, many -> String? in
            let count = departure.count(name)
            return count == 0 ? nil : count == 1 ? "1 \(one)" : "\(grouped(count)) \(many)"
        }
        return """
            \(things.joined(separator: ", "))<div class="note">cleared away by Salus, \
            <span class="nowrap">\(time.text(newest.leaf.happened))</span>, \(entry(newest.position))</div>
            """
    }

    /// What the fact counts, in words.
    private static let things = [
        ("emergencies", "open emergency", "open emergencies"), ("departments", "department", "departments"),
        ("practitioners", "number", "numbers"), ("shifts", "shift", "shifts"),
    ]

    private func entry(_ position: Int64) -> HTML {
        "<span class=\"nowrap\">\(Link("entry \(position)", to: "/log/\(position)"))</span>"
    }

    private static let canDoNothing: HTML = "\(StatusChip(.met, word: "Can do nothing"))"

    /// Nothing is claimed of what was not tried.
    private static let longAgo: HTML = """
        \(StatusChip(.unknown, word: "Not looked at any more"))\
        <div class="note">Closed more than 400 days ago. Salus only sees to it that the account stays closed.</div>
        """

    private func state(_ finding: Leavers.Finding) -> HTML {
        guard let wrong = finding.wrong else { return finding.isTried ? Self.canDoNothing : Self.longAgo }
        let words = wrong.words
        let person: HTML? = finding.summary.map { " \(Link("Open \($0.name)", to: "/people/\($0.id)"))" }
        return """
            \(StatusChip(.notMet, word: "Not in order"))\
            <div class="note">\(words.prefix(1).uppercased() + words.dropFirst()).\(person)</div>
            """
    }
}

extension Leavers.Finding {
    /// Whether it is about somebody who left, or about an account that is not as the log says.
    var isListed: Bool { !isOpen || wrong != nil }
}
