// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// Every place that is open to whoever asks, with one sentence about each.
struct FindPage: Sendable {
    let places: Places

    func add(to site: inout Site) {
        site.get("/find", ConsoleActions.find) { request in
            let open = try await places.open(to: request.visitor).filter { !$0.isHiddenWhileEmpty }
            let sections: [HTML] = NavigationGroup.allCases.compactMap { group in
                let own = open.filter { $0.group == group }
                return own.isEmpty ? nil : PageSection(group.title ?? "Posture", content: list(own)).html
            }
            let heading = PageHeading(
                "Find a page", lead: "Everything that is open to you. Ctrl-K opens the same list on every page.")
            return .page("Find a page", "\(heading)<div class=\"place-columns\">\(sections)</div>")
        }
    }

    private func list(_ places: [NavigationPlace]) -> HTML {
        let items: [HTML] = places.map { place in
            "<li>\(Link(place.title, to: place.path))<span class=\"note\">\(place.summary)</span></li>"
        }
        return "<ul class=\"place-list\">\(items)</ul>"
    }
}
