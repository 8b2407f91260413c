// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

extension DraftPages {
    /// The versions, and what is proposed.
    func list(_ request: PageRequest) async throws -> Answer {
        let (all, names) = (try await desk.all(), try await names())
        let mayDraft = try await may(AccessActions.draftRules, request)
        let version = try await desk.version()
        let notes = try await desk.notes(of: all)
        let waiting = try await desk.impacts.rules.draftsWaiting(for: try request.person())
        let new: HTML =
            mayDraft ? "\(Link("New draft", to: "\(Self.path)/new", style: .primary))" : ""
        return .page(
            Self.title,
            """
            \(PageHeading(Self.title,
                lead: "Other rules begin as a draft; before they hold, everybody who gains or loses anything is listed.",
                actions: "\(Link(RulePages.title, to: RulePages.path, style: .secondary))\(new)"))
            \(PageSection("Drafts", content: drafts(all.filter(\.isOpen), names, notes, waiting)))
            \(PageSection("Versions", content: versions(all.filter { $0.version != nil }, names, notes, version, mayDraft)))
            \(withdrawn(all.filter(\.isWithdrawn), names))
            """)
    }

    private typealias Notes = [Identifier<Kernel.Record>: String]

    /// The beginning of a note, by which people tell drafts apart.
    private static func excerpt(_ note: String?) -> HTML {
        guard let note, !note.isEmpty else { return "<span class=\"note\">None</span>" }
        return note.count > 120 ? "\(String(note.prefix(120)))…" : "\(note)"
    }

    /// Where an open draft stands, as whoever looks sees it.
    private static func chip(_ draft: RuleDraft, isForReader: Bool) -> StatusChip {
        if draft.isSentBack { return StatusChip(.partial, word: isForReader ? "Sent back to you" : "Sent back") }
        guard draft.proposed != nil else { return StatusChip(.unknown, word: "In the making") }
        return StatusChip(.partial, word: isForReader ? "Waits for you" : "Waiting")
    }

    private func drafts(
        _ drafts: [RuleDraft], _ names: [Identifier<Kernel.Person>: String], _ notes: Notes,
        _ waiting: Set<Identifier<Kernel.Record>>
    ) -> HTML {
        DataTable(
            caption: "Drafts", columns: [.init("Draft"), .init("Note"), .init("By"), .init("State"), .init("Saved")],
            rows: drafts.map { draft in
                [
                    "\(Link("Draft of \(house.localTime.text(draft.created))", to: Self.path(draft.id)))",
                    Self.excerpt(notes[draft.id]), "\(name(draft.author, names))",
                    "\(Self.chip(draft, isForReader: waiting.contains(draft.id)))",
                    "\(TimeText(draft.saved, in: house.localTime))",
                ]
            }, empty: EmptyState("No drafts", text: "Nobody proposes other rules at the moment.")
        ).html
    }

    private func versions(
        _ versions: [RuleDraft], _ names: [Identifier<Kernel.Person>: String], _ notes: Notes, _ current: Int64,
        _ mayDraft: Bool
    ) -> HTML {
        var rows: [[HTML]] = versions.sorted { ($0.version ?? 0) > ($1.version ?? 0) }.map { rules in
            let number = rules.version ?? 0
            return [
                "<span class=\"nowrap\">\(Link("Version \(number)", to: Self.path(rules.id)))</span>",
                number == current ? "\(StatusChip(.met, word: "In force"))" : "Earlier",
                Self.excerpt(notes[rules.id]), "\(name(rules.author, names))",
                rules.closed.map { "\(TimeText($0, in: house.localTime))" } ?? "",
                number == current || !mayDraft ? "" : back(to: number),
            ]
        }
        rows.append([
            "<span class=\"nowrap\">Version 0</span>",
            current == 0 ? "\(StatusChip(.met, word: "In force"))" : "Earlier",
            "The rules with which every clinic starts", "Part of Salus", "From the beginning",
            current == 0 || !mayDraft ? "" : back(to: 0),
        ])
        return DataTable(
            caption: "Versions",
            columns: [
                .init("Version"), .init("State"), .init("Note"), .init("By"), .init("In force since"), .init("Go back"),
            ],
            rows: rows
        ).html
    }

    private func back(to version: Int64) -> HTML {
        "\(Link("Go back to version \(version)", to: "\(Self.path)/new?from=\(version)"))"
    }

    private func withdrawn(_ drafts: [RuleDraft], _ names: [Identifier<Kernel.Person>: String]) -> HTML? {
        guard !drafts.isEmpty else { return nil }
        let items: [HTML] = drafts.map { draft in
            "<li>\(Link("Draft of \(house.localTime.text(draft.created))", to: Self.path(draft.id))) by \(name(draft.author, names))</li>"
        }
        return "<details class=\"prose\"><summary>Withdrawn drafts</summary><ul>\(items)</ul></details>"
    }
}
