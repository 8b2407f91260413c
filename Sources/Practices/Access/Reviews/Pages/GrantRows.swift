// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// Grants as rows of a table, with what can be said about each.
struct GrantRows {
    let sheet: GrantDesk.Sheet
    let time: LocalTime
    let request: PageRequest
    /// Whether the rows stand on the page of their person.
    var isOwnPage = false

    /// Those that stand like this, under a heading; nil where there are none.
    func section(_ title: String, _ states: Grant.State...) -> HTML? {
        let grants = sheet.grants.filter { states.contains($0.state(at: sheet.now)) }
        guard !grants.isEmpty else { return nil }
        let note = "\(grouped(grants.count)) \(grants.count == 1 ? "role" : "roles")"
        return "\(PageSection(title, note: note, content: table(grants, title)))"
    }

    /// A table of grants.
    func table(_ grants: [Grant], _ caption: String) -> HTML {
        let columns =
            (isOwnPage ? [] : [DataTable.Column("Person")]) + [
                .init("Role"), .init("Last used"), .init("Last review"), .init("To be confirmed"),
                .init("Still needed?"),
            ]
        let words = caption.lowercased().split(separator: " ").joined(separator: "-")
        let list = LongList(grants, "roles-\(words)", of: request) { "\($0.person.name) \(Self.title($0.role))" }
        var seen: Set<Identifier<Kernel.Person>> = []
        let rows: [[HTML]] = list.shown.map { grant in
            let isFirst = seen.insert(grant.person.id).inserted
            return (isOwnPage ? [] : [person(grant)]) + [
                "\(Self.title(grant.role))", use(grant), review(grant), state(grant), answer(grant, isFirst: isFirst),
            ]
        }
        return list.framed(DataTable(caption: caption, columns: columns, rows: rows))
    }

    /// A role in the clinic's words.
    static func title(_ role: String) -> String {
        StaffRole(rawValue: role)?.title ?? role
    }

    private func person(_ grant: Grant) -> HTML {
        "\(Link(grant.person.name, to: "\(GrantPages.path)/\(grant.person.id)"))"
    }

    private func use(_ grant: Grant) -> HTML {
        switch grant.use(at: sheet.now, told: sheet.usesSince) {
        case .recent(let at): "\(TimeText(at, in: time))"
        case .old(let at): "\(StatusChip(.notMet, word: "Not used"))\(note("since ", since: at))"
        case .never(let since): "\(StatusChip(.notMet, word: "Never seen used"))\(note("since ", since: since))"
        case .unknown(let since?):
            "\(StatusChip(.unknown, word: "Not seen used"))\(note("watched since ", since: since))"
        case .unknown(nil):
            "\(StatusChip(.unknown, word: "Not known"))<div class=\"note\">the log names no uses yet</div>"
        }
    }

    private func review(_ grant: Grant) -> HTML {
        guard let review = grant.review else {
            guard let since = grant.since else { return "Never" }
            return "None yet\(note("given ", since: since))"
        }
        let word = review.outcome == .keep ? "Keep" : "Remove"
        return """
            \(word), <span class="nowrap">\(time.day(review.at))</span><div class="note">by \(sheet.people[review.reviewer]?.name ?? "somebody who is gone")</div>
            """
    }

    private func state(_ grant: Grant) -> HTML {
        let by: HTML? = grant.due.map { note("by ", since: $0) }
        return switch grant.state(at: sheet.now) {
        case .toRemove: "\(StatusChip(.notMet, word: "To be taken away"))"
        case .overdue: "\(StatusChip(.notMet, word: "Overdue"))\(by)"
        case .untold:
            "\(StatusChip(.unknown, word: "Now"))<div class=\"note\">the log does not tell who gave it</div>"
        case .due: "\(StatusChip(.partial, word: "Soon"))\(by)"
        case .settled: "\(StatusChip(.met, word: "In time"))\(by)"
        }
    }

    private func answer(_ grant: Grant, isFirst: Bool) -> HTML {
        if (try? request.person().person.id) == grant.person.id { return "Somebody else confirms yours" }
        if grant.state(at: sheet.now) == .toRemove {
            let keep = ActionButton("Keep it after all", style: .secondary, name: "outcome", value: "keep")
            let link = Link("Open \(grant.person.name)", to: "/people/\(grant.person.id)")
            let way =
                grant.person.roles.count == 1
                ? "It is their only role, so an administrator must disable the account:"
                : "An administrator must take the role away:"
            return """
                <div class="actions"><span>\(way) \(link)</span>\
                \(form(grant, "\(hidden("role", grant.role))\(keep)"))</div>
                """
        }
        let buttons: HTML = """
            \(hidden("role", grant.role))\(ActionButton("Keep", style: .secondary, name: "outcome", value: "keep"))
            \(ActionButton("Remove", style: .danger, name: "outcome", value: "remove"))
            """
        let all: HTML? = isFirst && !isOwnPage ? keepAll(grant.person) : nil
        return "<div class=\"actions\">\(form(grant, buttons))\(all)</div>"
    }

    /// One answer for all roles of a person, where there is more than one to confirm.
    func keepAll(_ person: PersonSummary) -> HTML? {
        let count = sheet.grants(of: person.id).count { $0.state(at: sheet.now) != .toRemove }
        guard count > 1, (try? request.person().person.id) != person.id else { return nil }
        let button = ActionButton("Keep all \(count) roles", style: .secondary, name: "outcome", value: "keep")
        return form(person, "\(button)")
    }

    /// A remark with a day that stays in one line.
    private func note(_ words: String, since at: Instant) -> HTML {
        "<div class=\"note\">\(words)<span class=\"nowrap\">\(time.day(at))</span></div>"
    }

    private func form(_ grant: Grant, _ content: HTML) -> HTML { form(grant.person, content) }

    private func form(_ person: PersonSummary, _ content: HTML) -> HTML {
        let back: HTML = isOwnPage ? hidden("back", "person") : ""
        let path = "\(GrantPages.path)/\(person.id)"
        return "\(PostForm(action: path, csrf: request.formField, isInline: true, content: "\(back)\(content)"))"
    }

    private func hidden(_ name: String, _ value: String) -> HTML {
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
    }
}
