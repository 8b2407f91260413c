// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The first page of this practice: what there is for whoever looks.
struct HubPages: Sendable {
    /// Where it is.
    static let path = "/access"

    let house: House
    /// What it leads to, in this order.
    let places: [NavigationPlace]

    func add(to site: inout Site) {
        site.get(Self.path, AccessActions.readRules) { request in
            var cards: [Card] = []
            for place in places where try await house.authorizer.decide(place.action, for: request.visitor).isAllowed {
                let link = Link("Open \(place.title)", to: place.path)
                cards.append(Card(place.title, content: "<p>\(place.summary)</p>", action: link.html))
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
