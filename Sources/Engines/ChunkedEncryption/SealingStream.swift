// SPDX-License-Identifier: Apache-2.0

/// Seals a message that arrives in pieces, holding at most one chunk.
///
/// Not copyable: two copies that went on with different bytes would use one nonce twice, which breaks AES-GCM.
public struct SealingStream: ~Copyable, Sendable {
    private let keys: MessageKeys
    /// Header bytes that no call has returned yet.
    private var header: [UInt8]
    private var pending: [UInt8] = []
    private var index: UInt64 = 0
    private var failure: ChunkedEncryptionError?

    /// Begins a message. The salt must never have been used with this key before.
    public init(key: InputKey, context: [UInt8], salt: Salt24) {
        keys = key.messageKeys(salt: salt, context: context)
        header = salt.bytes + keys.commitment
    }

    /// Begins a message under a fresh random salt.
    public init(key: InputKey, context: [UInt8], using generator: inout some RandomNumberGenerator) {
        self.init(key: key, context: context, salt: Salt24(using: &generator))
    }

    /// Takes the next plaintext bytes and returns the ciphertext that is ready; the first call returns the header too.
    /// - Throws: `messageTooLong`; the stream then fails for ever.
    public mutating func update(_ plaintext: [UInt8]) throws(ChunkedEncryptionError) -> [UInt8] {
        try update(plaintext[...])
    }

    /// Takes the next plaintext bytes, as `update(_:)` of an array does.
    public mutating func update(_ plaintext: ArraySlice<UInt8>) throws(ChunkedEncryptionError) -> [UInt8] {
        if let failure { throw failure }
        do throws(ChunkedEncryptionError) {
            return try advance(plaintext)
        } catch {
            failure = error
            throw error
        }
    }

    /// Ends the message and returns its last, short chunk, before it the header if nothing was returned yet.
    /// - Throws: `messageTooLong`.
    public consuming func finish() throws(ChunkedEncryptionError) -> [UInt8] {
        if let failure { throw failure }
        var output = header
        try keys.seal(pending[...], index: index, into: &output)
        return output
    }

    private mutating func advance(_ plaintext: ArraySlice<UInt8>) throws(ChunkedEncryptionError) -> [UInt8] {
        var output = header
        header = []
        output.reserveCapacity(output.count + plaintext.count + plaintext.count / 512 + pending.count + 32)
        var rest = plaintext
        while pending.count + rest.count >= Cobblestone256.chunkByteCount {
            let missing = Cobblestone256.chunkByteCount - pending.count
            if pending.isEmpty {
                try keys.seal(rest.prefix(missing), index: index, into: &output)
            } else {
                pending.append(contentsOf: rest.prefix(missing))
                try keys.seal(pending[...], index: index, into: &output)
                pending.removeAll(keepingCapacity: true)
            }
            rest = rest.dropFirst(missing)
            index += 1
        }
        pending.append(contentsOf: rest)
        return output
    }
}
