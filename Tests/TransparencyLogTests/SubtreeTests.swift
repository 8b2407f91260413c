// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite struct SubtreeTests {
    /// The definition: a multiple of the smallest power of two that is not less than the width.
    static func isValid(_ start: Int, _ end: Int) -> Bool {
        var power = 1
        while power < end - start { power *= 2 }
        return start % power == 0
    }

    @Test func validityIsThatOfTheDefinition() {
        for start in 0...70 {
            for end in start...140 {
                let subtree = try? Subtree(start: UInt64(start), end: UInt64(end))
                #expect((subtree != nil) == (start == end || Self.isValid(start, end)))
            }
        }
    }

    @Test(
        arguments: [
            (1, UInt64.max), (3, 5), (2, 1), (1, 9_223_372_036_854_775_810), (UInt64.max, 0), (1 << 63, UInt64.max - 1),
        ] as [(UInt64, UInt64)])
    func largeRanges(start: UInt64, end: UInt64) {
        let isAligned = start == 1 << 63
        #expect(((try? Subtree(start: start, end: end)) != nil) == isAligned)
    }

    @Test func everySubtreeOfEveryTree() throws {
        let leaves = Sample.leaves(40)
        for size in 1...40 {
            let tree = MemoryTree(leaves: leaves[..<size])
            let root = try tree.root()
            for start in 0..<size {
                for end in start + 1...size where Self.isValid(start, end) {
                    let subtree = try Subtree(start: UInt64(start), end: UInt64(end))
                    let subtreeRoot = Reference.root(leaves[start..<end])
                    #expect(try tree.root(of: subtree) == subtreeRoot)
                    let proof = try tree.subtreeConsistencyProof(of: subtree)
                    #expect(proof.hashes == Reference.subproof(start, end, leaves[..<size], true))
                    try proof.verify(subtreeRoot: subtreeRoot, root: root)
                    try expectRefusal(proof, subtreeRoot, root)
                }
            }
        }
    }

    @Test func everyLeafOfEverySubtree() throws {
        let leaves = Sample.leaves(33)
        let tree = MemoryTree(leaves: leaves)
        for start in 0..<33 {
            for end in start + 1...33 where Self.isValid(start, end) {
                let subtree = try Subtree(start: UInt64(start), end: UInt64(end))
                let root = try tree.root(of: subtree)
                for index in start..<end {
                    let proof = try tree.subtreeInclusionProof(of: UInt64(index), in: subtree)
                    #expect(proof.hashes == Reference.path(index - start, leaves[start..<end]))
                    try proof.verify(leaf: leaves[index], subtreeRoot: root)
                    let moved = SubtreeInclusionProof(index: UInt64(end), subtree: subtree, hashes: proof.hashes)
                    #expect(throws: ProofError.outOfRange) { try moved.verify(leaf: leaves[index], subtreeRoot: root) }
                }
            }
        }
    }

    @Test func questionsOutsideTheTree() throws {
        let tree = MemoryTree(leaves: Sample.leaves(5))
        let outside = try Subtree(start: 4, end: 6)
        #expect(throws: ProofError.outOfRange) { try tree.inclusionProof(of: 5) }
        #expect(throws: ProofError.outOfRange) { try tree.consistencyProof(from: 6) }
        #expect(throws: ProofError.outOfRange) { try tree.root(of: outside) }
        #expect(throws: ProofError.outOfRange) { try tree.subtreeConsistencyProof(of: outside) }
        #expect(throws: ProofError.outOfRange) { try tree.subtreeInclusionProof(of: 4, in: outside) }
        #expect(throws: ProofError.outOfRange) { try tree.subtreeInclusionProof(of: 0, in: Subtree(start: 2, end: 4)) }
    }

    private func expectRefusal(
        _ proof: SubtreeConsistencyProof, _ subtreeRoot: MerkleHash, _ root: MerkleHash
    ) throws {
        for position in proof.hashes.indices {
            var hashes = proof.hashes
            hashes[position] = try #require(Sample.flip(hashes[position], byte: position))
            let altered = SubtreeConsistencyProof(subtree: proof.subtree, size: proof.size, hashes: hashes)
            #expect(throws: ProofError.self) { try altered.verify(subtreeRoot: subtreeRoot, root: root) }
        }
        let longer = SubtreeConsistencyProof(subtree: proof.subtree, size: proof.size, hashes: proof.hashes + [root])
        #expect(throws: ProofError.self) { try longer.verify(subtreeRoot: subtreeRoot, root: root) }
    }
}
