// SPDX-License-Identifier: Apache-2.0

import Crypto

/// What one message is sealed with: its AES-256 key, base nonce and commitment. Good for a single message only.
package struct MessageKeys: Sendable {
    package let key: SymmetricKey
    package let baseNonce: [UInt8]
    package let commitment: [UInt8]

    /// The base nonce XOR the chunk's number, big-endian ("AEAD usage").
    package func nonce(ofChunk index: UInt64) -> [UInt8] {
        var nonce = baseNonce
        for place in 0..<5 { nonce[nonce.count - 1 - place] ^= UInt8(truncatingIfNeeded: index >> (8 * place)) }
        return nonce
    }

    /// Appends one sealed chunk to `output`.
    /// - Throws: `messageTooLong` from chunk 2^38 on.
    package func seal(
        _ chunk: ArraySlice<UInt8>, index: UInt64, into output: inout [UInt8]
    ) throws(ChunkedEncryptionError) {
        guard index < Cobblestone256.maximumChunkCount else { throw .messageTooLong }
        do {
            let nonce = try AES.GCM.Nonce(data: nonce(ofChunk: index))
            let box = try AES.GCM.seal(chunk, using: key, nonce: nonce)
            output.append(contentsOf: box.ciphertext)
            output.append(contentsOf: box.tag)
        } catch {
            throw .cipherUnavailable
        }
    }

    /// Appends the plaintext of one sealed chunk to `output`, which stays as it was when the chunk is not authentic.
    /// - Throws: `truncated` when there is not even a tag, `damaged`, `messageTooLong`.
    package func open(
        _ chunk: ArraySlice<UInt8>, index: UInt64, into output: inout [UInt8]
    ) throws(ChunkedEncryptionError) {
        guard index < Cobblestone256.maximumChunkCount else { throw .messageTooLong }
        guard chunk.count >= Cobblestone256.tagByteCount else { throw .truncated }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce(ofChunk: index)),
                ciphertext: chunk.dropLast(Cobblestone256.tagByteCount),
                tag: chunk.suffix(Cobblestone256.tagByteCount))
            output.append(contentsOf: try AES.GCM.open(box, using: key))
        } catch {
            throw .damaged
        }
    }
}

extension MessageKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "MessageKeys(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension InputKey {
    /// The keys of the message with this header, once its commitment has proven to be theirs.
    /// - Throws: `truncated` for fewer than 56 bytes, `wrongKeyOrContext`.
    package func messageKeys(
        header: ArraySlice<UInt8>, context: [UInt8]
    ) throws(ChunkedEncryptionError) -> MessageKeys {
        guard header.count >= Cobblestone256.headerByteCount else { throw .truncated }
        let salt = try Salt24(header.prefix(Salt24.byteCount))
        let claimed = header.prefix(Cobblestone256.headerByteCount).dropFirst(Salt24.byteCount)
        let keys = messageKeys(salt: salt, context: context)
        var difference: UInt8 = 0
        for (left, right) in zip(claimed, keys.commitment) { difference |= left ^ right }
        guard difference == 0, claimed.count == keys.commitment.count else { throw .wrongKeyOrContext }
        return keys
    }
}
