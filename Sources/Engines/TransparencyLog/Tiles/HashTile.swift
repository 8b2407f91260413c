// SPDX-License-Identifier: Apache-2.0

/// Reads the bytes of one tile. It must return exactly the tile asked for; where a partial tile is gone,
/// the beginning of the full one serves.
public typealias TileReader = (TilePath) throws -> [UInt8]

/// The hashes of one tile.
public struct HashTile: Hashable, Sendable {
    /// Which tile it is.
    public let path: TilePath
    /// As many hashes as the path says.
    public let hashes: [MerkleHash]

    /// The tile that `bytes` spell.
    /// - Throws: ``TileError/wrongLength(_:expected:found:)`` unless there are 32 bytes for each hash.
    public init(path: TilePath, bytes: [UInt8]) throws(TileError) {
        let expected = path.width * MerkleHash.byteCount
        guard bytes.count == expected, let hashes = MerkleHash.list(from: bytes)
        else { throw .wrongLength(path, expected: expected, found: bytes.count) }
        self.path = path
        self.hashes = hashes
    }

    /// The hash over all of the tile; of a full one this is its entry in the tile above.
    public var root: MerkleHash { MerkleHash.root(of: hashes) }

    /// The nodes that the tile contributes to the right edge of its tree, the largest first.
    var edge: [MerkleHash] {
        Subtree(aligned: 0, UInt64(hashes.count)).nodes.map { root(of: $0.height, $0.index) }
    }

    /// The hash of the node `height` levels above this tile's hashes.
    /// INVARIANT: the node lies within the tile.
    func root(of height: Int, _ index: UInt64) -> MerkleHash {
        let first = Int(index) << height
        return MerkleHash.root(of: hashes[first..<first + 1 << height])
    }
}
