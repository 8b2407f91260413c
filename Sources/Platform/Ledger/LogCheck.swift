// SPDX-License-Identifier: Apache-2.0

import Kernel
import TransparencyLog

/// The single checks of a verification; each adds what it finds. Nothing that lies in the log's folder makes one
/// fail: only what cannot be read at all is thrown.
struct LogCheck {
    var problems: [String] = []
    var notes: [String] = []
    private var verifier: VerifierKey?

    /// The bytes under `name`; what is no file of ours becomes a problem.
    private mutating func bytes(_ name: String, _ tiles: any TileStore) async throws -> [UInt8]? {
        do {
            return try await tiles.bytes(name)
        } catch let fault as Fault where fault.code == .damaged {
            problems.append(fault.message)
            return nil
        }
    }

    /// The signed checkpoint, or nil when there is none or it cannot be trusted.
    ///
    /// - Parameter published: how many leaves the store knows to be published, where there is a store.
    mutating func checkpoint(
        _ tiles: any TileStore, trusted: String?, published: UInt64?
    ) async throws -> PublishedCheckpoint? {
        verifier = try await verifierKey(tiles, trusted: trusted)
        guard let bytes = try await bytes(checkpointName, tiles) else {
            let count = try await tiles.names().count { $0.hasPrefix("tile/") }
            if count > 0, published != 0 {
                problems.append("checkpoint: is missing although there are \(count) tiles")
            }
            return nil
        }
        guard let key = verifier else { return nil }
        guard let published = try? PublishedCheckpoint(bytes, verifier: key, origin: key.name.description) else {
            problems.append("checkpoint: is not signed by \(key.name)")
            return nil
        }
        return published
    }

    /// The key to trust. The one beside the log must be that key, byte for byte.
    private mutating func verifierKey(_ tiles: any TileStore, trusted: String?) async throws -> VerifierKey? {
        let beside = try await bytes(verifierKeyName, tiles)
        let besideKey = beside.flatMap { bytes -> VerifierKey? in
            let key = try? VerifierKey(vkey: String(decoding: bytes.dropLast(), as: UTF8.self))
            return key.flatMap { Array(($0.vkey + "\n").utf8) == bytes ? $0 : nil }
        }
        if beside != nil, besideKey == nil { problems.append("vkey: is no public key") }
        if beside == nil {
            let isLog = try await tiles.names().contains { $0 == checkpointName || $0.hasPrefix("tile/") }
            if isLog { problems.append("vkey: is missing") }
        }
        guard let trusted else { return besideKey }
        guard let key = try? VerifierKey(vkey: trusted) else {
            throw Fault(.invalidInput, "The key to trust is no public key.")
        }
        if let besideKey, besideKey != key { problems.append("vkey: is not the key that is trusted") }
        return key
    }

    /// The root from every entry and every tile, or the first place that does not fit.
    static func recompute(size: UInt64, _ read: @escaping TileReader) throws -> (root: MerkleHash, problems: [String]) {
        do {
            let root = try TiledTree(size: size, read: read).recompute { index, entry in
                guard (try? Leaf(decoding: entry)) != nil else {
                    throw Fault(.damaged, "entry \(index): is no leaf")
                }
            }
            return (root, [])
        } catch let error as TileError {
            return (.emptyRoot, [error.place])
        } catch let fault as Fault where fault.code == .damaged {
            return (.emptyRoot, [fault.message])
        }
    }

    /// Files that the checkpoint does not ask for: older partial tiles must fit, strangers must not be there.
    mutating func otherFiles(_ tiles: any TileStore, size: UInt64) async throws {
        for name in try await tiles.names() where name != checkpointName && name != verifierKeyName {
            if let path = try? TilePath(name) {
                try await tile(path, tiles, size: size)
            } else if Self.isUnfinished(name) {
                notes.append("\(name): left by an interrupted publication")
            } else {
                problems.append("\(name): does not belong to the log")
            }
        }
    }

    /// Whether a file that was to get one of the log's names was left behind before it did.
    private static func isUnfinished(_ name: String) -> Bool {
        guard name.utf8.suffix(4).elementsEqual(".new".utf8) else { return false }
        let end = String(name.dropLast(4))
        return end == checkpointName || end == verifierKeyName || (try? TilePath(end)) != nil
    }

    private mutating func tile(_ path: TilePath, _ tiles: any TileStore, size: UInt64) async throws {
        guard let needed = path.counterpart(inTreeOf: size), needed.width >= path.width else {
            notes.append("\(path): is beyond the checkpoint and not trusted")
            return
        }
        guard needed != path, let older = try await bytes(path.description, tiles) else { return }
        let newer = try? await tiles.reading { read in try read(needed) }
        guard let newer, Self.isBeginning(older, at: path, of: newer) else {
            problems.append("\(path): differs from the fuller \(needed)")
            return
        }
    }

    /// Whether `older` is as long as its path says and the fuller tile begins with it.
    private static func isBeginning(_ older: [UInt8], at path: TilePath, of newer: [UInt8]) -> Bool {
        let isWhole =
            switch path.content {
            case .hashes: (try? HashTile(path: path, bytes: older)) != nil
            case .entries: (try? EntryBundle.decode(older, at: path)) != nil
            }
        return isWhole && newer.starts(with: older)
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
            problems.append(
                "the first \(old.checkpoint.size) leaves are not those that the remembered checkpoint signed")
        }
    }
}
