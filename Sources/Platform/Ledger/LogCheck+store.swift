// SPDX-License-Identifier: Apache-2.0

import Store
import TransparencyLog

/// What the store knows of the log at one moment.
struct StoreMemory: Sendable {
    /// The right edge of all leaves that have a place.
    let frontier: Frontier
    /// How many leaves are published at least: rows go only after a checkpoint covers them.
    let published: UInt64
    /// Whether every leaf that has a place but may not be published yet is still there.
    let isWhole: Bool

    static func read(_ store: Database) async throws -> StoreMemory {
        try await store.read { tx in
            let frontier = try LogState.read(tx).frontier
            let row = try tx.row(
                "SELECT min(position), count(*) FROM ledger_pending WHERE position IS NOT NULL", [])
            let first = try row?.optionalInteger(0).map { UInt64(clamping: $0) } ?? frontier.size
            let count = UInt64(clamping: try row?.integer(1) ?? 0)
            return StoreMemory(
                frontier: frontier, published: min(first, frontier.size),
                isWhole: first <= frontier.size && frontier.size - first == count)
        }
    }
}

extension LogCheck {
    /// Whether the log is as long as the store says, and ends in the same root.
    ///
    /// The log may grow while it is verified, so the store is asked before the checkpoint was read and after.
    ///
    /// - Parameter checkpoint: nil for a log that has none.
    mutating func store(_ before: StoreMemory, _ after: StoreMemory, _ checkpoint: Checkpoint?) {
        let size = checkpoint?.size ?? 0
        if size < before.published {
            problems.append("leaves \(size) to \(before.published - 1) are missing: the end of the log was cut off")
        }
        if !before.isWhole {
            problems.append("the store has lost leaves that have a place but are not published")
        }
        if after.frontier.size < size {
            problems.append(
                "the store remembers \(after.frontier.size) leaves, the log has \(size): the store was set back")
        }
        let same = [before, after].first { $0.frontier.size == size }
        if let same, let checkpoint, same.frontier.root != checkpoint.root {
            problems.append("the store remembers another root for \(size) leaves")
        }
        if before.frontier.size > size, size >= before.published {
            notes.append("\(before.frontier.size - size) leaves have their place and wait to be published")
        }
    }
}
