// SPDX-License-Identifier: Apache-2.0

/// Whose chart this is: stays in sight while the chart scrolls, so that nobody writes into the wrong one.
package struct PatientBanner: Component {
    /// The family name; printed in bold.
    package var familyName: String
    /// The given names.
    package var givenName: String
    /// The birth date as the clinic writes it, with the age, e.g. `12 Mar 1961 (65 y)`.
    package var birthDate: String
    /// The administrative sex in words.
    package var sex: String
    /// Further identifiers: what it is and its value, e.g. the record number.
    package var identifiers: [(term: String, value: String)]
    /// What must not be missed, e.g. `Allergy: penicillin (anaphylaxis)`.
    package var alerts: [String]

    /// Whose chart this is.
    package init(
        familyName: String, givenName: String, birthDate: String, sex: String,
        identifiers: [(term: String, value: String)] = [], alerts: [String] = []
    ) {
        self.familyName = familyName
        self.givenName = givenName
        self.birthDate = birthDate
        self.sex = sex
        self.identifiers = identifiers
        self.alerts = alerts
    }

    /// The banner; its name is the page's `h1`.
    package var html: HTML {
        let more: [HTML] = identifiers.map { "<div><dt>\($0.term)</dt><dd>\($0.value)</dd></div>" }
        let warnings: [HTML] = alerts.map { "<li>\(Icon.warning)\($0)</li>" }
        let list: HTML? = alerts.isEmpty ? nil : "<ul class=\"patient-alerts\" aria-label=\"Alerts\">\(warnings)</ul>"
        let given: HTML? = givenName.isEmpty ? nil : ", \(givenName)"
        return """
            <header class="patient-banner"><h1><strong>\(familyName)</strong>\(given)</h1>\
            <dl><div><dt>Born</dt><dd>\(birthDate)</dd></div><div><dt>Sex</dt><dd>\(sex)</dd></div>\(more)</dl>\
            \(list)</header>
            """
    }
}
