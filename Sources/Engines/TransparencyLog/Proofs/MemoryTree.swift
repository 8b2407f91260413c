// SPDX-License-Identifier: Apache-2.0

/// A tree held in memory with all its full nodes: for tests, small logs and batches.
public struct MemoryTree: HashTree, Sendable {
    /// For each height the full nodes, from left to right.
    private var levels: [[MerkleHash]] = [[]]

    /// The tree over `leaves`, which are leaf hashes.
    public init(leaves: some Sequence<MerkleHash> = []) {
        for leaf in leaves { append(leaf) }
    }

    /// Number of leaves.
    public var size: UInt64 { UInt64(levels[0].count) }

    /// Appends one leaf hash.
    public mutating func append(_ leaf: MerkleHash) {
        levels[0].append(leaf)
        var height = 0
        while levels[height].count.isMultiple(of: 2) {
            let pair = levels[height].suffix(2)
            let parent = MerkleHash.node(pair[pair.startIndex], pair[pair.startIndex + 1])
            height += 1
            if height == levels.count { levels.append([]) }
            levels[height].append(parent)
        }
    }

    /// The hashes of full nodes.
    /// - Throws: ``ProofError/outOfRange`` when one is not in the tree.
    public func hashes(at nodes: [TreeNode]) throws -> [MerkleHash] {
        try nodes.map { node throws(ProofError) in
            guard levels.indices.contains(node.height), node.index < UInt64(levels[node.height].count)
            else { throw .outOfRange }
            return levels[node.height][Int(node.index)]
        }
    }
}
