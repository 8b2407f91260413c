// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The first page of this practice: what there is for whoever looks.
struct HubPages: Sendable {
    let house: House

    private static let places: [(title: String, words: String, go: String, path: String, action: Action)] = [
        (
            RulePages.title, "Every rule that holds now in plain words, and how often it decided.", "Read the rules",
            RulePages.path, AccessActions.readRules
        ),
        (
            DraftPages.title, "Drafts with all that they would open and close, and earlier versions.",
            "Look at drafts", DraftPages.path, AccessActions.readRules
        ),
        (
            "Who can see a patient's records", "Everybody who can, by which rule; and who has seen them.",
            "Ask about a patient", "/access/patients", AccessActions.seeReaders
        ),
        (
            "Departments, numbers and shifts", "What care teams need to know of the people of the clinic.",
            "Look after staff", "/access/staff", AccessActions.manageStaff
        ),
        (
            "Access reviews", "Who still needs which role, and who has to say so by when.", "Review roles",
            GrantPages.path, AccessActions.reviewGrants
        ),
        (
            LeaverPages.title, "Whose account was closed, and that they can do nothing any more.",
            "Look at people who left", LeaverPages.path, AccessActions.reviewGrants
        ),
    ]

    func add(to site: inout Site) {
        site.get("/access", AccessActions.readRules) { request in
            var cards: [Card] = []
            for place in Self.places {
                let decision = try await house.authorizer.decide(
                    AccessRequest(
                        principal: request.visitor.principal, action: place.action, resource: Site.institution,
                        assurance: request.visitor.assurance))
                guard decision.isAllowed else { continue }
                cards.append(
                    Card(
                        place.title, content: "<p>\(place.words)</p>",
                        action: Link(place.go, to: place.path).html))
            }
            let names = Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first }
            let own = try await OwnChanges.read(house).callout(names, house.localTime)
            let lead = "Who may do what here, who did it, and by which rule."
            return .page(
                "Access",
                """
                \(PageHeading("Access", lead: lead))\(own)\
                \(PageSection("What you can look up and change", content: CardGrid(cards).html))
                """)
        }
    }
}
