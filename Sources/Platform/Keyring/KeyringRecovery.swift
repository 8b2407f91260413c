// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Codecs
package import Kernel
import Ledger
import RecoveryPhrase
import Store

extension Keyring {
    /// The secret that holds the recovery phrase until somebody has written it down.
    static let recoverySecret = "recovery-phrase"

    /// The 24 words of the recovery phrase while they can still be shown; nil once they were confirmed.
    ///
    /// The act is written to the evidence log before the words leave.
    package func showRecoveryPhrase(to actor: EntityReference) async throws -> [String]? {
        try await store.write { [self] tx in
            guard let key = try secret(named: Self.recoverySecret, in: tx) else { return nil }
            try tx.record(Fact(KeyringFacts.recoveryShown, by: actor))
            return try RecoveryWords.encode(key)
        }
    }

    /// Erases the recovery phrase when `words`, typed back by number (1…24), are right.
    ///
    /// - Returns: whether they were right; false also when there is nothing left to confirm.
    package func confirmRecoveryPhrase(_ words: [Int: String], by actor: EntityReference) async throws -> Bool {
        guard words.count >= 3 else { return false }
        return try await store.write { [self] tx in
            guard let key = try secret(named: Self.recoverySecret, in: tx) else { return false }
            let phrase = try RecoveryWords.encode(key)
            for (number, word) in words {
                guard number >= 1, phrase.indices.contains(number - 1),
                    constantTimeEqual(Array(phrase[number - 1].utf8), Array(word.lowercased().utf8))
                else { return false }
            }
            try forget(Self.recoverySecret, in: tx)
            try tx.record(Fact(KeyringFacts.recoveryConfirmed, by: actor))
            return true
        }
    }

    /// Makes a new recovery phrase in place of one that is lost or that somebody has seen: the words from before open
    /// nothing of what is here any more. The new ones are kept until somebody has written them down.
    ///
    /// - Throws: `Fault.unavailable` when `keyFile` is missing or belongs to another installation.
    package func renewRecoveryPhrase(with keyFile: KeyFile, by actor: EntityReference) async throws {
        guard let fileKey = try keyFile.read() else { throw Self.missing(keyFile) }
        let key = try InputKey(fileKey)
        try await store.write { [self] tx in
            guard let root = try Self.unwrapRoot(tx, .keyFile, key, institution) else { throw Self.foreign(keyFile) }
            let phraseKey = Self.randomKey()
            try addWrap(of: root, .recoveryPhrase, phraseKey, in: tx)
            try keep(phraseKey, as: Self.recoverySecret, in: tx)
            try tx.record(Fact(KeyringFacts.recoveryRenewed, by: actor))
        }
    }

    /// Erases the recovery phrase after it was shown once on a terminal.
    package func eraseRecoveryPhrase(by actor: EntityReference) async throws {
        try await store.write { [self] tx in
            try forget(Self.recoverySecret, in: tx)
            try tx.record(Fact(KeyringFacts.recoveryConfirmed, by: actor))
        }
    }
}
