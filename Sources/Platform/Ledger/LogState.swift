// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// How far the log is, as the store remembers it: the size and the right edge of the tree.
struct LogState: Sendable {
    /// The right edge of all leaves that have a place; it holds their number.
    var frontier = Frontier()
    /// How many leaves the console finds; those behind them are in the round that is not finished.
    var indexed: UInt64 = 0

    static func read(_ tx: any ReadTransaction) throws -> LogState {
        guard let row = try tx.row("SELECT size, frontier, indexed FROM ledger_state WHERE one = 1", []) else {
            return LogState()
        }
        let indexed = UInt64(clamping: try row.integer(2))
        guard let frontier = try? Frontier(bytes: try row.bytes(1)),
            frontier.size == UInt64(clamping: try row.integer(0)), indexed <= frontier.size
        else { throw Fault(.damaged, "The store's record of the log is unreadable.") }
        return LogState(frontier: frontier, indexed: indexed)
    }

    func write(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO ledger_state (one, size, frontier, indexed) VALUES (1, ?, ?, ?)
            ON CONFLICT (one) DO UPDATE SET
                size = excluded.size, frontier = excluded.frontier, indexed = excluded.indexed
            """,
            [
                .integer(Int64(clamping: frontier.size)), .bytes(frontier.bytes),
                .integer(Int64(clamping: indexed)),
            ])
    }
}
