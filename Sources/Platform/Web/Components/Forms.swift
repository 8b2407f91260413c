// SPDX-License-Identifier: Apache-2.0

/// The hidden field that proves that a form came from the session that it is posted in.
package struct CSRFField: Component {
    /// The name of the field.
    package var name: String
    /// The token of the session.
    package var value: String

    /// The hidden field; `name` is `csrf` unless the server says otherwise.
    package init(name: String = "csrf", value: String) {
        self.name = name
        self.value = value
    }

    /// The field.
    package var html: HTML { "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }
}

/// A form that changes something. It cannot be written without the proof that it came from this session.
package struct PostForm: Component {
    /// Where it is posted.
    package var action: String
    /// The proof.
    package var csrf: CSRFField
    /// Fields and buttons.
    package var content: HTML
    /// Fields and one button in a line, for short forms in tables and headings.
    package var isInline: Bool

    /// A form that changes something.
    package init(action: String, csrf: CSRFField, isInline: Bool = false, content: HTML) {
        self.action = action
        self.csrf = csrf
        self.isInline = isInline
        self.content = content
    }

    /// The form.
    package var html: HTML {
        let style: HTML = isInline ? "form-inline" : "form"
        return """
            <form class="\(style)" method="post" action="\(path: action)">\(csrf)\(content)</form>
            """
    }
}

/// A form that only asks: its answers stand in the address. Never for patients' names, which must not be in addresses.
package struct SearchForm: Component {
    /// Where it leads.
    package var action: String
    /// Fields and buttons.
    package var content: HTML

    /// A form that only asks.
    package init(action: String, content: HTML) {
        self.action = action
        self.content = content
    }

    /// The form.
    package var html: HTML {
        "<form class=\"form-inline\" role=\"search\" method=\"get\" action=\"\(path: action)\">\(content)</form>"
    }
}

/// The buttons at the end of a form.
package struct ButtonRow: Component {
    /// Buttons and links.
    package var content: HTML

    /// The buttons at the end of a form.
    package init(_ content: HTML) { self.content = content }

    /// The row.
    package var html: HTML { "<div class=\"button-row\">\(content)</div>" }
}

/// A button that submits the form it stands in.
package struct ActionButton: Component {
    /// How it looks.
    package enum Style: Sendable, CaseIterable {
        /// The one that matters; one per form.
        case primary
        /// Any other.
        case secondary
        /// Takes something away or cannot be undone.
        case danger
    }

    /// The words: a verb and its object.
    package var title: String
    /// How it looks.
    package var style: Style
    /// The name that is sent with the form, nil for none.
    package var name: String?
    /// The value that is sent under ``name``.
    package var value: String?
    /// Whether it cannot be used now.
    package var isDisabled: Bool

    /// A button that submits the form it stands in.
    package init(
        _ title: String, style: Style = .primary, name: String? = nil, value: String? = nil, isDisabled: Bool = false
    ) {
        self.title = title
        self.style = style
        self.name = name
        self.value = value
        self.isDisabled = isDisabled
    }

    /// The button.
    package var html: HTML {
        """
        <button class="\(styleClass)" type="submit"\(attribute: "name", name)\(attribute: "value", value)\
        \(flag: "disabled", isDisabled)>\(title)</button>
        """
    }

    private var styleClass: HTML {
        switch style {
        case .primary: "button button-primary"
        case .secondary: "button"
        case .danger: "button button-danger"
        }
    }
}
