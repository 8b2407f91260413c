// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// The list of emergencies, and each one with its review: for those who answer for who sees what.
struct ReviewPages: Sendable {
    let desk: EmergencyDesk
    let house: House
    let page: EmergencyReviewPage

    /// Where the list is.
    static let path = "/access/emergencies"

    func add(to site: inout Site) {
        let emergency: @Sendable (PageRequest) -> EntityReference = {
            EntityReference(type: "break-glass", id: $0.parameters["emergency"] ?? "")
        }
        let one = "\(Self.path)/{emergency}"
        site.get(Self.path, AccessActions.readEmergencies) { try await list($0) }
        site.get(one, AccessActions.readEmergencies) { request in
            let emergency = try await self.emergency(request)
            return .page("Emergency", try await page.html(of: emergency, request))
        }
        site.post("\(one)/end", AccessActions.reviewEmergency, on: emergency) { try await end($0) }
        site.post("\(one)/review", AccessActions.reviewEmergency, on: emergency) { try await review($0) }
        site.post("\(one)/close", AccessActions.reviewEmergency, on: emergency) { try await closeFollowUp($0) }
    }

    private func emergency(_ request: PageRequest) async throws -> Emergency {
        let id: Identifier<Emergency> = try request.identifier("emergency")
        return try await house.store.read { tx in try tx.emergency(id) }
    }

