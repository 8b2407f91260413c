// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Synchronization

/// The rules in force, read again whenever their version changes.
package final class RuleShelf: Sendable {
    /// The rules that are part of the program.
    let builtIn: RuleBook
    private let book: Mutex<RuleBook>

    /// Begins with the rules that are part of the program.
    init() throws {
        builtIn = try RuleBook.builtIn()
        book = Mutex(builtIn)
    }

    /// The rules in force as `tx` sees them.
    ///
    /// Rules that cannot be read, which the check before they were taken in should exclude, must not close every
    /// chart: those of the program hold then, and the measure `access.rules` says so.
    func current(in tx: any ReadTransaction) throws -> RuleBook {
        let version = try tx.versionInForce()
        if let known = held(version) { return known }
        guard version > 0 else { return replaced(by: builtIn) }
        guard let stored = try tx.rules(ofVersion: version)?.policies,
            let read = try? RuleBook(parsing: stored, version: version)
        else { return builtIn }
        return replaced(by: read)
    }

    private func held(_ version: Int64) -> RuleBook? {
        book.withLock { $0.version == version ? $0 : nil }
    }

    private func replaced(by new: RuleBook) -> RuleBook {
        book.withLock { $0 = new }
        return new
    }
}
