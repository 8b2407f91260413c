// SPDX-License-Identifier: Apache-2.0

/// A tree whose full nodes can be looked up, and which therefore can prove things about itself.
///
/// Proofs are made from what the lookup returns, without checking it: a verifier does that.
public protocol HashTree {
    /// Number of leaves.
    var size: UInt64 { get }

    /// The hashes of full nodes, in the order asked for. Only nodes within ``size`` are asked for.
    func hashes(at nodes: [TreeNode]) throws -> [MerkleHash]
}

extension HashTree {
    /// The root hash of the tree.
    /// - Throws: what the lookup throws.
    public func root() throws -> MerkleHash {
        try root(of: Subtree(aligned: 0, size))
    }

    /// The hash of the leaves of `subtree`.
    /// - Throws: ``ProofError/outOfRange`` when it ends after the tree; what the lookup throws.
    public func root(of subtree: Subtree) throws -> MerkleHash {
        guard subtree.end <= size else { throw ProofError.outOfRange }
        return try MerkleHash.fold(hashes(at: subtree.nodes))
    }

    /// Proof that the leaf at `index` is in this tree (RFC 6962, section 2.1.1).
    /// - Throws: ``ProofError/outOfRange``; what the lookup throws.
    public func inclusionProof(of index: UInt64) throws -> InclusionProof {
        guard index < size else { throw ProofError.outOfRange }
        let path = try ProofPath(to: Subtree(aligned: index, index + 1), in: size)
        return try InclusionProof(index: index, size: size, hashes: roots(of: path.ranges))
    }

    /// Proof that this tree appends to the tree of its first `oldSize` leaves (RFC 6962, section 2.1.2).
    /// - Throws: ``ProofError/outOfRange`` for a larger tree and for the empty one, from which nothing is to be
    ///   proved; what the lookup throws.
    public func consistencyProof(from oldSize: UInt64) throws -> ConsistencyProof {
        guard oldSize > 0 || size == 0 else { throw ProofError.outOfRange }
        let proof = try subtreeConsistencyProof(of: Subtree(aligned: 0, oldSize))
        return ConsistencyProof(oldSize: oldSize, newSize: size, hashes: proof.hashes)
    }

    /// Proof that the leaf at `index` is in `subtree`.
    /// - Throws: ``ProofError/outOfRange``; what the lookup throws.
    public func subtreeInclusionProof(of index: UInt64, in subtree: Subtree) throws -> SubtreeInclusionProof {
        guard subtree.contains(index), subtree.end <= size else { throw ProofError.outOfRange }
        let relative = index - subtree.start
        let ranges = try ProofPath(to: Subtree(aligned: relative, relative + 1), in: subtree.width).ranges
        let shifted = ranges.map { Subtree(aligned: subtree.start + $0.start, subtree.start + $0.end) }
        return try SubtreeInclusionProof(index: index, subtree: subtree, hashes: roots(of: shifted))
    }

    /// Proof that the hash of `subtree` speaks of this tree's leaves.
    /// - Throws: ``ProofError/outOfRange``; what the lookup throws.
    public func subtreeConsistencyProof(of subtree: Subtree) throws -> SubtreeConsistencyProof {
        guard subtree.end <= size else { throw ProofError.outOfRange }
        let ranges = subtree.width == 0 ? [] : try ProofPath(to: subtree, in: size).ranges
        return try SubtreeConsistencyProof(subtree: subtree, size: size, hashes: roots(of: ranges))
    }

    /// One lookup for all ranges, so that a tile is read once for the whole proof.
    private func roots(of ranges: [Subtree]) throws -> [MerkleHash] {
        let nodes = ranges.map(\.nodes)
        var found = try hashes(at: Array(nodes.joined()))[...]
        return nodes.map { part in
            defer { found = found.dropFirst(part.count) }
            return MerkleHash.fold(found.prefix(part.count))
        }
    }
}
