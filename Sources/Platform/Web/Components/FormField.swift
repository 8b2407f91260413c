// SPDX-License-Identifier: Apache-2.0

/// A field of a form with its label, its hint and what is wrong with it.
package struct FormField: Component {
    /// What is asked for.
    package enum Kind: Sendable {
        /// One line.
        case text
        /// Several lines.
        case paragraph(rows: Int)
        /// A password; its value is never sent back.
        case password
        /// A code of digits from an authenticator.
        case oneTimeCode
        /// A whole number.
        case number
        /// A day.
        case date
        /// Words to look for.
        case search
        /// An e-mail address.
        case email
        /// A file.
        case file(accept: String)
        /// One of a few, closed up.
        case choice([Choice])
        /// One of a few, all in sight.
        case radio([Choice])
        /// Yes or no; the label stands beside the box and ``FormField/value`` is sent when it is on.
        case checkbox(isOn: Bool)
    }

    /// What may be chosen.
    package struct Choice: Sendable {
        var value: String
        var title: String
        var hint: String?

        /// A value, what it is called, and a line about it.
        package init(_ value: String, _ title: String, hint: String? = nil) {
            self.value = value
            self.title = title
            self.hint = hint
        }
    }

    /// The name that is sent; it is the element's id too, so it is unique on the page.
    package var name: String
    /// What it is.
    package var label: String
    /// What is asked for.
    package var kind: Kind
    /// What is in it.
    package var value: String
    /// A line of help, nil for none.
    package var hint: String?
    /// What is wrong with it and how to put it right, nil when nothing is.
    package var error: String?
    /// The `autocomplete` token (HTML 4.10.18.7), nil for the usual one of the kind.
    package var autocomplete: String?
    /// Whether it must be filled in.
    package var isRequired: Bool
    /// Whether the cursor starts here; one per page.
    package var isFocused: Bool
    /// After how many UTF-16 units, as browsers count, no more can be typed; nil for no end.
    package var longest: Int?

    /// A field of a form.
    package init(
        _ name: String, label: String, kind: Kind = .text, value: String = "", hint: String? = nil,
        error: String? = nil, autocomplete: String? = nil, isRequired: Bool = false, isFocused: Bool = false,
        longest: Int? = nil
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.value = value
        self.hint = hint
        self.error = error
        self.autocomplete = autocomplete
        self.isRequired = isRequired
        self.isFocused = isFocused
        self.longest = longest
    }
}
