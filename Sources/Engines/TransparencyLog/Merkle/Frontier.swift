// SPDX-License-Identifier: Apache-2.0

/// The right edge of a tree: its size and the hashes of the full subtrees that make it up, the largest first.
///
/// It is all that is needed to append leaves and to state the root, and never holds more than 64 hashes.
public struct Frontier: Hashable, Sendable {
    /// Number of leaves of the tree.
    public private(set) var size: UInt64
    /// One hash for each bit set in ``size``, the most significant first.
    public private(set) var subtrees: [MerkleHash]

    /// The edge of the empty tree.
    public init() {
        size = 0
        subtrees = []
    }

    /// The edge that `bytes` spell: the size as eight bytes, big-endian, then the hashes.
    /// - Throws: ``TileError/badFrontier`` unless the length is exactly what the size demands.
    public init(bytes: [UInt8]) throws(TileError) {
        let size = BigEndian.value(bytes.prefix(8))
        guard bytes.count == 8 + size.nonzeroBitCount * MerkleHash.byteCount,
            let subtrees = MerkleHash.list(from: Array(bytes.dropFirst(8)))
        else { throw .badFrontier }
        self.init(size: size, subtrees: subtrees)
    }

    /// INVARIANT: `subtrees` has one hash for each bit set in `size`.
    init(size: UInt64, subtrees: [MerkleHash]) {
        self.size = size
        self.subtrees = subtrees
    }

    /// The bytes that ``init(bytes:)`` reads, at most 2,056.
    public var bytes: [UInt8] {
        BigEndian.bytes(size) + MerkleHash.bytes(of: subtrees)
    }

    /// The root hash of the tree.
    public var root: MerkleHash { MerkleHash.fold(subtrees) }

    /// Appends one leaf hash.
    /// - Throws: ``TileError/treeFull`` when the tree has 2⁶⁴−1 leaves already.
    public mutating func append(_ leaf: MerkleHash) throws(TileError) {
        guard size < .max else { throw .treeFull }
        MerkleHash.push(leaf, onto: &subtrees, holding: size)
        size += 1
    }

    /// Appends leaf hashes in order.
    /// - Throws: ``TileError/treeFull`` when the tree would have more than 2⁶⁴−1 leaves.
    public mutating func append(contentsOf leaves: some Sequence<MerkleHash>) throws(TileError) {
        for leaf in leaves { try append(leaf) }
    }
}
