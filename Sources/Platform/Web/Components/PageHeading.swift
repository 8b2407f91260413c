// SPDX-License-Identifier: Apache-2.0

/// The top of a page: its `h1`, one sentence about it, and what can be done here.
package struct PageHeading: Component {
    /// The `h1`.
    package var title: String
    /// One sentence, nil for none.
    package var lead: String?
    /// Buttons and links.
    package var actions: HTML

    /// The top of a page.
    package init(_ title: String, lead: String? = nil, actions: HTML = "") {
        self.title = title
        self.lead = lead
        self.actions = actions
    }

    /// The heading.
    package var html: HTML {
        let sentence: HTML? = lead.map { "<p class=\"lead\">\($0)</p>" }
        let buttons: HTML? = actions.isEmpty ? nil : "<div class=\"actions\">\(actions)</div>"
        return """
            <div class="page-heading"><div><h1>\(title)</h1>\(sentence)</div>\(buttons)</div>
            """
    }
}

/// A part of a page under an `h2`, with a hairline above it.
package struct PageSection: Component {
    /// The `h2`.
    package var title: String
    /// A figure beside the title, e.g. a count; nil for none.
    package var note: String?
    /// The fragment that links lead to, nil for none.
    package var id: String?
    /// Buttons and links beside the title.
    package var actions: HTML
    /// What is in it.
    package var content: HTML

    /// A part of a page under an `h2`.
    package init(_ title: String, note: String? = nil, id: String? = nil, actions: HTML = "", content: HTML) {
        self.title = title
        self.note = note
        self.id = id
        self.actions = actions
        self.content = content
    }

    /// The section.
    package var html: HTML {
        let figure: HTML? = note.map { "<span class=\"section-note\">\($0)</span>" }
        let buttons: HTML? = actions.isEmpty ? nil : "<div class=\"actions\">\(actions)</div>"
        return """
            <section class="section"\(attribute: "id", id)>
            <div class="section-heading"><h2>\(title)</h2>\(figure)\(buttons)</div>
            \(content)
            </section>
            """
    }
}
