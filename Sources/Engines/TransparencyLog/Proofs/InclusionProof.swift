// SPDX-License-Identifier: Apache-2.0

/// Evidence that a leaf stands at an index of a tree (RFC 6962, section 2.1.1).
///
/// The size is only as trustworthy as the root: take both from the same verified checkpoint.
public struct InclusionProof: Hashable, Sendable {
    /// Index of the leaf.
    public let index: UInt64
    /// Number of leaves of the tree.
    public let size: UInt64
    /// The siblings, from the leaf's up to the root's child.
    public let hashes: [MerkleHash]

    /// A proof as received; nothing is checked before ``verify(leaf:root:)``.
    public init(index: UInt64, size: UInt64, hashes: [MerkleHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Returns when the leaf hash `leaf` stands at `index` of the tree with this root.
    /// - Throws: ``ProofError`` saying why the proof is not believed.
    public func verify(leaf: MerkleHash, root: MerkleHash) throws(ProofError) {
        guard index < size else { throw .outOfRange }
        let path = try ProofPath(to: Subtree(aligned: index, index + 1), in: size)
        try path.check(hashes, subtreeRoot: leaf, root: root)
    }
}

/// Evidence that a leaf stands in a subtree (Merkle Tree Certificates, "Subtree Inclusion Proofs").
public struct SubtreeInclusionProof: Hashable, Sendable {
    /// Index of the leaf in the whole tree.
    public let index: UInt64
    /// The subtree that holds it.
    public let subtree: Subtree
    /// The siblings, from the leaf's up to the subtree root's child.
    public let hashes: [MerkleHash]

    /// A proof as received; nothing is checked before ``verify(leaf:subtreeRoot:)``.
    public init(index: UInt64, subtree: Subtree, hashes: [MerkleHash]) {
        self.index = index
        self.subtree = subtree
        self.hashes = hashes
    }

    /// Returns when the leaf hash `leaf` stands at `index`, given the hash of the subtree.
    /// - Throws: ``ProofError`` saying why the proof is not believed.
    public func verify(leaf: MerkleHash, subtreeRoot: MerkleHash) throws(ProofError) {
        guard subtree.contains(index) else { throw .outOfRange }
        try InclusionProof(index: index - subtree.start, size: subtree.width, hashes: hashes)
            .verify(leaf: leaf, root: subtreeRoot)
    }
}
