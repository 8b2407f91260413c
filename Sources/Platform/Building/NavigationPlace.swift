// SPDX-License-Identifier: Apache-2.0

package import Kernel
package import Web

/// The headings under which the console's places stand, in their order.
package enum NavigationGroup: Int, Sendable, CaseIterable {
    /// How everything stands; it needs no heading.
    case overview
    case care, people, protection, evidence
    /// The visitor's own account.
    case own

    /// What stands above its places; nil for none.
    package var title: String? {
        switch self {
        case .overview: nil
        case .care: "Care"
        case .people: "People and access"
        case .protection: "Protection"
        case .evidence: "Evidence and settings"
        case .own: "Yourself"
        }
    }
}

/// A place that the navigation or the palette leads to; shown to those who may go there.
package struct NavigationPlace: Sendable {
    /// What it says.
    package let title: String
    /// Where it leads.
    package let path: String
    /// What one must be allowed to do for it to be shown.
    package let action: Action
    /// Where it stands.
    package let group: NavigationGroup
    /// Its place in the order of its group, small first.
    package let order: Int
    /// One sentence for somebody who does not know it yet.
    package let summary: String
    /// Other words by which people look for it, e.g. `audit trail`.
    package let synonyms: String
    /// Whether it stands in the menu; the others are found by the palette and on the page that lists everything.
    package let isInMenu: Bool
    /// How something is searched there; nil where nothing is.
    package let search: PlaceSearch?
    /// How much waits there for somebody; nil where nothing ever waits.
    package let waiting: (@Sendable (SignedIn) async throws -> Int)?
    /// What the first page says to whomever that much waits for; nil for what is told there in another way.
    package let task: (@Sendable (Int) -> String)?
    /// Whether it is shown only to those for whom something waits there.
    package let isHiddenWhileEmpty: Bool

    /// A place.
    package init(
        _ title: String, path: String, action: Action, in group: NavigationGroup, order: Int, summary: String,
        synonyms: String = "", isInMenu: Bool = true, search: PlaceSearch? = nil, isHiddenWhileEmpty: Bool = false,
        waiting: (@Sendable (SignedIn) async throws -> Int)? = nil, task: (@Sendable (Int) -> String)? = nil
    ) {
        self.title = title
        self.path = path
        self.action = action
        self.group = group
        self.order = order
        self.summary = summary
        self.synonyms = synonyms
        self.isInMenu = isInMenu
        self.search = search
        self.waiting = waiting
        self.task = task
        self.isHiddenWhileEmpty = isHiddenWhileEmpty
    }
}
