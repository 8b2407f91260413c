// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

extension EvidenceLog {
    /// How many leaves get their places in one round.
    private static let batch: Int64 = 4_096

    /// Gives every committed leaf its place and publishes a checkpoint over them, unless another process is at it.
    ///
    /// A round that was interrupted is repeated with identical bytes: places are assigned in the store first, tiles
    /// follow, the checkpoint is signed over tiles that were read back, and only then do the pending rows go.
    ///
    /// - Throws: `Fault.damaged` when tiles and store do not fit together, `Fault.storageFull` when there is no
    ///   space for tiles.
    package func settle() async throws {
        guard try await hasPending(), let lock = try await store.tryLock(name: "ledger") else { return }
        do {
            while try await sequenceRound() {}
        } catch {
            await lock.release()
            throw error
        }
        await lock.release()
    }

    private func hasPending() async throws -> Bool {
        try await store.read { tx in try tx.row("SELECT 1 FROM ledger_pending LIMIT 1", []) != nil }
    }

    /// One round. Returns whether there may be more.
    private func sequenceRound() async throws -> Bool {
        let published = try await readCheckpoint()
        let publishedSize = published?.checkpoint.size ?? 0
        let round = try await store.write { tx in try Self.assign(after: publishedSize, tx) }
        guard !round.entries.isEmpty else {
            // Whoever published these leaves died before it could drop them.
            try await tidy(from: publishedSize, to: publishedSize)
            return false
        }
        let growth = try await grow(published, by: round.entries)
        guard growth.frontier == round.frontier else {
            throw Fault(.damaged, "The tiles of the log do not fit what the store remembers.")
        }
        try await tiles.write(growth.files)
        try await publish(growth.frontier, after: published)
        try await tidy(from: publishedSize, to: growth.frontier.size)
        return round.mayHaveMore
    }

    private func grow(_ published: PublishedCheckpoint?, by entries: [[UInt8]]) async throws -> TreeGrowth {
        do {
            return try await tiles.reading { read in
                let old = try TiledTree(size: published?.checkpoint.size ?? 0, read: read).frontier()
                if let published, old.root != published.checkpoint.root {
                    throw Fault(.damaged, "The tiles of the log are not those that its checkpoint signed.")
                }
                return try TreeGrowth(from: old, appending: entries, read: read)
            }
        } catch let error as TileError {
            throw Fault(.damaged, "The log cannot grow on damaged tiles: \(error.place).", cause: error)
        }
    }

    /// Publishes `frontier` in place of `published`. A sequencer that lost its lock fails here rather than setting
    /// back what the next one published.
    private func publish(_ frontier: Frontier, after published: PublishedCheckpoint?) async throws {
        let checkpoint = try Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
        let note = try SignedNote(text: checkpoint.text, signers: [signer])
        try await tiles.replace(checkpointName, note.bytes, expecting: published?.bytes)
        remember(try PublishedCheckpoint(note.bytes, verifier: signer.verifier, origin: origin))
    }

    /// Drops the pending rows that are published, and the partial tiles that fuller ones replaced.
    private func tidy(from old: UInt64, to new: UInt64) async throws {
        _ = try await store.write { tx in
            try tx.execute("DELETE FROM ledger_pending WHERE position < ?", [.integer(Int64(clamping: new))])
        }
        let edge = Self.partialTiles(size: new)
        try await tiles.remove(Self.partialTiles(size: old).filter { !edge.contains($0) })
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

    private struct Round: Sendable {
        let entries: [[UInt8]]
        let frontier: Frontier
        let mayHaveMore: Bool
    }

    /// Assigns places to pending leaves, and returns everything from the published size on.
    private static func assign(after published: UInt64, _ tx: any Transaction) throws -> Round {
        var state = try LogState.read(tx)
        guard published <= state.frontier.size else {
            throw Fault(.damaged, "The log is longer than the store remembers: the store was set back.")
        }
        var entries = try tx.rows(
            "SELECT leaf FROM ledger_pending WHERE position >= ? ORDER BY position",
            [.integer(Int64(clamping: published))]
        ).map { try $0.bytes(0) }
        guard UInt64(entries.count) == state.frontier.size - published else {
            throw Fault(.damaged, "Leaves that have a place in the log but were not published are missing.")
        }
        // An interrupted round is repeated as it was: with fresh leaves it would write other files, and leave half
        // written ones of the first attempt behind.
        guard entries.isEmpty else { return Round(entries: entries, frontier: state.frontier, mayHaveMore: true) }
        let fresh = try tx.rows(
            "SELECT id, leaf FROM ledger_pending WHERE position IS NULL ORDER BY id LIMIT ?", [.integer(batch)])
        for row in fresh {
            let (id, bytes) = (try row.bytes(0), try row.bytes(1))
            try place(id, bytes, at: Int64(clamping: state.frontier.size), tx)
            try state.frontier.append(MerkleHash.leaf(bytes))
            entries.append(bytes)
        }
        if !fresh.isEmpty { try state.write(tx) }
        return Round(entries: entries, frontier: state.frontier, mayHaveMore: fresh.count == batch)
    }

    private static func place(_ id: [UInt8], _ bytes: [UInt8], at position: Int64, _ tx: any Transaction) throws {
        try tx.execute("UPDATE ledger_pending SET position = ? WHERE id = ?", [.integer(position), .bytes(id)])
        try LeafIndex.put(try LeafIndex.row(bytes, at: position), tx)
    }
}
