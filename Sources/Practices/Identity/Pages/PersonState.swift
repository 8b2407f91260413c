// SPDX-License-Identifier: Apache-2.0

import Kernel
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

    /// The same, and until when an invitation can be taken up.
    func html(at now: Instant, in time: LocalTime) -> HTML {
        guard person.isEnabled, !person.canSignIn, person.invited != nil else { return "\(text)" }
        guard let expires = person.linkExpires, now < expires else {
            return "Invited <div class=\"note\">The link has run out</div>"
        }
        return "Invited <div class=\"note\">until \(TimeText(expires, in: time))</div>"
    }

    /// Whether the second factor is set up.
    var factorChip: StatusChip {
        person.factorConfirmed == nil ? StatusChip(.unknown, word: "Not set up") : StatusChip(.met, word: "Set up")
    }
}
