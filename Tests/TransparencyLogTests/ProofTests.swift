// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite struct InclusionTests {
    static let largest = 70

    @Test func everyProofIsThatOfTheDefinition() throws {
        let leaves = Sample.leaves(Self.largest)
        for size in 1...Self.largest {
            let tree = MemoryTree(leaves: leaves[..<size])
            let root = try tree.root()
            #expect(root == Reference.root(leaves[..<size]))
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: UInt64(index))
                #expect(proof.hashes == Reference.path(index, leaves[..<size]))
                try proof.verify(leaf: leaves[index], root: root)
            }
        }
    }

    @Test func everyAlteredByteIsRefused() throws {
        let leaves = Sample.leaves(Self.largest)
        for size in 1...Self.largest {
            let tree = MemoryTree(leaves: leaves[..<size])
            let root = try tree.root()
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: UInt64(index))
                for (position, hash) in proof.hashes.enumerated() {
                    // All 32 bytes of all hashes of all proofs would be 3 million hashes more: take turns.
                    for byte in stride(from: (index + position) % 8, to: 32, by: 8) {
                        var hashes = proof.hashes
                        hashes[position] = try #require(Sample.flip(hash, byte: byte))
                        expectRefused(proof.index, proof.size, hashes, leaves[index], root)
                    }
                }
                let leaf = try #require(Sample.flip(leaves[index], byte: index % 32))
                expectRefused(proof.index, proof.size, proof.hashes, leaf, root)
                let other = try #require(Sample.flip(root, byte: index % 32))
                expectRefused(proof.index, proof.size, proof.hashes, leaves[index], other)
            }
        }
    }

    @Test func everyOtherIndexIsRefusedAndEverySizeJudgedAsByTheRFC() throws {
        let leaves = Sample.leaves(Self.largest)
        for size in stride(from: 1, through: Self.largest, by: 3) {
            let tree = MemoryTree(leaves: leaves[..<size])
            let root = try tree.root()
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: UInt64(index))
                for other in 0..<UInt64(size) + 3 where other != UInt64(index) {
                    expectRefused(other, proof.size, proof.hashes, leaves[index], root)
                }
                // A proof does not bind the size where both trees have the same way to the leaf.
                for other in 0..<UInt64(2 * size) {
                    let moved = InclusionProof(index: proof.index, size: other, hashes: proof.hashes)
                    let believed = (try? moved.verify(leaf: leaves[index], root: root)) != nil
                    #expect(believed == Reference.verifies(moved, leaf: leaves[index], root: root))
                }
            }
        }
    }

    @Test func missingAndAddedHashesAreRefused() throws {
        let tree = MemoryTree(leaves: Sample.leaves(23))
        let root = try tree.root()
        for index in 0..<UInt64(23) {
            let leaf = MerkleHash.leaf(Sample.entry(Int(index)))
            let hashes = try tree.inclusionProof(of: index).hashes
            expectRefused(index, 23, Array(hashes.dropLast()), leaf, root)
            expectRefused(index, 23, Array(hashes.dropFirst()), leaf, root)
            expectRefused(index, 23, hashes + [root], leaf, root)
            expectRefused(index, 23, [leaf] + hashes, leaf, root)
        }
    }

    @Test func hugeSizesDoNotTrap() throws {
        let hash = MerkleHash.emptyRoot
        for size: UInt64 in [.max, 1 << 63, (1 << 63) + 1] {
            for index: UInt64 in [0, 1, size / 2, size - 1] {
                for count in [0, 1, 63, 64, 65] {
                    expectRefused(index, size, Array(repeating: hash, count: count), hash, hash)
                }
            }
            expectRefused(size, size, [], hash, hash)
            expectRefused(.max, size, [], hash, hash)
        }
    }

    private func expectRefused(
        _ index: UInt64, _ size: UInt64, _ hashes: [MerkleHash], _ leaf: MerkleHash, _ root: MerkleHash,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: ProofError.self, sourceLocation: location) {
            try InclusionProof(index: index, size: size, hashes: hashes).verify(leaf: leaf, root: root)
        }
    }
}

