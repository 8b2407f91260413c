// SPDX-License-Identifier: Apache-2.0

import Ledger
package import Store

extension House {
    /// Commits an act of care with its leaf; when the disk is full, in the space that is kept for it.
    ///
    /// For reading records; refusals can wait, because anybody can ask for as many as they like. Signing in uses the log's `makingRoom` itself; all else can wait.
    ///
    /// - Throws: `Fault.storageFull` when even the reserve is used up, and what `body` throws.
    @discardableResult
    package func care<Value: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await ledger.makingRoom { try await store.write(isCare: true, body) }
    }
}
