// SPDX-License-Identifier: Apache-2.0

extension InputKey {
    /// Seals a whole message. The salt must never have been used with this key before.
    /// - Returns: salt, commitment and sealed chunks; 56 bytes and 16 a chunk longer than the plaintext.
    /// - Throws: `messageTooLong`.
    public func seal(
        _ plaintext: [UInt8], context: [UInt8], salt: Salt24
    ) throws(ChunkedEncryptionError) -> [UInt8] {
        let keys = messageKeys(salt: salt, context: context)
        var output: [UInt8] = []
        output.reserveCapacity(try Cobblestone256.ciphertextByteCount(ofPlaintext: plaintext.count))
        output.append(contentsOf: salt.bytes)
        output.append(contentsOf: keys.commitment)
        var start = 0
        for index in 0...UInt64(plaintext.count / Cobblestone256.chunkByteCount) {
            let end = min(start + Cobblestone256.chunkByteCount, plaintext.count)
            try keys.seal(plaintext[start..<end], index: index, into: &output)
            start = end
        }
        return output
    }

    /// Seals a whole message under a fresh random salt.
    /// - Throws: `messageTooLong`.
    public func seal(
        _ plaintext: [UInt8], context: [UInt8], using generator: inout some RandomNumberGenerator
    ) throws(ChunkedEncryptionError) -> [UInt8] {
        try seal(plaintext, context: context, salt: Salt24(using: &generator))
    }

    /// Opens a whole message. Either all of it is authentic and complete, or nothing is returned.
    /// - Throws: `truncated`, `wrongKeyOrContext`, `damaged`.
    public func open(_ ciphertext: [UInt8], context: [UInt8]) throws(ChunkedEncryptionError) -> [UInt8] {
        let count = try Cobblestone256.plaintextByteCount(ofCiphertext: ciphertext.count)
        let keys = try messageKeys(header: ciphertext[...], context: context)
        var output: [UInt8] = []
        output.reserveCapacity(count)
        var start = Cobblestone256.headerByteCount
        for index in 0...UInt64(count / Cobblestone256.chunkByteCount) {
            let end = min(start + Cobblestone256.sealedChunkByteCount, ciphertext.count)
            try keys.open(ciphertext[start..<end], index: index, into: &output)
            start = end
        }
        return output
    }

    /// Opens the plaintext bytes of `range` only, after proving the message's length by its last chunk.
    /// - Throws: `rangeOutsideMessage`, and what `open` throws; chunks outside the range are not looked at.
    public func openRange(
        _ range: Range<Int>, of ciphertext: [UInt8], context: [UInt8]
    ) throws(ChunkedEncryptionError) -> [UInt8] {
        let opener = try RangeOpener(
            header: ciphertext[...], ciphertextByteCount: ciphertext.count, key: self, context: context)
        try opener.verifyLength(lastChunk: ciphertext[opener.lastChunkRange])
        return try opener.open(range, from: ciphertext[try opener.ciphertextRange(of: range)])
    }
}
