// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// A transaction that reads. It is not Sendable and dies with the closure that got it.
///
/// SQL is the subset that both engines understand: `BIGINT`, `TEXT` and `BYTES` (types in capitals), `?` for
/// values, `ON CONFLICT`, `RETURNING`; ASCII only, one statement at a time; no `LIKE`, dates or autoincrement.
/// `CLUSTERED` behind a table's columns keeps small rows in the order of their primary key where the engine can.
/// Text compares by its UTF-8 bytes.
package protocol ReadTransaction {
    /// The time of this attempt, the same for the whole transaction.
    var now: Instant { get }
    /// All rows that `sql` answers, each `?` replaced by the value at its place.
    func rows(_ sql: String, _ values: [StoreValue]) throws(Fault) -> [Row]
    /// The first row that `sql` answers; nil when there is none.
    func row(_ sql: String, _ values: [StoreValue]) throws(Fault) -> Row?
    /// Gives one row of a query after the other to `body` until it returns false; never holds all of them.
    func forEachRow(_ sql: String, _ values: [StoreValue], _ body: (Row) throws -> Bool) throws
}

/// A transaction that also writes.
package protocol Transaction: ReadTransaction {
    /// When an invented past is really written down; nil where `now` is the time.
    var recording: Instant? { get }
    /// A new identifier of the time at which it is written down, which sorts behind every one that this store was asked for before in this process.
    func orderedIdentifier<Kind>() -> Identifier<Kind>
    /// Runs `sql` and returns how many rows it inserted, changed or deleted.
    @discardableResult
    func execute(_ sql: String, _ values: [StoreValue]) throws(Fault) -> Int
}

extension ReadTransaction {
    /// All rows that `sql`, which has no values, answers.
    package func rows(_ sql: String) throws(Fault) -> [Row] {
        try rows(sql, [])
    }

    /// The first row that `sql`, which has no values, answers; nil when there is none.
    package func row(_ sql: String) throws(Fault) -> Row? {
        try row(sql, [])
    }
}

extension Transaction {
    /// Runs `sql`, which has no values, and returns how many rows it changed.
    @discardableResult
    package func execute(_ sql: String) throws(Fault) -> Int {
        try execute(sql, [])
    }
}
