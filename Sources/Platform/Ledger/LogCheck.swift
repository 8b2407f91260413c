// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// The single checks of a verification; each adds what it finds.
struct LogCheck {
    var problems: [String] = []
    var notes: [String] = []
    private var verifier: VerifierKey?

    /// The signed checkpoint, or nil when there is none or it cannot be trusted.
    mutating func checkpoint(_ tiles: any TileStore, trusted: String?) async throws -> PublishedCheckpoint? {
        guard let bytes = try await tiles.bytes(checkpointName) else {
            let names = try await tiles.names().filter { $0.hasPrefix("tile/") }
            if !names.isEmpty { problems.append("checkpoint: is missing although there are \(names.count) tiles") }
            return nil
        }
        var text = trusted
        if text == nil {
            text = try await tiles.bytes(verifierKeyName).map { String(decoding: $0, as: UTF8.self) }
        }
        let line = text.map { $0.split(separator: "\n").first.map(String.init) ?? "" }
        guard let line, let key = try? VerifierKey(vkey: line) else {
            problems.append("vkey: is missing or no public key")
            return nil
        }
        verifier = key
        guard let published = try? PublishedCheckpoint(bytes, verifier: key, origin: key.name.description) else {
            problems.append("checkpoint: is not signed by \(key.name)")
            return nil
        }
        return published
    }

    /// The root from every entry and every tile, or the first place that does not fit.
    static func recompute(size: UInt64, _ read: @escaping TileReader) -> (root: MerkleHash, problems: [String]) {
        do {
            let root = try TiledTree(size: size, read: read).recompute { index, entry in
                guard (try? Leaf(decoding: entry)) != nil else {
                    throw Fault(.damaged, "entry \(index): is no leaf")
                }
            }
            return (root, [])
        } catch {
            return (.emptyRoot, [describe(error)])
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case TileError.tileMismatch(let path): "\(path): does not hash to what the tile above it says"
        case TileError.entryMismatch(let index):
            "entry \(index) (\(bundle(of: index))): does not hash to what its tile says"
        case TileError.wrongLength(let path, let expected, let found):
            "\(path): has \(found) bytes instead of \(expected)"
        case TileError.badBundle(let path): "\(path): does not hold the entries that it should"
        case let fault as Fault: fault.message
        default: "\(error)"
        }
    }

    private static func bundle(of index: UInt64) -> String {
        TilePath.holding(index, of: .entries, inTreeOf: .max)?.description ?? "entries"
    }

    /// Files that the checkpoint does not ask for: older partial tiles must fit, strangers must not be there.
    mutating func otherFiles(_ tiles: any TileStore, size: UInt64) async throws {
        let needed = Set(TilePaths(to: size))
        let neededByFull = Dictionary(uniqueKeysWithValues: needed.map { ($0.full, $0) })
        for name in try await tiles.names() where name != checkpointName && name != verifierKeyName {
            guard let path = try? TilePath(name) else {
                if name == "\(checkpointName).new" {
                    notes.append("\(name): left by an interrupted publication")
                } else {
                    problems.append("\(name): does not belong to the log")
                }
                continue
            }
            if needed.contains(path) { continue }
            guard let fuller = neededByFull[path.full], fuller.width > path.width else {
                notes.append("\(name): is beyond the checkpoint and not trusted")
                continue
            }
            let (older, newer) = (try await tiles.bytes(name) ?? [], try await tiles.bytes(fuller.description) ?? [])
            if !newer.starts(with: older) { problems.append("\(name): differs from the fuller \(fuller)") }
        }
    }

    /// Whether the log still contains everything that a remembered checkpoint covered.
    mutating func against(
        _ remembered: [UInt8], _ published: PublishedCheckpoint, _ tiles: any TileStore
    ) async throws {
        guard let verifier,
            let old = try? PublishedCheckpoint(remembered, verifier: verifier, origin: published.checkpoint.origin)
        else {
            problems.append("remembered checkpoint: is not signed by this log")
            return
        }
        guard old.checkpoint.size <= published.checkpoint.size else {
            problems.append(
                """
                the log was set back: the remembered checkpoint covers \(old.checkpoint.size) leaves, \
                this log has \(published.checkpoint.size)
                """)
            return
        }
        guard old.checkpoint.size > 0 else { return }
        let size = published.checkpoint.size
        let oldRoot = try? await tiles.reading { read in
            try TiledTree(size: size, read: read).root(of: Subtree(start: 0, end: old.checkpoint.size))
        }
        if oldRoot != old.checkpoint.root {
            problems.append("the first \(old.checkpoint.size) leaves are not those that the remembered checkpoint signed")
        }
    }

    /// Whether the log is as long as the store says.
    mutating func store(_ store: Database, _ checkpoint: Checkpoint) async throws {
        let frontier = try await store.read { tx in try LogState.read(tx).frontier }
        if frontier.size < checkpoint.size {
            problems.append("the store remembers \(frontier.size) leaves, the log has \(checkpoint.size): the store was set back")
        } else if frontier.size == checkpoint.size, frontier.root != checkpoint.root {
            problems.append("the store remembers another root for \(checkpoint.size) leaves")
        } else if frontier.size > checkpoint.size {
            try await missingTail(store, from: checkpoint.size, to: frontier.size)
        }
    }

    /// A log without a checkpoint is right only while the store knows of no leaf either.
    mutating func emptyLog(_ store: Database) async throws {
        let size = try await store.read { tx in try LogState.read(tx).frontier.size }
        if size > 0 { try await missingTail(store, from: 0, to: size) }
    }

    private mutating func missingTail(_ store: Database, from published: UInt64, to size: UInt64) async throws {
        let waiting = try await store.read { tx in
            try tx.row(
                "SELECT count(*) FROM ledger_pending WHERE position >= ?", [.integer(Int64(clamping: published))]
            )?.integer(0) ?? 0
        }
        if UInt64(clamping: waiting) == size - published {
            notes.append("\(waiting) leaves have their place and wait to be published")
        } else {
            problems.append("leaves \(published) to \(size - 1) are missing: the end of the log was cut off")
        }
    }
}
