// SPDX-License-Identifier: Apache-2.0

/// Why a proof was not made, or was not believed.
public enum ProofError: Error, Hashable, Sendable {
    /// The leaf index or the size lies outside the tree.
    case outOfRange
    /// The range of leaves is reversed or not aligned to its width.
    case notASubtree
    /// The proof has not the number of hashes that its sizes demand.
    case wrongLength(expected: Int, found: Int)
    /// The proof does not lead to the older tree's, or the subtree's, hash.
    case oldRootMismatch
    /// The proof does not lead to the tree's root hash.
    case rootMismatch
}
