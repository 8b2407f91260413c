// SPDX-License-Identifier: Apache-2.0

/// What every page says about the house that it belongs to.
package struct SiteFacts: Sendable {
    /// The name of the clinic, as its people call it.
    package var institution: String
    /// True when the store holds invented patients only: a banner says so on every page.
    package var isSynthetic: Bool
    /// The version of Salus.
    package var version: String
    /// The number of leaves in the log.
    package var logSize: UInt64
    /// The root hash of the log in hexadecimal or Base64; pages show its first twelve characters.
    package var rootHash: String
    /// Where the footer's log figure leads.
    package var logPath: String
    /// Light, dark, or as the device says.
    package var theme: Theme

    /// What every page says about the house that it belongs to.
    package init(
        institution: String, isSynthetic: Bool, version: String, logSize: UInt64, rootHash: String,
        logPath: String = "/log", theme: Theme = .device
    ) {
        self.institution = institution
        self.isSynthetic = isSynthetic
        self.version = version
        self.logSize = logSize
        self.rootHash = rootHash
        self.logPath = logPath
        self.theme = theme
    }
}

/// The colours that a person chose.
package enum Theme: String, Sendable, CaseIterable {
    /// As the device says (`prefers-color-scheme`).
    case device
    /// Light at all times.
    case light
    /// Dark at all times.
    case dark

    /// The value of `data-theme` on the root element, nil for ``device``.
    var attribute: String? { self == .device ? nil : rawValue }
}

/// The person who is signed in at this browser.
package struct SignedInPerson: Sendable {
    /// The name as it is shown.
    package var name: String
    /// The roles in plain words, e.g. `Physician`.
    package var roles: [String]
    /// The hidden field that proves that a form came from this session.
    package var csrf: CSRFField
    /// Where the *Sign out* form is posted.
    package var signOutPath: String
    /// Where the person's own page is, nil for none.
    package var profilePath: String?

    /// The person who is signed in at this browser.
    package init(
        name: String, roles: [String], csrf: CSRFField, signOutPath: String = "/sign-out",
        profilePath: String? = nil
    ) {
        self.name = name
        self.roles = roles
        self.csrf = csrf
        self.signOutPath = signOutPath
        self.profilePath = profilePath
    }
}
