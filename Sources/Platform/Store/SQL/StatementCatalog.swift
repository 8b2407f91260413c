// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// The translations of a store's statements, each made once.
final class StatementCatalog: Sendable {
    private let dialect: StoreDialect
    private let known = Mutex<[String: SQLStatement]>([:])

    /// A program has some hundred statements; past this somebody builds them from data.
    private static let capacity = 2_000

    init(_ dialect: StoreDialect) {
        self.dialect = dialect
    }

    /// The translation of `sql`.
    func statement(_ sql: String) throws(Fault) -> SQLStatement {
        if let statement = known.withLock({ $0[sql] }) { return statement }
        let statement = try SQLTranslator.translate(sql, for: dialect)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[sql] = statement
        }
        return statement
    }
}
