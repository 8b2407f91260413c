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
        let judged = all.filter { $0.review != nil }
        // What is due first comes first; what is one of many before everything else.
        let waiting = all.filter { $0.review == nil }.sorted {
            $0.isOneOfMany == $1.isOneOfMany ? $0.due < $1.due : $0.isOneOfMany
        }
        func count(_ state: Emergency.State) -> Int { all.count { $0.state(at: now) == state } }
        let counts = """
            \(count(.open)) open, \(count(.ended)) waiting for review, \(count(.overdue)) overdue, \
            \(count(.reviewed)) reviewed in the last \(EmergencyReviews.days) days.
            """
        let late: HTML? =
            count(.overdue) > 0
            ? Callout(.danger, "Reviews are overdue", content: "Each was due 72 hours after its chart was opened.").html
            : nil
        return .page(
            "Emergencies",
            """
            \(PageHeading("Emergencies", lead: counts))\(late)
            \(PageSection("To review", note: "\(waiting.count)", content: table(
                waiting, people, now, caption: "Emergencies to review", empty: EmptyState(
                    "Nothing waits for review",
                    text: "When somebody opens a chart in an emergency, it stands here until somebody else has reviewed it."))))
            \(PageSection("Reviewed", note: "\(judged.count)", content: table(
                judged, people, now, caption: "Emergencies that were reviewed", empty: EmptyState(
                    "Nothing was reviewed", text: "Reviews of the last \(EmergencyReviews.days) days stand here."))))
            """)
    }

    private func table(
        _ emergencies: [Emergency], _ people: [Identifier<Person>: String], _ now: Instant, caption: String,
        empty: EmptyState
    ) -> HTML {
        let rows: [[HTML]] = emergencies.map { emergency in
            let name = people[emergency.person] ?? "A person who is no longer here"
            let many: HTML? = emergency.isOneOfMany ? " \(ManyChip())" : nil
            return [
                "\(Link(name, to: "\(Self.path)/\(emergency.id)"))",
                "\(TimeText(emergency.opened, in: house.localTime))",
                "\(emergency.reason.title)", "\(emergency.chip(at: now))\(many)",
                emergency.review.map { "\(TimeText($0.at, in: house.localTime))" }
                    ?? "\(TimeText(emergency.due, in: house.localTime))",
            ]
        }
        let last = emergencies.first?.review == nil ? "Due" : "Reviewed"
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
}
