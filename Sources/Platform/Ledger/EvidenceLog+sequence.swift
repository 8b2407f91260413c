// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

extension EvidenceLog {
    /// How many leaves get their places in one round.
    private static let batch: Int64 = 4_096
    /// How many of them are moved into the index in one transaction: acts that come meanwhile wait for one at most.
    private static let step = 128

    /// Gives every committed leaf its place and publishes a checkpoint over them, unless another process is at it.
    ///
    /// A round that was interrupted is repeated with identical bytes: places are assigned in the store first, tiles
    /// follow, the checkpoint is signed over tiles that were read back, and only then do the pending rows go.
    ///
    /// - Throws: `Fault.damaged` when tiles and store do not fit together, `Fault.storageFull` when there is no
    ///   space for tiles.
    package func settle() async throws {
        guard try await hasWork(), let lock = try await store.tryLock(name: "ledger") else { return }
        do {
            while try await sequenceRound() {}
        } catch {
            await lock.release()
            throw error
        }
        await lock.release()
    }

    private func hasWork() async throws -> Bool {
        try await store.read { tx in
            let waits = try tx.row("SELECT 1 FROM ledger_pending LIMIT 1", []) != nil
            return try waits || tx.row("SELECT 1 FROM ledger_round LIMIT 1", []) != nil
        }
    }

    /// One round. Returns whether there may be more.
    private func sequenceRound() async throws -> Bool {
        let published = try await readCheckpoint()
        let publishedSize = published?.checkpoint.size ?? 0
        let (state, interrupted) = try await store.read { tx in
            let state = try LogState.read(tx)
            return (state, try LogRound.open(state, tx))
        }
        guard publishedSize <= state.frontier.size else {
            throw Fault(.damaged, "The log is longer than the store remembers: the store was set back.")
        }
        // An interrupted round is repeated as it was: with fresh leaves it would write other files, and leave half
        // written ones of the first attempt behind.
        if let interrupted {
            if publishedSize < state.frontier.size { try await publish(interrupted, after: published) }
            try await finish(interrupted)
            return true
        }
        guard publishedSize == state.frontier.size else {
            throw Fault(.damaged, "Leaves that have a place in the log but were not published are missing.")
        }
        let entries = try await store.read { tx in try LogRound.waiting(limit: Self.batch, tx) }
        if entries.isEmpty { return false }
        let growth = try await grow(published, by: entries, from: state.frontier)
        let round = LogRound.placing(entries, after: state, frontier: growth.frontier)
        try await store.write { tx in try round.begin(after: state, tx) }
        try await publish(growth, after: published)
        try await finish(round)
        return entries.count == Self.batch
    }

    /// Publishes a round that has its places in the store since an earlier attempt.
    private func publish(_ round: LogRound, after published: PublishedCheckpoint?) async throws {
        guard round.start == published?.checkpoint.size ?? 0 else {
            throw Fault(.damaged, "The checkpoint of the log ends within a round of the store.")
        }
        let growth = try await grow(published, by: round.entries, from: nil)
        guard growth.frontier == round.state.frontier else { throw Self.misfit }
        try await publish(growth, after: published)
    }

    /// The tiles that `entries` add to the published ones.
    ///
    /// - Parameter known: the right edge of the published tree where the store remembers it.
    private func grow(
        _ published: PublishedCheckpoint?, by entries: [LogRound.Entry], from known: Frontier?
    ) async throws -> TreeGrowth {
        do {
            return try await tiles.reading { read in
                let old = try TiledTree(size: published?.checkpoint.size ?? 0, read: read).frontier()
                if let published, old.root != published.checkpoint.root {
                    throw Fault(.damaged, "The tiles of the log are not those that its checkpoint signed.")
                }
                guard known == nil || known == old else { throw Self.misfit }
                return try TreeGrowth(from: old, appending: entries.map(\.bytes), read: read)
            }
        } catch let error as TileError {
            throw Fault(.damaged, "The log cannot grow on damaged tiles: \(error.place).", cause: error)
        }
    }

    private static let misfit = Fault(.damaged, "The tiles of the log do not fit what the store remembers.")

    /// Writes the tiles of `growth`, and publishes a checkpoint over them in place of `published`.
    private func publish(_ growth: TreeGrowth, after published: PublishedCheckpoint?) async throws {
        try await tiles.write(growth.files)
        try await publish(growth.frontier, after: published)
    }

    /// Publishes `frontier` in place of `published`. A sequencer that lost its lock fails here rather than setting
    /// back what the next one published.
    private func publish(_ frontier: Frontier, after published: PublishedCheckpoint?) async throws {
        let checkpoint = try Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
        let note = try SignedNote(text: checkpoint.text, signers: [signer])
        try await tiles.replace(checkpointName, note.bytes, expecting: published?.bytes)
        remember(try PublishedCheckpoint(note.bytes, verifier: signer.verifier, origin: origin))
    }

    /// Moves the leaves of a published round into the index, and drops the partial tiles that fuller ones replaced.
    private func finish(_ round: LogRound) async throws {
        let edge = Self.partialTiles(size: round.state.frontier.size)
        try await tiles.remove(Self.partialTiles(size: round.first).filter { !edge.contains($0) })
        for start in stride(from: 0, to: round.entries.count, by: Self.step) {
            let part = start..<min(start + Self.step, round.entries.count)
            let rows = try zip(part, round.entries[part]).map { offset, entry in
                try LeafIndex.row(entry.bytes, at: Int64(clamping: round.start) + Int64(offset))
            }
            try await store.write { tx in try round.finish(part, rows, tx) }
        }
    }

    /// The partial tiles at the right edge of a tree.
    private static func partialTiles(size: UInt64) -> [TilePath] {
        let entries = TilePath.Content.entries
        let levels = (0...7).map { (TilePath.Content.hashes(level: $0), size >> UInt64(8 * $0)) }
        return ([(entries, size)] + levels).compactMap { content, count in
            guard count & 255 != 0 else { return nil }
            return TilePath.holding(count - 1, of: content, inTreeOf: size)
        }
    }
}
