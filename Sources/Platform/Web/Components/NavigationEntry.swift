// SPDX-License-Identifier: Apache-2.0

/// How something is searched at a place.
package struct PlaceSearch: Sendable, Hashable {
    /// What is searched for, e.g. `patients`.
    package let noun: String
    /// The field that holds the words.
    package let field: String
    /// Whether the words may stand in the address. Names of patients may not.
    package let isInAddress: Bool

    /// A search for `noun` by the words in `field`.
    package init(_ noun: String, field: String, isInAddress: Bool) {
        self.noun = noun
        self.field = field
        self.isInAddress = isInAddress
    }
}

/// A place that the visitor may go to; the order is the caller's.
package struct NavigationEntry: Sendable {
    /// The words of the link.
    package var title: String
    /// The path inside this site.
    package var path: String
    /// True for the part of the site that is shown.
    package var isCurrent: Bool
    /// The heading under which it stands; entries of one group must follow each other.
    package var group: String?
    /// How much waits there for the visitor.
    package var count: Int
    /// One sentence about it.
    package var summary: String
    /// Other words by which people look for it.
    package var synonyms: String
    /// Whether it stands in the menu; else only the palette leads there.
    package var isInMenu: Bool
    /// How something is searched there; nil where nothing is.
    package var search: PlaceSearch?

    /// An entry of the navigation.
    package init(
        _ title: String, path: String, isCurrent: Bool = false, group: String? = nil, count: Int = 0,
        summary: String = "", synonyms: String = "", isInMenu: Bool = true, search: PlaceSearch? = nil
    ) {
        self.title = title
        self.path = path
        self.isCurrent = isCurrent
        self.group = group
        self.count = count
        self.summary = summary
        self.synonyms = synonyms
        self.isInMenu = isInMenu
        self.search = search
    }
}
