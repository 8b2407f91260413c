// SPDX-License-Identifier: Apache-2.0

/// The SHA-256 hash of a leaf, a node or a whole tree: 32 bytes, compared and hashed as such.
public struct MerkleHash: Hashable, Sendable {
    /// Number of bytes of every hash.
    public static let byteCount = 32

    // Words in memory order, so that the value's memory is the hash itself.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// The hash whose bytes are `bytes`; `nil` unless there are exactly 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = unsafe bytes.withUnsafeBytes { unsafe Self(loading: $0, at: 0) }
    }

    /// The hash that canonical padded base 64 spells; `nil` for every other text.
    public init?(base64 text: String) {
        self.init(base64: Array(text.utf8))
    }

    init?(base64 text: some Collection<UInt8>) {
        guard let bytes = Base64.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// INVARIANT: `memory` holds at least `offset + 32` bytes; every caller has checked the length.
    init(loading memory: UnsafeRawBufferPointer, at offset: Int) {
        word0 = unsafe memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        word1 = unsafe memory.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        word2 = unsafe memory.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
        word3 = unsafe memory.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// The 32 bytes as padded base 64, 44 characters.
    public var base64: String {
        String(decoding: Base64.encode(bytes), as: UTF8.self)
    }

    /// Appends the 32 bytes to `buffer`.
    public func append(to buffer: inout [UInt8]) {
        unsafe withUnsafeBytes(of: self) { unsafe buffer.append(contentsOf: $0) }
    }

    /// The consecutive hashes in `bytes`; `nil` unless the length is a multiple of 32.
    public static func list(from bytes: [UInt8]) -> [MerkleHash]? {
        guard bytes.count.isMultiple(of: byteCount) else { return nil }
        return unsafe bytes.withUnsafeBytes { memory in
            stride(from: 0, to: memory.count, by: byteCount).map { unsafe MerkleHash(loading: memory, at: $0) }
        }
    }

    /// The bytes of `hashes`, one after the other.
    public static func bytes(of hashes: some Sequence<MerkleHash>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.underestimatedCount * byteCount)
        for hash in hashes { hash.append(to: &bytes) }
        return bytes
    }
}

extension MerkleHash: CustomStringConvertible {
    /// The base 64 text.
    public var description: String { base64 }
}
