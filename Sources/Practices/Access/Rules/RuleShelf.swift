// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Synchronization

/// The rules in force, read again whenever their version changes.
package final class RuleShelf: Sendable {
    private let book: Mutex<RuleBook>

    /// Begins with the rules that are part of the program.
    init() throws {
        book = Mutex(try RuleBook.builtIn())
    }

    /// The rules in force as `tx` sees them.
    ///
    /// Rules that cannot be read, which the check before they were taken in should exclude, must not close every
    /// chart: those of the program hold then, and the measure `access.rules` says so.
    func current(in tx: any ReadTransaction) throws -> RuleBook {
        guard
            let row = try tx.row(
                "SELECT version, policies FROM access_rules WHERE version IS NOT NULL ORDER BY version DESC LIMIT 1", []
            )
        else {
            if let known = held(0) { return known }
            return replaced(by: try RuleBook.builtIn())
        }
        let version = try row.integer(0)
        if let known = held(version) { return known }
        let bytes = try row.bytes(1)
        if let read = try? RuleBook(parsing: bytes, version: version) { return replaced(by: read) }
        return try RuleBook.builtIn()
    }

    private func held(_ version: Int64) -> RuleBook? {
        book.withLock { $0.version == version ? $0 : nil }
    }

    private func replaced(by new: RuleBook) -> RuleBook {
        book.withLock { $0 = new }
        return new
    }
}
