// SPDX-License-Identifier: Apache-2.0

package import Building
import Store

extension VaultPractice {
    /// The pseudonyms under which patients stand in the evidence log, in the order in which they were taken in.
    package static func subjects(in house: House) async throws -> [[UInt8]] {
        try await house.store.read { tx in
            try tx.rows("SELECT subject FROM vault_patients ORDER BY id", []).map { try $0.bytes(0) }
        }
    }
}
