// SPDX-License-Identifier: Apache-2.0

/// A range of leaves that forms a node of some tree: `start` is a multiple of the smallest power of two
/// that is at least the range's width (Merkle Tree Certificates, section "Subtrees").
public struct Subtree: Hashable, Sendable {
    /// Index of the first leaf.
    public let start: UInt64
    /// Index after the last leaf; equal to `start` for an empty subtree.
    public let end: UInt64

    /// The subtree `[start, end)`.
    /// - Throws: ``ProofError/notASubtree`` when the range is reversed or not aligned.
    public init(start: UInt64, end: UInt64) throws(ProofError) {
        guard start <= end else { throw .notASubtree }
        let width = end - start
        // All ones below the power of two: safe where the power itself, 2⁶⁴, would not fit.
        let mask = width == 0 ? 0 : UInt64.max >> UInt64((width - 1).leadingZeroBitCount)
        guard start & mask == 0 else { throw .notASubtree }
        self.init(aligned: start, end)
    }

    /// INVARIANT: the range is aligned as ``init(start:end:)`` demands.
    init(aligned start: UInt64, _ end: UInt64) {
        self.start = start
        self.end = end
    }

    /// Number of leaves.
    public var width: UInt64 { end - start }

    /// Whether the leaf at `index` lies inside.
    public func contains(_ index: UInt64) -> Bool { start <= index && index < end }

    /// Where the tree over this range divides: after the largest power of two below its width.
    /// INVARIANT: the width is at least 2.
    var middle: UInt64 { start + 1 << UInt64(63 - (width - 1).leadingZeroBitCount) }

    /// The full nodes that make up this range, the largest first.
    var nodes: [TreeNode] {
        var nodes: [TreeNode] = []
        var position = start
        var rest = width
        while rest > 0 {
            let height = 63 - rest.leadingZeroBitCount
            nodes.append(TreeNode(height: height, index: position >> UInt64(height)))
            position += 1 << UInt64(height)
            rest -= 1 << UInt64(height)
        }
        return nodes
    }
}

/// A full node of a tree: the hash over leaves `index · 2^height` up to `(index + 1) · 2^height`.
public struct TreeNode: Hashable, Sendable {
    /// Levels above the leaves, 0 to 63.
    public let height: Int
    /// Position among the nodes of this height.
    public let index: UInt64
}
