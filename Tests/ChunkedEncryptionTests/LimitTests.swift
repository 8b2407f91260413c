// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Testing

/// Lengths, counters and keys at the edges of what the specification allows.
@Suite struct LimitTests {
    @Test(arguments: [Int.min, -1, 0, 55, 56, 71, 56 + 16_400, 56 + 16_400 + 15, 56 + 2 * 16_400])
    func noMessageHasThisLength(count: Int) {
        #expect(throws: ChunkedEncryptionError.truncated) {
            try Cobblestone256.plaintextByteCount(ofCiphertext: count)
        }
    }

    @Test func lengthsConvertBothWaysUpToTheLimit() throws {
        for count in [0, 16_383, 16_384, 1 << 40, Cobblestone256.maximumPlaintextByteCount] {
            let sealed = try Cobblestone256.ciphertextByteCount(ofPlaintext: count)
            #expect(try Cobblestone256.plaintextByteCount(ofCiphertext: sealed) == count)
        }
        #expect(throws: ChunkedEncryptionError.messageTooLong) {
            try Cobblestone256.ciphertextByteCount(ofPlaintext: Cobblestone256.maximumPlaintextByteCount + 1)
        }
        #expect(throws: ChunkedEncryptionError.messageTooLong) {
            try Cobblestone256.plaintextByteCount(ofCiphertext: Int.max)
        }
    }

    @Test func theChunkCounterStopsAtItsLimit() throws {
        let keys = try Sample.key().messageKeys(salt: Sample.salt(), context: [])
        let last = Cobblestone256.maximumChunkCount - 1
        var sealed: [UInt8] = []
        try keys.seal([1, 2, 3], index: last, into: &sealed)
        var opened: [UInt8] = []
        try keys.open(sealed[...], index: last, into: &opened)
        #expect(opened == [1, 2, 3])
        #expect(throws: ChunkedEncryptionError.messageTooLong) { try keys.seal([], index: last + 1, into: &sealed) }
        #expect(throws: ChunkedEncryptionError.messageTooLong) {
            try keys.open(sealed[...], index: last + 1, into: &opened)
        }
    }

    @Test func theNonceIsTheBaseXorTheBigEndianNumber() throws {
        let keys = try Sample.key().messageKeys(salt: Sample.salt(), context: [])
        let nonce = keys.nonce(ofChunk: 0x2A_0102_0304)
        #expect(zip(nonce, keys.baseNonce).map { $0 ^ $1 } == [0, 0, 0, 0, 0, 0, 0, 0x2A, 1, 2, 3, 4])
    }

    @Test(arguments: [0, 16, 31, 33, 64])
    func keysAndSaltsOfOtherLengthsAreRefused(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: ChunkedEncryptionError.inputKeyLength) { try InputKey(bytes) }
        #expect(throws: ChunkedEncryptionError.saltLength) { try Salt24(bytes) }
    }

    @Test func aKeyDoesNotPrintItself() throws {
        let key = try Sample.key()
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "InputKey(redacted)")
        #expect(String(reflecting: key) == "InputKey(redacted)")
        #expect(!dumped.contains("HMAC") && Mirror(reflecting: key).children.isEmpty)
    }
}
