// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the authorizer is asked about by this practice.
package enum IdentityActions {
    /// The sign-in page.
    package static let signIn = Action("identity.sign-in", "Sign in", for: .everyone)
    /// The pages behind a welcome link; the link itself is the proof.
    package static let welcome = Action("identity.welcome", "Set up one's own sign-in", for: .everyone)
    /// Signing out.
    package static let signOut = Action("identity.sign-out", "Sign out", for: .signedIn)
    /// One's own sessions, password and recovery codes.
    package static let ownAccount = Action("identity.own-account", "See and change one's own sign-in", for: .signedIn)
    /// Inviting, disabling and resetting people, and their roles.
    package static let managePeople = Action("identity.manage-people", "Manage people and their roles")
    /// Reading the recovery phrase of the installation and confirming that it is written down.
    package static let keepRecoveryPhrase = Action(
        "identity.keep-recovery-phrase", "Read and confirm the recovery phrase")

    /// All of them.
    package static let all = [signIn, welcome, signOut, ownAccount, managePeople, keepRecoveryPhrase]
}
