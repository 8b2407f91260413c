// SPDX-License-Identifier: Apache-2.0

import Codecs
package import Kernel
import Ledger
import Store

/// How the keyring stands, for `salus keys status` and the settings page.
package struct KeyringStatus: Sendable {
    /// The newest epoch.
    package let epoch: Int64
    /// When it began.
    package let epochSince: Instant
    /// How many data keys there are.
    package let dataKeys: Int64
    /// How many keys and secrets are still wrapped under an older epoch; above 0 a rotation is under way.
    package let outdated: Int64
    /// The providers that wrap the root key.
    package let providers: [String]
    /// Whether nobody has confirmed yet that the recovery phrase is written down.
    package let recoveryPending: Bool
}

extension Keyring {
    /// How the keyring stands now.
    package func status() async throws -> KeyringStatus {
        try await store.read { [self] tx in
            let epoch = try newestEpoch(in: tx)
            let since = try tx.row("SELECT created FROM keyring_epochs WHERE epoch = ?", [.integer(epoch)])
            return KeyringStatus(
                epoch: epoch,
                epochSince: Instant(microseconds: try since?.integer(0) ?? 0),
                dataKeys: try tx.row("SELECT count(*) FROM keyring_data_keys", [])?.integer(0) ?? 0,
                outdated: try outdated(before: epoch, in: tx),
                providers: try tx.rows("SELECT provider FROM keyring_wraps ORDER BY provider", [])
                    .map { try $0.text(0) },
                recoveryPending: try secret(named: Self.recoverySecret, in: tx) != nil)
        }
    }

    private func outdated(before epoch: Int64, in tx: any ReadTransaction) throws -> Int64 {
        let keys = try tx.row("SELECT count(*) FROM keyring_data_keys WHERE epoch < ?", [.integer(epoch)])
        let secrets = try tx.row("SELECT count(*) FROM keyring_secrets WHERE epoch < ?", [.integer(epoch)])
        return (try keys?.integer(0) ?? 0) + (try secrets?.integer(0) ?? 0)
    }

    /// Begins a new epoch, wraps every data key and secret under it, and destroys the older epochs.
    ///
    /// Nothing stops meanwhile: a key is readable under its old epoch until the moment it stands under the new
    /// one. A rotation that was interrupted is carried on rather than begun again.
    ///
    /// - Parameter progress: told how many are done and how many there are, first with none done; what it throws
    ///   interrupts the rotation.
    /// - Returns: the new epoch and how many keys and secrets were wrapped anew.
    package func rotate(
        by actor: EntityReference, progress: @Sendable (Int64, Int64) throws -> Void = { _, _ in }
    ) async throws -> (epoch: Int64, rewrapped: Int64) {
        let epoch = try await beginRotation(by: actor)
        let total = try await store.read { [self] tx in try outdated(before: epoch, in: tx) }
        var done: Int64 = 0
        try progress(done, total)
        while true {
            let count = try await store.write { [self] tx in
                try rewrapDataKeys(to: epoch, in: tx) + rewrapSecrets(to: epoch, in: tx)
            }
            if count == 0 { break }
            done += count
            try progress(done, max(done, total))
        }
        let rewrapped = done
        try await store.write { [self] tx in
            guard try outdated(before: epoch, in: tx) == 0 else {
                throw Fault(.conflict, "Keys were made while rotating; run the rotation again.")
            }
            try tx.execute("DELETE FROM keyring_epochs WHERE epoch < ?", [.integer(epoch)])
            try tx.record(
                Fact(
                    KeyringFacts.rotationFinished, by: actor,
                    [.init("epoch", .integer(epoch)), .init("rewrapped", .integer(rewrapped))]))
        }
        forgetEpochs()
        return (epoch, rewrapped)
    }

    private func beginRotation(by actor: EntityReference) async throws -> Int64 {
        try await store.write { [self] tx in
            let newest = try newestEpoch(in: tx)
            let epochs = try tx.row("SELECT count(*) FROM keyring_epochs", [])?.integer(0) ?? 0
            if epochs > 1 { return newest }
            try makeEpoch(newest + 1, in: tx)
            try tx.record(Fact(KeyringFacts.rotationStarted, by: actor, [.init("epoch", .integer(newest + 1))]))
            return newest + 1
        }
    }

    private func rewrapDataKeys(to epoch: Int64, in tx: any Transaction) throws -> Int64 {
        let rows = try tx.rows(
            "SELECT id, epoch, wrapped FROM keyring_data_keys WHERE epoch < ? ORDER BY id LIMIT 200",
            [.integer(epoch)])
        let kek = try epochKey(epoch, in: tx)
        for row in rows {
            let id = try row.bytes(0)
            let bytes = try unwrap(
                try row.bytes(2), with: try epochKey(try row.integer(1), in: tx), "data-key", id)
            try tx.execute(
                "UPDATE keyring_data_keys SET epoch = ?, wrapped = ? WHERE id = ?",
                [.integer(epoch), .bytes(try wrap(bytes, with: kek, "data-key", id)), .bytes(id)])
        }
        return Int64(rows.count)
    }

    private func rewrapSecrets(to epoch: Int64, in tx: any Transaction) throws -> Int64 {
        let rows = try tx.rows(
            "SELECT name, epoch, sealed FROM keyring_secrets WHERE epoch < ? ORDER BY name LIMIT 50",
            [.integer(epoch)])
        let kek = try epochKey(epoch, in: tx)
        for row in rows {
            let name = try row.text(0)
            let bytes = try unwrap(
                try row.bytes(2), with: try epochKey(try row.integer(1), in: tx), "secret", Array(name.utf8))
            try tx.execute(
                "UPDATE keyring_secrets SET epoch = ?, sealed = ? WHERE name = ?",
                [.integer(epoch), .bytes(try wrap(bytes, with: kek, "secret", Array(name.utf8))), .text(name)])
        }
        return Int64(rows.count)
    }
}
