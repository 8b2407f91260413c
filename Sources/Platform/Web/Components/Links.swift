// SPDX-License-Identifier: Apache-2.0

/// A link inside this site.
package struct Link: Component {
    /// The words.
    package var title: String
    /// The path; anything that leaves this site becomes `#`.
    package var path: String
    /// How it looks.
    package var style: LinkStyle

    /// A link inside this site.
    package init(_ title: String, to path: String, style: LinkStyle = .text) {
        self.title = title
        self.path = path
        self.style = style
    }

    /// The link.
    package var html: HTML {
        "<a\(attribute: "class", style.styleClass) href=\"\(path: path)\">\(title)</a>"
    }
}

/// How a link looks.
package enum LinkStyle: Sendable {
    /// Like a link.
    case text
    /// Like the one button that matters.
    case primary
    /// Like a button.
    case secondary

    var styleClass: String? {
        switch self {
        case .text: nil
        case .primary: "button button-primary"
        case .secondary: "button"
        }
    }
}

/// The way from the top to the page.
package struct Breadcrumb: Component {
    /// The pages above this one, top first.
    package var parents: [Link]
    /// This page.
    package var current: String

    /// The way from the top to the page.
    package init(_ parents: [Link], current: String) {
        self.parents = parents
        self.current = current
    }

    /// The way.
    package var html: HTML {
        let links: [HTML] = parents.map { "<li>\($0)</li>" }
        return """
            <nav class="breadcrumb" aria-label="Breadcrumb"><ol>\(links)\
            <li aria-current="page">\(current)</li></ol></nav>
            """
    }
}

/// Views of one thing, as links: each has its own address.
package struct TabBar: Component {
    /// One view.
    package struct Tab: Sendable {
        var title: String
        var path: String
        var isCurrent: Bool
        var count: Int?

        /// One view; the count stands beside the title.
        package init(_ title: String, path: String, isCurrent: Bool = false, count: Int? = nil) {
            self.title = title
            self.path = path
            self.isCurrent = isCurrent
            self.count = count
        }
    }

    /// The name of the set for screen readers.
    package var label: String
    /// The views.
    package var tabs: [Tab]

    /// Views of one thing, as links.
    package init(label: String, _ tabs: [Tab]) {
        self.label = label
        self.tabs = tabs
    }

    /// The bar.
    package var html: HTML {
        "<nav class=\"tabs\" aria-label=\"\(label)\"><ul>\(tabs.map(item))</ul></nav>"
    }

    private func item(_ tab: Tab) -> HTML {
        let figure: HTML? = tab.count.map { " <span class=\"tab-count\">\(grouped($0))</span>" }
        return """
            <li><a href="\(path: tab.path)"\(attribute: "aria-current", tab.isCurrent ? "page" : nil)>\(tab.title)\
            \(figure)</a></li>
            """
    }
}
