// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension Keyring {
    /// The data key of a part of the house that seals everything with one key, made at its first use.
    ///
    /// - Parameter owner: who seals with it: `identity`, `institution`.
    /// - Throws: `Fault.damaged` when the key does not open.
    package func sharedKey(owner: String) async throws -> OpenKey {
        let known = try await store.read { [self] tx in try sharedKey(owner: owner, in: tx) }
        if let known { return known }
        // Transactions are serializable: of two processes that start together, the second finds the first one's key.
        return try await store.write { [self] tx in
            if let known = try sharedKey(owner: owner, in: tx) { return known }
            return try makeDataKey(owner: owner, in: tx)
        }
    }

    private func sharedKey(owner: String, in tx: any ReadTransaction) throws -> OpenKey? {
        guard
            let row = try tx.row(
                "SELECT id FROM keyring_data_keys WHERE owner = ? ORDER BY id LIMIT 1", [.text(owner)])
        else { return nil }
        guard let id = Identifier<DataKey>(bytes: try row.bytes(0)) else {
            throw Fault(.damaged, "The id of a data key is no identifier.")
        }
        return try dataKey(id, in: tx)
    }
}
