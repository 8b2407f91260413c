// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The pages on which people say who still needs which role.
struct GrantPages: Sendable {
    let desk: GrantDesk
    let house: House

    static let path = "/access/reviews"

    func add(to site: inout Site) {
        let action = AccessActions.reviewGrants
        site.get(Self.path, action) { request in
            let own = try await OwnChanges.read(house)
            return .page("Access reviews", list(try await desk.sheet(), own, request))
        }
        site.get("\(Self.path)/roles.csv", action) { _ in
            let bytes = GrantDocument(sheet: try await desk.sheet()).csv
            return Answer(
                headers: [("content-disposition", "attachment; filename=\"access-reviews.csv\"")],
                body: .bytes(bytes, mediaType: "text/csv; charset=utf-8"))
        }
        site.get("\(Self.path)/{person}", action) { request in
            let person: Identifier<Kernel.Person> = try request.identifier("person")
            let sheet = try await desk.sheet()
            guard let summary = sheet.people[person] else { throw Fault(.notFound, "There is no such person.") }
            let page = GrantHistoryPage(
                person: summary, sheet: sheet, history: try await desk.history(of: person), time: house.localTime)
            return .page(summary.name, page.content(request))
        }
        site.post("\(Self.path)/{person}", action) { request in try await review(request) }
    }

    private func review(_ request: PageRequest) async throws -> Answer {
        let person: Identifier<Kernel.Person> = try request.identifier("person")
        let reviewer = try request.person().person.id
        switch (request.form["role"], request.form["outcome"].flatMap(GrantReview.Outcome.init(rawValue:))) {
        case (let role?, let outcome?): try await desk.review(role, of: person, outcome, by: reviewer)
        case (nil, .keep): try await desk.keepAll(of: person, by: reviewer)
        default: throw Fault(.invalidInput, "Say whether to keep or to remove the role: /access/reviews")
        }
        return .seeOther(request.form["back"] == nil ? Self.path : "\(Self.path)/\(person)")
    }

    private func list(_ sheet: GrantDesk.Sheet, _ own: OwnChanges, _ request: PageRequest) -> HTML {
        let rows = GrantRows(sheet: sheet, time: house.localTime, request: request)
        let actions: HTML = """
            \(Link(LeaverPages.title, to: LeaverPages.path, style: .secondary))\
            \(Link("Download for an auditor", to: "\(Self.path)/roles.csv", style: .secondary))
            """
        return """
            \(PageHeading("Access reviews", lead: Self.lead, actions: actions))
            \(own.callout(sheet.people.mapValues(\.name), house.localTime))
            \(Self.coverage(sheet))
            \(sheet.isComplete ? nil : Self.incomplete)
            \(rows.section("To be taken away", .toRemove))
            \(rows.section("Overdue", .overdue, .untold))
            \(rows.section("Due soon", .due))
            \(nothingDue(sheet))
            \(rows.section("Not due yet", .settled))
            """
    }

    private static let lead = """
        Somebody other than its holder confirms each role: every 30 days where it can change what others may do, \
        every 90 days otherwise.
        """

    private static let incomplete = Callout(
        .info, "The evidence log is still being read", content: "The last uses of roles may be newer than shown here.")

    private static func coverage(_ sheet: GrantDesk.Sheet) -> CoverageBar {
        CoverageBar(
            met: sheet.grants.count { $0.isInTime(at: sheet.now) }, of: sheet.grants.count,
            unmeasured: sheet.grants(.untold).count, noun: "roles in time")
    }

    private func nothingDue(_ sheet: GrantDesk.Sheet) -> HTML? {
        guard sheet.grants.allSatisfy({ $0.state(at: sheet.now) == .settled }), !sheet.grants.isEmpty else {
            return nil
        }
        let next: HTML? = sheet.grants.compactMap(\.due).min().map {
            "The next role has to be confirmed by \(house.localTime.day($0))."
        }
        return "\(Callout(.success, "Nothing is due", content: next ?? ""))"
    }
}