@Suite struct ConsistencyTests {
    @Test func everyProofIsThatOfTheDefinition() throws {
        let leaves = Sample.leaves(70)
        let roots = (0...70).map { Reference.root(leaves[..<$0]) }
        for new in 1...70 {
            let tree = MemoryTree(leaves: leaves[..<new])
            for old in 1...new {
                let proof = try tree.consistencyProof(from: UInt64(old))
                #expect(proof.hashes == Reference.subproof(0, old, leaves[..<new], true))
                try proof.verify(oldRoot: roots[old], newRoot: roots[new])
                #expect(Reference.verifies(proof, old: roots[old], new: roots[new]))
            }
        }
    }

    @Test func everyAlterationIsRefused() throws {
        let leaves = Sample.leaves(70)
        let roots = (0...70).map { Reference.root(leaves[..<$0]) }
        for new in 1...70 {
            let tree = MemoryTree(leaves: leaves[..<new])
            for old in 1...new {
                let hashes = try tree.consistencyProof(from: UInt64(old)).hashes
                for (position, hash) in hashes.enumerated() {
                    for byte in stride(from: (old + position) % 8, to: 32, by: 8) {
                        var altered = hashes
                        altered[position] = try #require(Sample.flip(hash, byte: byte))
                        #expect(!isBelieved(old, new, altered, roots[old], roots[new]))
                    }
                }
                let oldRoot = try #require(Sample.flip(roots[old], byte: old % 32))
                #expect(!isBelieved(old, new, hashes, oldRoot, roots[new]))
                let newRoot = try #require(Sample.flip(roots[new], byte: new % 32))
                #expect(!isBelieved(old, new, hashes, roots[old], newRoot))
                #expect(!isBelieved(old, new, hashes + [roots[0]], roots[old], roots[new]))
                if !hashes.isEmpty { #expect(!isBelieved(old, new, Array(hashes.dropLast()), roots[old], roots[new])) }
            }
        }
    }

    @Test func otherSizesAreJudgedAsByTheRFC() throws {
        let leaves = Sample.leaves(40)
        let roots = (0...40).map { Reference.root(leaves[..<$0]) }
        for new in stride(from: 1, through: 40, by: 3) {
            let tree = MemoryTree(leaves: leaves[..<new])
            for old in 1...new {
                let hashes = try tree.consistencyProof(from: UInt64(old)).hashes
                for otherOld in 1...new + 2 {
                    for otherNew in 1...new + 9 {
                        let proof = ConsistencyProof(
                            oldSize: UInt64(otherOld), newSize: UInt64(otherNew), hashes: hashes)
                        #expect(
                            isBelieved(otherOld, otherNew, hashes, roots[old], roots[new])
                                == Reference.verifies(proof, old: roots[old], new: roots[new]))
                    }
                }
            }
        }
    }

    @Test func emptyTreesAndHugeSizes() throws {
        let empty = MerkleHash.emptyRoot
        let other = MerkleHash.leaf([1])
        #expect(isBelieved(0, 0, [], empty, empty))
        #expect(!isBelieved(0, 5, [], empty, other))
        #expect(try MemoryTree().consistencyProof(from: 0).hashes.isEmpty)
        #expect(throws: ProofError.outOfRange) { try MemoryTree(leaves: [other]).consistencyProof(from: 0) }
        #expect(!isBelieved(0, 0, [], other, other))
        #expect(!isBelieved(0, 0, [], empty, other))
        #expect(!isBelieved(0, 5, [other], empty, other))
        #expect(!isBelieved(5, 4, [], other, other))
        for old: UInt64 in [1, 1 << 63, .max - 1, .max] {
            for count in [1, 63, 64, 65] {
                let proof = ConsistencyProof(
                    oldSize: old, newSize: .max, hashes: Array(repeating: other, count: count))
                #expect(throws: ProofError.self) { try proof.verify(oldRoot: empty, newRoot: other) }
            }
        }
    }

    private func isBelieved(
        _ old: Int, _ new: Int, _ hashes: [MerkleHash], _ oldRoot: MerkleHash, _ newRoot: MerkleHash
    ) -> Bool {
        let proof = ConsistencyProof(oldSize: UInt64(old), newSize: UInt64(new), hashes: hashes)
        return (try? proof.verify(oldRoot: oldRoot, newRoot: newRoot)) != nil
    }
}
