// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The places of the console, and which of them are open to whom.
struct Places: Sendable {
    /// All of them, in their order.
    let all: [NavigationPlace]
    private let house: House

    init(_ places: [NavigationPlace], _ house: House) {
        all = places.sorted { ($0.group.rawValue, $0.order) < ($1.group.rawValue, $1.order) }
        self.house = house
    }

    /// Those that are open to `visitor`. What is asked of several is decided once.
    func open(to visitor: Visitor) async throws -> [NavigationPlace] {
        var decided: [String: Bool] = [:]
        var open: [NavigationPlace] = []
        for place in all {
            let id = place.action.id
            if decided[id] == nil {
                decided[id] = try await house.authorizer.decide(place.action, for: visitor).isAllowed
            }
            if decided[id] == true { open.append(place) }
        }
        return open
    }

    /// What the menu and the palette show to `visitor` on the page at `path`.
    func entries(for visitor: Visitor, at path: String) async throws -> [NavigationEntry] {
        // Of two places one below the other, the page belongs to the lower one.
        let current = all.filter { $0.isInMenu && $0.holds(path) }.max { $0.path.utf8.count < $1.path.utf8.count }?.path
        var entries: [NavigationEntry] = []
        for place in try await open(to: visitor) {
            let count = await place.amount(for: visitor) ?? 0
            guard !place.isHiddenWhileEmpty || count > 0 else { continue }
            entries.append(
                NavigationEntry(
                    place.title, path: place.path, isCurrent: place.path == current, group: place.group.title,
                    count: count, summary: place.summary, synonyms: place.synonyms, isInMenu: place.isInMenu,
                    search: place.search))
        }
        return entries
    }
}

extension NavigationPlace {
    /// How much waits there for the visitor; nil where nothing ever does. A page is not kept back because that cannot be
    /// counted.
    func amount(for visitor: Visitor) async -> Int? {
        guard let waiting, let person = visitor.person else { return nil }
        return (try? await waiting(person)) ?? 0
    }

    /// Whether the page at `path` belongs to it.
    fileprivate func holds(_ page: String) -> Bool {
        path == "/" ? page == "/" || page.hasPrefix("/posture") : page.hasPrefix(path)
    }
}

extension Visitor {
    /// The session of the visitor, if there is one.
    var person: SignedIn? {
        if case .person(let signedIn) = self { signedIn } else { nil }
    }
}
