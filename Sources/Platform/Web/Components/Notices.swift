// SPDX-License-Identifier: Apache-2.0

/// A boxed remark that a reader should not miss.
package struct Callout: Component {
    /// How much it matters.
    package enum Kind: Sendable, CaseIterable {
        /// Good to know.
        case info
        /// Something will go wrong if nothing is done.
        case warning
        /// Something is wrong, or cannot be undone.
        case danger
        /// Something was done.
        case success
    }

    /// How much it matters.
    package var kind: Kind
    /// The headline.
    package var title: String
    /// The text below it.
    package var content: HTML

    /// A boxed remark.
    package init(_ kind: Kind, _ title: String, content: HTML = "") {
        self.kind = kind
        self.title = title
        self.content = content
    }

    /// The remark; dangers are announced by screen readers at once.
    package var html: HTML {
        let role = kind == .danger ? "alert" : "note"
        let text: HTML? = content.isEmpty ? nil : "<div>\(content)</div>"
        return """
            <div class="callout \(styleClass)" role="\(role)">\(icon)<div class="callout-text">\
            <strong>\(title)</strong>\(text)</div></div>
            """
    }

    private var icon: Icon {
        switch kind {
        case .info: .info
        case .warning: .warning
        case .danger: .danger
        case .success: .met
        }
    }

    private var styleClass: HTML {
        switch kind {
        case .info: "is-info"
        case .warning: "is-warning"
        case .danger: "is-danger"
        case .success: "is-success"
        }
    }
}

/// Says that there is nothing here, why, and what would bring something.
package struct EmptyState: Component {
    /// What is missing, e.g. `No devices yet`.
    package var title: String
    /// Why, and what to do.
    package var text: String
    /// A button or link.
    package var action: HTML

    /// Says that there is nothing here.
    package init(_ title: String, text: String, action: HTML = "") {
        self.title = title
        self.text = text
        self.action = action
    }

    /// The notice.
    package var html: HTML {
        let button: HTML? = action.isEmpty ? nil : "<div class=\"actions\">\(action)</div>"
        return """
            <div class="empty-state"><p class="empty-title">\(title)</p><p>\(text)</p>\(button)</div>
            """
    }
}

/// The main part of an error page; put it into a frame.
package struct ErrorNotice: Component {
    /// The HTTP status code.
    package var code: Int
    /// What happened, in the reader's words; without secrets and without patients.
    package var whatHappened: String
    /// One or two sentences more, nil for none.
    package var explanation: String?
    /// Buttons to go on in spite of it.
    package var ways: HTML
    /// What the reader can do, in order.
    package var nextSteps: [HTML]
    /// What the reader may read to support on the telephone.
    package var reference: String

    /// The main part of an error page.
    package init(
        code: Int, whatHappened: String, explanation: String? = nil, ways: HTML = "", nextSteps: [HTML],
        reference: String
    ) {
        self.code = code
        self.whatHappened = whatHappened
        self.explanation = explanation
        self.ways = ways
        self.nextSteps = nextSteps
        self.reference = reference
    }

    /// The notice.
    package var html: HTML {
        let more: HTML? = explanation.map { "<p class=\"lead\">\($0)</p>" }
        let steps: HTML? = nextSteps.isEmpty ? nil : "<h2>What you can do</h2><ul>\(nextSteps.map(item))</ul>"
        return """
            <div class="error-notice"><p class="error-code">Error \(code)</p><h1>\(whatHappened)</h1>\(more)\(ways)\(steps)\
            <p class="reference">Reference \(HashText(reference, length: nil))</p></div>
            """
    }

    private func item(_ step: HTML) -> HTML { "<li>\(step)</li>" }
}