    private func list(_ request: PageRequest) async throws -> Answer {
        let (now, all) = try await house.store.read { tx in
            (tx.now, try tx.emergencies(since: tx.now.advanced(by: .zero - .days(EmergencyReviews.days))))
        }
        let people = Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first }
        let states = Dictionary(all.map { ($0.id, $0.state(at: now)) }) { first, _ in first }
        func count(_ state: Emergency.State) -> Int { states.values.count { $0 == state } }
        // What is due first comes first; what is one of many before everything else.
        let waiting = all.filter { $0.review == nil }.sorted {
            $0.isOneOfMany == $1.isOneOfMany ? $0.due < $1.due : $0.isOneOfMany
        }
        let followUps = all.filter { states[$0.id]?.isFollowUp ?? false }.sorted { $0.due(at: now) < $1.due(at: now) }
        let judged = all.filter { states[$0.id] == .reviewed }
        let numbers = [
            (count(.open), "open"), (count(.ended), "waiting for review"), (count(.overdue), "overdue"),
            (followUps.count, "with an open follow-up"), (judged.count, "reviewed"),
        ]
        let told = numbers.filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }.joined(separator: ", ")
        let counts = told.isEmpty ? "None in the last \(EmergencyReviews.days) days." : "\(told)."
        let rows = Rows(people: people, now: now)
        let followUpSection: HTML? =
            followUps.isEmpty
            ? nil
            : PageSection(
                "Follow-up open", note: "\(followUps.count)",
                content: table(followUps, rows, caption: "Emergencies whose follow-up is open", "Follow-up due")
            ).html
        return .page(
            "Emergencies",
            """
            \(PageHeading("Emergencies", lead: counts))\
            \(Self.late(reviews: count(.overdue), followUps: count(.followUpOverdue)))
            \(PageSection("To review", note: "\(waiting.count)", content: table(
                waiting, rows, caption: "Emergencies to review", "Review due", empty: EmptyState(
                    "Nothing waits for review",
                    text: "When somebody opens a chart in an emergency, it stands here until somebody else has reviewed it."))))
            \(followUpSection)
            \(PageSection("Reviewed", note: "\(judged.count)", content: table(
                judged, rows, caption: "Emergencies that were reviewed", "Reviewed", empty: EmptyState(
                    "Nothing was reviewed", text: "Reviews of the last \(EmergencyReviews.days) days stand here."))))
            """)
    }

    /// What has waited too long.
    private static func late(reviews: Int, followUps: Int) -> HTML {
        let review: HTML? =
            reviews > 0
            ? Callout(.danger, "Reviews are overdue", content: "Each was due 72 hours after its chart was opened.").html
            : nil
        let followUp: HTML? =
            followUps > 0
            ? Callout(
                .danger, "Follow-ups are late", content: "Each was due 14 days after the review that asked for it."
            ).html
            : nil
        return "\(review)\(followUp)"
    }

    /// What all rows have in common.
    private struct Rows {
        let people: [Identifier<Person>: String]
        let now: Instant
    }

    private func table(
        _ emergencies: [Emergency], _ common: Rows, caption: String, _ last: String, empty: EmptyState? = nil
    ) -> HTML {
        let rows: [[HTML]] = emergencies.map { emergency in
            let name = common.people[emergency.person] ?? "A person who is no longer here"
            let many: HTML? = emergency.isOneOfMany ? " \(ManyChip())" : nil
            return [
                "\(Link(name, to: "\(Self.path)/\(emergency.id)"))",
                "\(TimeText(emergency.opened, in: house.localTime))",
                "\(emergency.reason.title)", "\(emergency.chip(at: common.now))\(many)",
                "\(TimeText(emergency.due(at: common.now), in: house.localTime))",
            ]
        }
        return DataTable(
            caption: caption,
            columns: [.init("Who"), .init("Opened"), .init("Why"), .init("State"), .init(last)], rows: rows,
            empty: empty
        ).html
    }

    private func end(_ request: PageRequest) async throws -> Answer {
        let id: Identifier<Emergency> = try request.identifier("emergency")
        // It takes a chart from somebody who may be treating: a session that was left open must not do that.
        guard try await house.isProved(request) else {
            var typed = EmergencyReviewPage.Typed()
            typed.proofError = request.form[ProofField.name] == nil ? "It was too long ago." : ProofField.wrong
            let page = try await page.html(of: try await emergency(request), request, typed)
            return .page("Emergency", status: 422, page)
        }
        try await desk.end(id, byReviewer: try request.person().person.id)
        return .seeOther("\(Self.path)/\(id)")
    }

    private func review(_ request: PageRequest) async throws -> Answer {
        let emergency = try await emergency(request)
        let words = request.form["words"] ?? ""
        let note = EmergencyNote(words, length: 1...500)
        var typed = EmergencyReviewPage.Typed(finding: request.form["finding"] ?? "", words: words)
        let finding = Emergency.Finding(rawValue: typed.finding)
        let isTooLong = note == nil && !words.allSatisfy(\.isWhitespace)
        guard let finding, !isTooLong else {
            typed.findingError = finding == nil ? "Choose what you found." : nil
            typed.wordsError = isTooLong ? "Write at most 500 characters." : nil
            return .page("Emergency", status: 422, try await page.html(of: emergency, request, typed))
        }
        guard try await house.isProved(request) else {
            typed.proofError = request.form[ProofField.name] == nil ? "It was too long ago." : ProofField.wrong
            return .page("Emergency", status: 422, try await page.html(of: emergency, request, typed))
        }
        try await desk.review(emergency.id, finding, note, by: try request.person().person.id)
        return .seeOther("\(Self.path)/\(emergency.id)")
    }

    private func closeFollowUp(_ request: PageRequest) async throws -> Answer {
        let emergency = try await emergency(request)
        let words = request.form["words"] ?? ""
        var typed = EmergencyReviewPage.Typed(finding: request.form["finding"] ?? "", words: words)
        let (finding, note) = (Emergency.Finding(rawValue: typed.finding), EmergencyNote(words))
        guard let finding, let note else {
            typed.findingError = finding == nil ? "Choose what came out of it." : nil
            typed.wordsError = note == nil ? "Write 10 to 500 characters: who was asked, and what did they say?" : nil
            return .page("Emergency", status: 422, try await page.html(of: emergency, request, typed))
        }
        guard try await house.isProved(request) else {
            typed.proofError = request.form[ProofField.name] == nil ? "It was too long ago." : ProofField.wrong
            return .page("Emergency", status: 422, try await page.html(of: emergency, request, typed))
        }
        try await desk.closeFollowUp(emergency.id, finding, note, by: try request.person().person.id)
        return .seeOther("\(Self.path)/\(emergency.id)")
    }
}

extension Emergency {
    /// When what comes next is due, or when it was judged.
    fileprivate func due(at now: Instant) -> Instant {
        switch state(at: now) {
        case .open, .ended, .overdue: due
        case .followUp, .followUpOverdue: followUpDue ?? due
        case .reviewed: judgement?.at ?? due
        }
    }
}
