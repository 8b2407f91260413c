// SPDX-License-Identifier: Apache-2.0

import Web

/// How a person's sign-in stands, in words.
struct PersonState {
    private let person: PersonRecord

    init(_ person: PersonRecord) {
        self.person = person
    }

    /// Whether they can sign in, and if not, why.
    var text: String {
        if !person.isEnabled { return "Disabled" }
        if person.canSignIn { return "Active" }
        return person.invited == nil ? "Not invited yet" : "Invited"
    }

    /// Whether the second factor is set up.
    var factorChip: StatusChip {
        person.factorConfirmed == nil ? StatusChip(.unknown, word: "Not set up") : StatusChip(.met, word: "Set up")
    }
}
