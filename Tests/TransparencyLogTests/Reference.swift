// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The definitions of RFC 6962, section 2.1, word for word and slow, and the verifiers of RFC 9162, which
/// go from the bottom up over the bits of the indexes: nothing in common with the engine but the hashes.
enum Reference {
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard let first = leaves.first else { return .emptyRoot }
        if leaves.count == 1 { return first }
        let split = leaves.startIndex + largestPower(below: leaves.count)
        return .node(root(leaves[..<split]), root(leaves[split...]))
    }

    static func path(_ index: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        if leaves.count == 1 { return [] }
        let half = largestPower(below: leaves.count)
        let split = leaves.startIndex + half
        if index < half { return path(index, leaves[..<split]) + [root(leaves[split...])] }
        return path(index - half, leaves[split...]) + [root(leaves[..<split])]
    }

    /// SUBTREE_SUBPROOF of the Merkle Tree Certificates draft; with start 0 it is SUBPROOF of RFC 6962.
    static func subproof(_ start: Int, _ end: Int, _ leaves: ArraySlice<MerkleHash>, _ known: Bool) -> [MerkleHash] {
        if start == 0 && end == leaves.count { return known ? [] : [root(leaves)] }
        let half = largestPower(below: leaves.count)
        let split = leaves.startIndex + half
        if end <= half { return subproof(start, end, leaves[..<split], known) + [root(leaves[split...])] }
        if half <= start {
            return subproof(start - half, end - half, leaves[split...], known) + [root(leaves[..<split])]
        }
        return subproof(0, end - half, leaves[split...], false) + [root(leaves[..<split])]
    }

    /// RFC 9162, section 2.1.3.2.
    static func verifies(_ proof: InclusionProof, leaf: MerkleHash, root: MerkleHash) -> Bool {
        guard proof.index < proof.size else { return false }
        var here = proof.index
        var last = proof.size - 1
        var hash = leaf
        for sibling in proof.hashes {
            if last == 0 { return false }
            if here & 1 == 1 || here == last {
                hash = .node(sibling, hash)
                while here & 1 == 0 && here != 0 { (here, last) = (here >> 1, last >> 1) }
            } else {
                hash = .node(hash, sibling)
            }
            (here, last) = (here >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// RFC 9162, section 2.1.4.2; for sizes above zero.
    static func verifies(_ proof: ConsistencyProof, old: MerkleHash, new: MerkleHash) -> Bool {
        guard proof.oldSize > 0, proof.oldSize <= proof.newSize else { return false }
        if proof.oldSize == proof.newSize { return proof.hashes.isEmpty && old == new }
        let isPower = proof.oldSize & (proof.oldSize - 1) == 0
        let path = (isPower ? [old] : []) + proof.hashes
        guard let first = path.first, !proof.hashes.isEmpty else { return false }
        var (here, last) = (proof.oldSize - 1, proof.newSize - 1)
        while here & 1 == 1 { (here, last) = (here >> 1, last >> 1) }
        var (oldHash, newHash) = (first, first)
        for sibling in path.dropFirst() {
            if last == 0 { return false }
            if here & 1 == 1 || here == last {
                oldHash = .node(sibling, oldHash)
                newHash = .node(sibling, newHash)
                while here & 1 == 0 && here != 0 { (here, last) = (here >> 1, last >> 1) }
            } else {
                newHash = .node(newHash, sibling)
            }
            (here, last) = (here >> 1, last >> 1)
        }
        return last == 0 && oldHash == old && newHash == new
    }

    private static func largestPower(below count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// Distinct entries and their leaf hashes.
enum Sample {
    static func entry(_ index: Int) -> [UInt8] { Array("entry \(index)".utf8) }

    static func entries(_ range: Range<Int>) -> [[UInt8]] { range.map(entry) }

    static func leaves(_ count: Int) -> [MerkleHash] { (0..<count).map { .leaf(entry($0)) } }

    /// `hash` with one bit of byte `byte` flipped.
    static func flip(_ hash: MerkleHash, byte: Int) -> MerkleHash? {
        var bytes = hash.bytes
        bytes[byte] ^= 1 << UInt8(byte % 8)
        return MerkleHash(bytes: bytes)
    }
}
