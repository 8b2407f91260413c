// SPDX-License-Identifier: Apache-2.0

/// Opens a message that arrives in pieces, holding at most one chunk. Every byte that it returns is authentic, but only
/// `finish` proves that the message is complete. After a failure every further call fails with the same error.
public struct OpeningStream: Sendable {
    private enum State: Sendable {
        case header(InputKey, context: [UInt8])
        case chunks(MessageKeys)
        case closed(ChunkedEncryptionError)
    }

    private var state: State
    private var pending: [UInt8] = []
    private var index: UInt64 = 0

    /// Begins to open a message.
    public init(key: InputKey, context: [UInt8]) {
        state = .header(key, context: context)
    }

    /// Takes the next ciphertext bytes and returns the plaintext of the full chunks among them.
    /// - Throws: `wrongKeyOrContext`, `damaged`, `messageTooLong`, `streamFinished`.
    public mutating func update(_ ciphertext: [UInt8]) throws(ChunkedEncryptionError) -> [UInt8] {
        try update(ciphertext[...])
    }

    /// Takes the next ciphertext bytes, as `update(_:)` of an array does.
    public mutating func update(_ ciphertext: ArraySlice<UInt8>) throws(ChunkedEncryptionError) -> [UInt8] {
        do throws(ChunkedEncryptionError) {
            var rest = ciphertext
            guard let keys = try keys(from: &rest) else { return [] }
            return try openFullChunks(of: rest, keys)
        } catch {
            close(error)
            throw error
        }
    }

    /// Ends the message and returns the plaintext of its last, short chunk.
    /// - Throws: `truncated` when the message is not complete, `damaged`, `streamFinished`.
    public mutating func finish() throws(ChunkedEncryptionError) -> [UInt8] {
        do throws(ChunkedEncryptionError) {
            var none: ArraySlice<UInt8> = []
            guard let keys = try keys(from: &none) else { throw .truncated }
            var output: [UInt8] = []
            try keys.open(pending[...], index: index, into: &output)
            close(.streamFinished)
            return output
        } catch {
            close(error)
            throw error
        }
    }

    /// The message's keys, as soon as all 56 header bytes were there and their commitment held.
    private mutating func keys(from input: inout ArraySlice<UInt8>) throws(ChunkedEncryptionError) -> MessageKeys? {
        switch state {
        case .closed(let error): throw error
        case .chunks(let keys): return keys
        case .header(let key, let context):
            let missing = Cobblestone256.headerByteCount - pending.count
            pending.append(contentsOf: input.prefix(missing))
            input = input.dropFirst(missing)
            guard pending.count == Cobblestone256.headerByteCount else { return nil }
            let keys = try key.messageKeys(header: pending[...], context: context)
            state = .chunks(keys)
            pending.removeAll(keepingCapacity: true)
            return keys
        }
    }

    private mutating func openFullChunks(
        of ciphertext: ArraySlice<UInt8>, _ keys: MessageKeys
    ) throws(ChunkedEncryptionError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(pending.count + ciphertext.count)
        var rest = ciphertext
        while pending.count + rest.count >= Cobblestone256.sealedChunkByteCount {
            let missing = Cobblestone256.sealedChunkByteCount - pending.count
            if pending.isEmpty {
                try keys.open(rest.prefix(missing), index: index, into: &output)
            } else {
                pending.append(contentsOf: rest.prefix(missing))
                try keys.open(pending[...], index: index, into: &output)
                pending.removeAll(keepingCapacity: true)
            }
            rest = rest.dropFirst(missing)
            index += 1
        }
        pending.append(contentsOf: rest)
        return output
    }

    private mutating func close(_ error: ChunkedEncryptionError) {
        state = .closed(error)
        pending = []
    }
}
