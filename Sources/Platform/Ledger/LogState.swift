// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// How far the log is, as the store remembers it: the size and the right edge of the tree.
struct LogState {
    /// The right edge, which holds the size.
    var frontier: Frontier

    static func read(_ tx: any ReadTransaction) throws -> LogState {
        guard let row = try tx.row("SELECT size, frontier FROM ledger_state WHERE one = 1", []) else {
            return LogState(frontier: Frontier())
        }
        guard let frontier = try? Frontier(bytes: try row.bytes(1)),
            frontier.size == UInt64(clamping: try row.integer(0))
        else { throw Fault(.damaged, "The store's record of the log is unreadable.") }
        return LogState(frontier: frontier)
    }

    func write(_ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO ledger_state (one, size, frontier) VALUES (1, ?, ?)
            ON CONFLICT (one) DO UPDATE SET size = excluded.size, frontier = excluded.frontier
            """,
            [.integer(Int64(clamping: frontier.size)), .bytes(frontier.bytes)])
    }
}
