// SPDX-License-Identifier: Apache-2.0

/// Evidence that a tree begins with all the leaves of an older one (RFC 6962, section 2.1.2).
public struct ConsistencyProof: Hashable, Sendable {
    /// Number of leaves of the older tree.
    public let oldSize: UInt64
    /// Number of leaves of the newer tree.
    public let newSize: UInt64
    /// The hashes in the order of the RFC; none when both trees are the same.
    public let hashes: [MerkleHash]

    /// A proof as received; nothing is checked before ``verify(oldRoot:newRoot:)``.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [MerkleHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Returns when the tree with `newRoot` only appends to the tree with `oldRoot`.
    ///
    /// Every tree appends to the empty one, which says nothing about `newRoot`: there is no such proof.
    /// - Throws: ``ProofError`` saying why the proof is not believed.
    public func verify(oldRoot: MerkleHash, newRoot: MerkleHash) throws(ProofError) {
        guard oldSize <= newSize, oldSize > 0 || newSize == 0 else { throw .outOfRange }
        if newSize == 0 && newRoot != .emptyRoot { throw .rootMismatch }
        try SubtreeConsistencyProof(subtree: Subtree(aligned: 0, oldSize), size: newSize, hashes: hashes)
            .verify(subtreeRoot: oldRoot, root: newRoot)
    }
}

/// Evidence that a subtree's hash speaks of the same leaves as a tree
/// (Merkle Tree Certificates, "Subtree Consistency Proofs").
public struct SubtreeConsistencyProof: Hashable, Sendable {
    /// The subtree.
    public let subtree: Subtree
    /// Number of leaves of the tree.
    public let size: UInt64
    /// The hashes in the order of the draft.
    public let hashes: [MerkleHash]

    /// A proof as received; nothing is checked before ``verify(subtreeRoot:root:)``.
    public init(subtree: Subtree, size: UInt64, hashes: [MerkleHash]) {
        self.subtree = subtree
        self.size = size
        self.hashes = hashes
    }

    /// Returns when the tree with `root` holds at `subtree` exactly the leaves under `subtreeRoot`.
    ///
    /// An empty subtree is part of every tree: its hash must be the empty root, and `root` stays unchecked.
    /// - Throws: ``ProofError`` saying why the proof is not believed.
    public func verify(subtreeRoot: MerkleHash, root: MerkleHash) throws(ProofError) {
        guard subtree.end <= size else { throw .outOfRange }
        if subtree.width == 0 {
            guard hashes.isEmpty else { throw .wrongLength(expected: 0, found: hashes.count) }
            guard subtreeRoot == .emptyRoot else { throw .oldRootMismatch }
            return
        }
        try ProofPath(to: subtree, in: size).check(hashes, subtreeRoot: subtreeRoot, root: root)
    }
}
