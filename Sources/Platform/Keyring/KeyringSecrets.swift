// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Store

extension Keyring {
    /// The 32-byte secret `name`, made at its first use: the log's signing key, the index key, the authority's key.
    package func secret(named name: String) async throws -> [UInt8] {
        if let known = try await store.read({ [self] tx in try secret(named: name, in: tx) }) { return known }
        return try await store.write { [self] tx in
            if let known = try secret(named: name, in: tx) { return known }
            let bytes = Self.randomKey()
            try keep(bytes, as: name, in: tx)
            return bytes
        }
    }

    /// The secret `name`, or nil when there is none.
    package func secret(named name: String, in tx: any ReadTransaction) throws -> [UInt8]? {
        guard
            let row = try tx.row("SELECT epoch, sealed FROM keyring_secrets WHERE name = ?", [.text(name)])
        else { return nil }
        let kek = try epochKey(try row.integer(0), in: tx)
        return try unwrap(try row.bytes(1), with: kek, "secret", Array(name.utf8))
    }

    /// Keeps `bytes` as the secret `name`, in place of an earlier one.
    func keep(_ bytes: [UInt8], as name: String, in tx: any Transaction) throws {
        let epoch = try newestEpoch(in: tx)
        let sealed = try wrap(bytes, with: try epochKey(epoch, in: tx), "secret", Array(name.utf8))
        try tx.execute(
            """
            INSERT INTO keyring_secrets (name, epoch, sealed, created) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, sealed = excluded.sealed
            """,
            [.text(name), .integer(epoch), .bytes(sealed), .integer(tx.now.microseconds)])
    }

    /// Forgets the secret `name`.
    func forget(_ name: String, in tx: any Transaction) throws {
        try tx.execute("DELETE FROM keyring_secrets WHERE name = ?", [.text(name)])
    }
}
