// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The roles of one person and everything that was said about them.
struct GrantHistoryPage {
    let person: PersonSummary
    let sheet: GrantDesk.Sheet
    let history: [GrantReview]
    let time: LocalTime

    func content(_ request: PageRequest) -> HTML {
        let rows = GrantRows(sheet: sheet, time: time, request: request, isOwnPage: true)
        let grants = sheet.grants(of: person.id)
        let isOwn = (try? request.person().person.id) == person.id
        let keepAll: HTML? = rows.keepAll(person)
        return """
            \(Breadcrumb([Link("Access reviews", to: GrantPages.path)], current: person.name))
            \(PageHeading(person.name, lead: "Sign-in name \(person.login)", actions: keepAll ?? ""))
            \(isOwn ? Callout(.info, "These are your own roles", content: "Somebody else who may review roles confirms them.") : nil)
            \(PageSection("Roles", content: grants.isEmpty ? closed.html : rows.table(grants, "Roles of \(person.name)")))
            \(PageSection("History", content: entries.isEmpty ? "<p>Nothing is known yet.</p>" : "\(Timeline(entries))"))
            """
    }

    private var closed: EmptyState {
        person.isEnabled
            ? EmptyState("No roles", text: "\(person.name) has no role, so there is nothing to confirm.")
            : EmptyState(
                "Disabled", text: "\(person.name) cannot sign in: there is nothing to confirm until that changes.")
    }

    private var entries: [Timeline.Entry] {
        let given: [(at: Instant, entry: Timeline.Entry)] = sheet.grants(of: person.id).compactMap { grant in
            grant.since.map { ($0, entry($0, "\(GrantRows.title(grant.role)) given")) }
        }
        let reviewed = history.flatMap { review -> [(at: Instant, entry: Timeline.Entry)] in
            let (role, by) = (
                GrantRows.title(review.role), sheet.people[review.reviewer]?.name ?? "somebody who is gone"
            )
            let isKept = review.outcome == .keep
            let said = entry(
                review.at, isKept ? "\(role) confirmed by \(by)" : "\(role) refused by \(by)",
                isKept ? .met : review.closed == nil ? .notMet : .partial)
            // One that somebody else's word replaced ends with that word.
            guard let closed = review.closed, !history.contains(where: { $0.at == closed && $0.role == review.role })
            else { return [(review.at, said)] }
            return [(review.at, said), (closed, entry(closed, "\(role) is gone", .met))]
        }
        return (given + reviewed).sorted { $0.at > $1.at }.map(\.entry)
    }

    private func entry(_ at: Instant, _ title: String, _ state: StatusChip.State? = nil) -> Timeline.Entry {
        Timeline.Entry(time: "\(TimeText(time.day(at), exact: at.rfc3339))", title: "\(title)", state: state)
    }
}
