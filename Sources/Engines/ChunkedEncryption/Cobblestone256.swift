// SPDX-License-Identifier: Apache-2.0

/// The layout of a Cobblestone-256 message: salt (24), commitment (32), then chunks of 16 KiB with a 16-byte tag each,
/// of which the last is always shorter than 16 KiB and may be empty (c2sp.org/chunked-encryption, "Message chunking").
public enum Cobblestone256 {
    /// Bytes of an input key.
    public static let inputKeyByteCount = 32
    /// Bytes before the first chunk: salt and commitment.
    public static let headerByteCount = 56
    /// Plaintext bytes of every chunk but the last.
    public static let chunkByteCount = 16_384
    /// Bytes by which a chunk grows when it is sealed.
    public static let tagByteCount = 16
    /// Ciphertext bytes of every chunk but the last.
    public static let sealedChunkByteCount = chunkByteCount + tagByteCount
    /// Chunks that a message may have at most.
    public static let maximumChunkCount: UInt64 = 1 << 38
    /// Plaintext bytes that a message may have at most: 4 PiB less one.
    public static let maximumPlaintextByteCount = (1 << 52) - 1

    /// The bytes that a message of `plaintext` bytes takes when sealed.
    /// - Throws: `messageTooLong` beyond 4 PiB − 1, `truncated` for a negative count.
    public static func ciphertextByteCount(ofPlaintext plaintext: Int) throws(ChunkedEncryptionError) -> Int {
        guard plaintext >= 0 else { throw .truncated }
        guard plaintext <= maximumPlaintextByteCount else { throw .messageTooLong }
        return headerByteCount + plaintext + (plaintext / chunkByteCount + 1) * tagByteCount
    }

    /// The plaintext bytes that a message of `ciphertext` bytes claims to hold. Only the last chunk proves the claim.
    /// - Throws: `truncated` when no message has this length, `messageTooLong` beyond the limit.
    public static func plaintextByteCount(ofCiphertext ciphertext: Int) throws(ChunkedEncryptionError) -> Int {
        guard ciphertext >= headerByteCount + tagByteCount else { throw .truncated }
        let body = ciphertext - headerByteCount
        let (fullChunks, last) = body.quotientAndRemainder(dividingBy: sealedChunkByteCount)
        guard last >= tagByteCount else { throw .truncated }
        guard UInt64(fullChunks) < maximumChunkCount else { throw .messageTooLong }
        return fullChunks * chunkByteCount + last - tagByteCount
    }
}
