// SPDX-License-Identifier: Apache-2.0
import Crypto

extension MerkleHash {
    /// The root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1).
    public static let emptyRoot = MerkleHash(SHA256().finalize())

    /// The hash of a log entry: SHA-256(0x00 || entry) (RFC 6962, section 2.1).
    public static func leaf(_ entry: [UInt8]) -> MerkleHash {
        var sha = SHA256()
        unsafe leafPrefix.withUnsafeBytes { unsafe sha.update(bufferPointer: $0) }
        unsafe entry.withUnsafeBytes { unsafe sha.update(bufferPointer: $0) }
        return MerkleHash(sha.finalize())
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962, section 2.1).
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var sha = SHA256()
        unsafe nodePrefix.withUnsafeBytes { unsafe sha.update(bufferPointer: $0) }
        unsafe withUnsafeBytes(of: left) { unsafe sha.update(bufferPointer: $0) }
        unsafe withUnsafeBytes(of: right) { unsafe sha.update(bufferPointer: $0) }
        return MerkleHash(sha.finalize())
    }

    /// The root of the tree over `leaves`, which are leaf hashes, or hashes of equally high full subtrees.
    public static func root(of leaves: some Sequence<MerkleHash>) -> MerkleHash {
        var stack: [MerkleHash] = []
        var count: UInt64 = 0
        for leaf in leaves {
            push(leaf, onto: &stack, holding: count)
            count += 1
        }
        return fold(stack)
    }

    /// Appends one leaf to a stack of full subtrees, merging those that become twice as large.
    /// INVARIANT: `stack` has as many hashes as `count`, the leaves below it, has bits set.
    static func push(_ leaf: MerkleHash, onto stack: inout [MerkleHash], holding count: UInt64) {
        var hash = leaf
        for _ in 0..<(~count).trailingZeroBitCount {
            hash = node(stack.removeLast(), hash)
        }
        stack.append(hash)
    }

    /// The root over full subtrees that stand side by side, the largest first.
    static func fold(_ subtrees: some BidirectionalCollection<MerkleHash>) -> MerkleHash {
        guard var root = subtrees.last else { return emptyRoot }
        for left in subtrees.dropLast().reversed() { root = node(left, root) }
        return root
    }

    private init(_ digest: SHA256.Digest) {
        self = unsafe digest.withUnsafeBytes { unsafe MerkleHash(loading: $0, at: 0) }
    }

    private static let leafPrefix: [UInt8] = [0]
    private static let nodePrefix: [UInt8] = [1]
}
