// SPDX-License-Identifier: Apache-2.0

extension TiledTree {
    /// The root computed from every hash tile, each level checked against the one above it.
    ///
    /// Holds two tiles in memory at a time, whatever the size of the log.
    /// - Throws: ``TileError/tileMismatch(_:)`` for the first tile that was altered, other ``TileError``,
    ///   and what the reader throws.
    public func recompute() throws -> MerkleHash {
        for level in 0...7 { try checkLevel(level) }
        return try frontier().root
    }

    /// The root computed from every entry and every hash tile.
    /// - Parameter visit: sees each entry and its index, in order, once it agrees with its tile.
    /// - Throws: ``TileError/entryMismatch(index:)`` for the first entry that was altered; as ``recompute()``;
    ///   what `visit` throws.
    public func recompute(visiting visit: (UInt64, [UInt8]) throws -> Void) throws -> MerkleHash {
        try eachTile(of: .entries) { path in
            let entries = try EntryBundle.decode(read(path), at: path)
            let leaves = try tile(at: TilePath(valid: .hashes(level: 0), path.index, path.width)).hashes
            for (position, (entry, leaf)) in zip(entries, leaves).enumerated() {
                let index = path.index << 8 + UInt64(position)
                guard MerkleHash.leaf(entry) == leaf else { throw TileError.entryMismatch(index: index) }
                try visit(index, entry)
            }
        }
        return try recompute()
    }

    private func checkLevel(_ level: Int) throws {
        var parent: HashTile?
        try eachTile(of: .hashes(level: level)) { path in
            let tile = try tile(at: path)
            guard let above = TilePath.holding(path.index, of: .hashes(level: level + 1), inTreeOf: size),
                !path.isPartial
            else { return }
            let parentTile = try parent.flatMap { $0.path == above ? $0 : nil } ?? self.tile(at: above)
            parent = parentTile
            guard parentTile.hashes[Int(path.index & 255)] == tile.root else { throw TileError.tileMismatch(path) }
        }
    }

    private func eachTile(of content: TilePath.Content, _ body: (TilePath) throws -> Void) throws {
        var item: UInt64 = 0
        while let path = TilePath.holding(item, of: content, inTreeOf: size) {
            try body(path)
            guard !path.isPartial else { return }
            let (next, overflow) = item.addingReportingOverflow(256)
            if overflow { return }
            item = next
        }
    }
}
