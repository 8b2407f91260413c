// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the keyring tells the evidence log.
package enum KeyringFacts {
    /// The root key and both of its wraps were made.
    package static let created = FactKind("keyring.created.v1", "Keys made")
    /// A new key-encryption-key epoch began.
    package static let rotationStarted = FactKind("keyring.rotation-started.v1", "Key rotation started")
    /// Every key is wrapped under the newest epoch and the older ones are destroyed.
    package static let rotationFinished = FactKind("keyring.rotation-finished.v1", "Key rotation finished")
    /// The recovery phrase was shown.
    package static let recoveryShown = FactKind("keyring.recovery-shown.v1", "Recovery phrase shown")
    /// Somebody proved to have written the recovery phrase down, and Salus forgot it.
    package static let recoveryConfirmed = FactKind("keyring.recovery-confirmed.v1", "Recovery phrase confirmed")
    /// A new recovery phrase was made in place of the one from before.
    package static let recoveryRenewed = FactKind("keyring.recovery-renewed.v1", "Recovery phrase made anew")
    /// A new key file was made with the recovery phrase.
    package static let keyFileReplaced = FactKind("keyring.key-file-replaced.v1", "Key file replaced")

    /// All of them.
    package static let all = [
        created, rotationStarted, rotationFinished, recoveryShown, recoveryConfirmed, recoveryRenewed,
        keyFileReplaced,
    ]
}
