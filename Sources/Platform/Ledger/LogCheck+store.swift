// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// What the store knows of the log at one moment.
struct StoreMemory: Sendable {
    /// The right edge of all leaves that have a place.
    let frontier: Frontier
    /// How many leaves are published at least: a round begins only after a checkpoint covers the one before.
    let published: UInt64
    /// Whether every leaf of a round that is not finished is still there.
    let isWhole: Bool
    /// Since when acknowledged leaves have waited unduly long for their checkpoint; nil when none do.
    let delayedSince: Instant?

    /// How long leaves may wait: the sequencer looks for them twice a second.
    private static let patience = Duration.seconds(10)

    static func read(_ store: Database) async throws -> StoreMemory {
        try await store.read { tx in
            let state = try LogState.read(tx)
            let oldest = try LogRound.oldestWaiting(tx)
            let delayedSince = oldest.flatMap { $0 < tx.now.advanced(by: .zero - patience) ? $0 : nil }
            do {
                let round = try LogRound.open(state, tx)
                let published = round?.first ?? state.frontier.size
                return StoreMemory(
                    frontier: state.frontier, published: published, isWhole: true, delayedSince: delayedSince)
            } catch let fault as Fault where fault.code == .damaged {
                return StoreMemory(
                    frontier: state.frontier, published: state.indexed, isWhole: false, delayedSince: delayedSince)
            }
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
        if let since = after.delayedSince {
            notes.append(
                """
                acknowledged leaves wait since \(since.rfc3339): nobody sequences the log, and until a checkpoint \
                covers them they are only as safe as the database
                """)
        }
        if before.frontier.size > size, size >= before.published {
            notes.append("\(before.frontier.size - size) leaves have their place and wait to be published")
        }
    }
}
