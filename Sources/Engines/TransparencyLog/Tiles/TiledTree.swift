// SPDX-License-Identifier: Apache-2.0

/// A tree whose hashes are in tiles; makes proofs from the few tiles that it needs.
public struct TiledTree: HashTree {
    /// Number of leaves, from a checkpoint.
    public let size: UInt64
    let read: TileReader

    /// The tree of the first `size` leaves of a log. Tiles are read when they are needed.
    public init(size: UInt64, read: @escaping TileReader) {
        self.size = size
        self.read = read
    }

    /// The hashes of full nodes; each tile is read once.
    /// - Throws: ``TileError``, ``ProofError/outOfRange``, and what the reader throws.
    public func hashes(at nodes: [TreeNode]) throws -> [MerkleHash] {
        var tiles: [TilePath: HashTile] = [:]
        return try nodes.map { node in
            // Eight heights share a tile: the node is hashed from `2^above` of the tile's hashes.
            let above = node.height % 8
            let item = node.index << UInt64(above)
            let content = TilePath.Content.hashes(level: node.height / 8)
            guard node.index < size >> UInt64(node.height),
                let path = TilePath.holding(item, of: content, inTreeOf: size)
            else { throw ProofError.outOfRange }
            let tile = try tiles[path] ?? self.tile(at: path)
            tiles[path] = tile
            return tile.root(of: above, (item & 255) >> UInt64(above))
        }
    }

    /// The right edge of the tree, read from its partial tiles.
    /// - Throws: ``TileError`` and what the reader throws.
    public func frontier() throws -> Frontier {
        var subtrees: [MerkleHash] = []
        for level in (0...7).reversed() {
            if let tile = try partialTile(level: level) { subtrees += tile.edge }
        }
        return Frontier(size: size, subtrees: subtrees)
    }

    /// The partial tile of a level, if the tree has one.
    func partialTile(level: Int) throws -> HashTile? {
        let count = size >> UInt64(8 * level)
        guard count & 255 != 0 else { return nil }
        return try tile(at: TilePath(valid: .hashes(level: level), count >> 8, Int(count & 255)))
    }

    func tile(at path: TilePath) throws -> HashTile {
        try HashTile(path: path, bytes: read(path))
    }
}
