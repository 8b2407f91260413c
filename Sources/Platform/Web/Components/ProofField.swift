// SPDX-License-Identifier: Apache-2.0

/// Asks whoever sits at the browser to prove again who they are, before an act for which a session that was found open
/// must not be enough.
package struct ProofField: Component {
    /// The name that is sent.
    package static let name = "proof"
    /// What is asked for.
    package static let label = "Your password, or a code from your phone"
    /// What is said of a proof that is none.
    package static let wrong = "This is neither your password nor a code that works now."

    /// What is wrong with what was typed, nil when nothing is.
    package var error: String?
    /// Whether the cursor starts here.
    package var isFocused: Bool

    /// The field.
    package init(error: String? = nil, isFocused: Bool = false) {
        self.error = error
        self.isFocused = isFocused
    }

    /// The field with its label and its hint.
    package var html: HTML {
        FormField(
            Self.name, label: Self.label, kind: .password, hint: "You are not asked again for the next five minutes.",
            error: error, isRequired: true, isFocused: isFocused
        ).html
    }
}
