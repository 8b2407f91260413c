// SPDX-License-Identifier: Apache-2.0

/// The way from a tree's root down to one of its subtrees, and the siblings passed on it.
///
/// All proofs are this one: inclusion descends to the subtree of a single leaf, consistency to that of the
/// first leaves. Where the subtree ends at the tree's ragged edge it is no node of the larger tree; the way
/// then follows its right edge, and the siblings left behind belong to both trees.
struct ProofPath {
    struct Step {
        let sibling: Subtree
        let isLeft: Bool
        let belongsToBoth: Bool
    }

    /// From the subtree up to the root.
    let steps: [Step]
    /// Where the way ends: the subtree itself, or the last of the nodes that it is made of.
    let target: Subtree
    /// Whether the verifier knows the hash of `target`; if not it is the first hash of the proof.
    let targetIsKnown: Bool

    /// - Throws: ``ProofError/outOfRange`` when `subtree` is empty or ends after `size`.
    init(to subtree: Subtree, in size: UInt64) throws(ProofError) {
        guard subtree.width > 0, subtree.end <= size else { throw .outOfRange }
        var steps: [Step] = []
        var here = Subtree(aligned: 0, size)
        var target = subtree
        while here != target {
            let middle = here.middle
            let left = Subtree(aligned: here.start, middle)
            let right = Subtree(aligned: middle, here.end)
            if target.end <= middle {
                steps.append(Step(sibling: right, isLeft: false, belongsToBoth: false))
                here = left
            } else {
                let divides = target.start < middle
                steps.append(Step(sibling: left, isLeft: true, belongsToBoth: divides))
                if divides { target = Subtree(aligned: middle, target.end) }
                here = right
            }
        }
        self.steps = steps.reversed()
        self.target = target
        targetIsKnown = target == subtree
    }

    /// The ranges whose hashes are the proof, in the order of RFC 6962, sections 2.1.1 and 2.1.2.
    var ranges: [Subtree] {
        (targetIsKnown ? [] : [target]) + steps.map(\.sibling)
    }

    /// Whether `proof` leads from the subtree's hash to the tree's root.
    /// - Throws: `wrongLength`, `oldRootMismatch` or `rootMismatch`.
    func check(_ proof: [MerkleHash], subtreeRoot: MerkleHash, root: MerkleHash) throws(ProofError) {
        let expected = steps.count + (targetIsKnown ? 0 : 1)
        guard proof.count == expected else { throw .wrongLength(expected: expected, found: proof.count) }
        var old = targetIsKnown ? subtreeRoot : proof[0]
        var new = old
        for (step, sibling) in zip(steps, proof.suffix(steps.count)) {
            new = step.isLeft ? .node(sibling, new) : .node(new, sibling)
            if step.belongsToBoth { old = .node(sibling, old) }
        }
        guard old == subtreeRoot else { throw .oldRootMismatch }
        guard new == root else { throw .rootMismatch }
    }
}
