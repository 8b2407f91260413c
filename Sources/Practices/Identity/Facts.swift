// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What this practice tells the evidence log. The ids stay for ever.
package enum IdentityFacts {
    /// A person was added, or given a new welcome link: `person`, `roles`.
    package static let personInvited = FactKind("identity.person-invited.v1", "Person invited")
    /// A person's roles are now these: `person`, `roles`.
    package static let rolesChanged = FactKind("identity.roles-changed.v1", "Roles changed")
    /// A person may not sign in any more: `person`.
    package static let personDisabled = FactKind("identity.person-disabled.v1", "Person disabled")
    /// A person may sign in again: `person`.
    package static let personEnabled = FactKind("identity.person-enabled.v1", "Person enabled")
    /// A person proved to hold a new second factor: `person`.
    package static let factorEnrolled = FactKind("identity.factor-enrolled.v1", "Second factor set up")
    /// A person's password, second factor and recovery codes were taken away: `person`.
    package static let factorReset = FactKind("identity.factor-reset.v1", "Second factor reset")
    /// A person chose a password: `person`.
    package static let passwordSet = FactKind("identity.password-set.v1", "Password set")
    /// A person was given recovery codes, and earlier ones died: `person`, `count`.
    package static let recoveryCodesMade = FactKind("identity.recovery-codes-made.v1", "Recovery codes made")
    /// A person signed in: `session`, `factor` (`totp`, `recovery-code`), `device` (`known`, `new`).
    package static let signedIn = FactKind("identity.signed-in.v1", "Signed in")
    /// A sign-in was refused: `reason`, and `person` where the sign-in name is one.
    package static let signInRefused = FactKind("identity.sign-in-refused.v1", "Sign-in refused")
    /// A person proved again who they are, before an act that asks for it: `session`, `with` (`password`, `totp`).
    package static let proved = FactKind("identity.proved.v1", "Proved again who they are")
    /// Such a proof was refused: `session`, `reason`.
    package static let proofRefused = FactKind("identity.proof-refused.v1", "Proof of who they are refused")
    /// A person signed out: `session`.
    package static let signedOut = FactKind("identity.signed-out.v1", "Signed out")
    /// A session was ended before its time: `session`, `reason`.
    package static let sessionEnded = FactKind("identity.session-ended.v1", "Session ended")
    /// The first administrator said whether they treat patients: `answer`.
    package static let treatsPatients = FactKind("identity.treats-patients.v1", "Said whether they treat patients")

    /// All of them.
    package static let all = [
        personInvited, rolesChanged, personDisabled, personEnabled, factorEnrolled, factorReset, passwordSet,
        recoveryCodesMade, signedIn, signInRefused, signedOut, sessionEnded, treatsPatients,
        proved, proofRefused,
    ]
}
