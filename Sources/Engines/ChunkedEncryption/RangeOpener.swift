// SPDX-License-Identifier: Apache-2.0

/// Opens parts of a message that lies somewhere else, a file or an object store: it says which ciphertext bytes to
/// fetch, and turns them into plaintext. It reads nothing itself.
public struct RangeOpener: Sendable {
    /// The plaintext bytes that the ciphertext's length claims; `verifyLength` proves it.
    public let plaintextByteCount: Int
    private let ciphertextByteCount: Int
    private let keys: MessageKeys

    /// Checks the header's commitment. `header` is the first 56 bytes of the message, or more.
    /// - Throws: `truncated`, `wrongKeyOrContext`, `messageTooLong`.
    public init(
        header: ArraySlice<UInt8>, ciphertextByteCount: Int, key: InputKey, context: [UInt8]
    ) throws(ChunkedEncryptionError) {
        plaintextByteCount = try Cobblestone256.plaintextByteCount(ofCiphertext: ciphertextByteCount)
        keys = try key.messageKeys(header: header, context: context)
        self.ciphertextByteCount = ciphertextByteCount
    }

    /// Where the last chunk lies in the ciphertext.
    public var lastChunkRange: Range<Int> {
        offset(ofChunk: plaintextByteCount / Cobblestone256.chunkByteCount)..<ciphertextByteCount
    }

    /// Proves that the message is as long as its ciphertext claims, from the bytes at `lastChunkRange`.
    /// - Throws: `damaged` when it was cut, extended or changed there, `truncated` for a wrong number of bytes.
    public func verifyLength(lastChunk: ArraySlice<UInt8>) throws(ChunkedEncryptionError) {
        guard lastChunk.count == lastChunkRange.count else { throw .truncated }
        var discarded: [UInt8] = []
        let index = plaintextByteCount / Cobblestone256.chunkByteCount
        try keys.open(lastChunk, index: UInt64(index), into: &discarded)
    }

    /// The ciphertext bytes, whole chunks, that hold a plaintext range. Empty for an empty range.
    /// - Throws: `rangeOutsideMessage`.
    public func ciphertextRange(of range: Range<Int>) throws(ChunkedEncryptionError) -> Range<Int> {
        guard range.lowerBound >= 0, range.upperBound <= plaintextByteCount else { throw .rangeOutsideMessage }
        let start = offset(ofChunk: range.lowerBound / Cobblestone256.chunkByteCount)
        guard !range.isEmpty else { return start..<start }
        let end = offset(ofChunk: (range.upperBound - 1) / Cobblestone256.chunkByteCount + 1)
        return start..<min(end, ciphertextByteCount)
    }

    /// The plaintext of `range`, from the ciphertext bytes at `ciphertextRange(of: range)`.
    /// - Throws: `damaged`, `truncated` for a wrong number of bytes, `rangeOutsideMessage`.
    public func open(
        _ range: Range<Int>, from ciphertext: ArraySlice<UInt8>
    ) throws(ChunkedEncryptionError) -> [UInt8] {
        guard try ciphertextRange(of: range).count == ciphertext.count else { throw .truncated }
        guard !range.isEmpty else { return [] }
        let first = range.lowerBound / Cobblestone256.chunkByteCount
        var output: [UInt8] = []
        output.reserveCapacity(ciphertext.count)
        var rest = ciphertext
        var index = UInt64(first)
        while !rest.isEmpty {
            try keys.open(rest.prefix(Cobblestone256.sealedChunkByteCount), index: index, into: &output)
            rest = rest.dropFirst(Cobblestone256.sealedChunkByteCount)
            index += 1
        }
        let start = range.lowerBound - first * Cobblestone256.chunkByteCount
        return start == 0 && output.count == range.count ? output : Array(output[start..<start + range.count])
    }

    private func offset(ofChunk index: Int) -> Int {
        Cobblestone256.headerByteCount + index * Cobblestone256.sealedChunkByteCount
    }
}
