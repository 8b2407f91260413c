// SPDX-License-Identifier: Apache-2.0

/// One file of a log.
public struct TileFile: Hashable, Sendable {
    /// Its name.
    public let path: TilePath
    /// Its content.
    public let bytes: [UInt8]
}

/// What is to be written when entries are appended: the same input always gives the same bytes, so that an
/// interrupted write can be repeated.
public struct TreeGrowth: Hashable, Sendable {
    /// New and replaced tiles, in the order of ``TilePaths``.
    public let files: [TileFile]
    /// The edge of the grown tree.
    public let frontier: Frontier

    /// Appends `entries` to the tree with the edge `old`.
    ///
    /// The old right-edge tiles are read, and must be those of `old`: a tree never grows on altered tiles.
    /// - Throws: ``TileError``, and what `read` throws.
    public init(from old: Frontier, appending entries: [[UInt8]], read: @escaping TileReader) throws {
        guard !old.size.addingReportingOverflow(UInt64(entries.count)).overflow else { throw TileError.treeFull }
        let tree = TiledTree(size: old.size, read: read)
        guard try tree.frontier() == old else { throw TileError.edgeMismatch(size: old.size) }
        var frontier = old
        var files = try Self.bundles(in: tree, appending: entries)
        var fresh = entries.map(MerkleHash.leaf)
        try frontier.append(contentsOf: fresh)
        for level in 0...7 where !fresh.isEmpty {
            fresh = try Self.append(fresh, toLevel: level, of: tree, files: &files)
        }
        self.files = files
        self.frontier = frontier
    }

    /// Writes the tiles of one level and returns the hashes that the level above receives.
    private static func append(
        _ fresh: [MerkleHash], toLevel level: Int, of tree: TiledTree, files: inout [TileFile]
    ) throws -> [MerkleHash] {
        let hashes = try (tree.partialTile(level: level)?.hashes ?? []) + fresh
        var index = tree.size >> UInt64(8 * level + 8)
        var above: [MerkleHash] = []
        for start in stride(from: 0, to: hashes.count, by: TilePath.fullWidth) {
            let part = hashes[start..<min(start + TilePath.fullWidth, hashes.count)]
            let path = TilePath(valid: .hashes(level: level), index, part.count)
            files.append(TileFile(path: path, bytes: MerkleHash.bytes(of: part)))
            if !path.isPartial { above.append(MerkleHash.root(of: part)) }
            index &+= 1
        }
        return above
    }

    private static func bundles(in tree: TiledTree, appending entries: [[UInt8]]) throws -> [TileFile] {
        for (position, entry) in entries.enumerated() where entry.count > EntryBundle.longestEntry {
            throw TileError.entryTooLong(position: position)
        }
        guard !entries.isEmpty else { return [] }
        let all = try oldEntries(in: tree) + entries
        return try stride(from: 0, to: all.count, by: TilePath.fullWidth).map { start in
            let part = all[start..<min(start + TilePath.fullWidth, all.count)]
            let index = tree.size >> 8 &+ UInt64(start / TilePath.fullWidth)
            return try TileFile(path: TilePath(valid: .entries, index, part.count), bytes: EntryBundle.encode(part))
        }
    }

    /// The entries of the last, partial bundle, checked against their leaf hashes.
    private static func oldEntries(in tree: TiledTree) throws -> [[UInt8]] {
        guard let leaves = try tree.partialTile(level: 0) else { return [] }
        let path = TilePath(valid: .entries, leaves.path.index, leaves.path.width)
        let entries = try EntryBundle.decode(tree.read(path), at: path)
        for (position, (entry, leaf)) in zip(entries, leaves.hashes).enumerated() where MerkleHash.leaf(entry) != leaf {
            throw TileError.entryMismatch(index: path.index << 8 + UInt64(position))
        }
        return entries
    }
}
