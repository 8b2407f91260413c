// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Store
import TestSupport
import Testing

/// The index decides what the console shows, so hiding a row of it must not go unnoticed.
struct IndexTests {
    @Test(
        arguments: StoreFixture.dialects,
        [
            "DELETE FROM ledger_leaves WHERE position = 271",
            "UPDATE ledger_leaves SET kind = 'test.other.v1' WHERE position = 271",
            "UPDATE ledger_leaves SET actor = 'person:nobody' WHERE position = 271",
            "UPDATE ledger_leaves SET at = at + 1 WHERE position = 271",
            "UPDATE ledger_leaves SET subject = NULL WHERE position = 270",
            "DELETE FROM ledger_leaves WHERE position = 299",
            "DELETE FROM ledger_leaves WHERE kind <> 'none'",
        ])
    func aChangedIndexIsFoundAndMadeAnew(_ dialect: StoreDialect, _ change: String) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(300)
            let log = try await ledger.open()
            try await log.settle()
            #expect(try await ledger.verify().problems == [])
            try await ledger.store.write { tx in try tx.execute(change) }
            let problems = try await ledger.verify().problems
            #expect(problems.count == 1 && problems.first?.contains("index of entries differs") == true)
            #expect(try await log.rebuildIndex() == 300)
            #expect(try await ledger.verify().problems == [])
            #expect(try await log.leaves(LeafQuery(limit: 400)).count == 300)
        }
    }
}
