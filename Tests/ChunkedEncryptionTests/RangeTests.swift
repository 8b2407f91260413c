// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Testing

/// Random access gives exactly the bytes of the range, looks only at its chunks, and knows the message's true length.
@Suite struct RangeTests {
    @Test(arguments: [
        0..<0, 0..<1, 16_383..<16_384, 16_383..<16_385, 16_384..<32_768, 5..<40_000, 39_999..<40_000, 40_000..<40_000,
    ])
    func aRangeIsTheSameSliceOfTheMessage(range: Range<Int>) throws {
        let plaintext = Sample.message(40_000)
        let opened = try Sample.key().openRange(range, of: Sample.sealed(plaintext), context: Sample.context)
        #expect(opened == Array(plaintext[range]))
    }

    @Test(arguments: [0..<1, 0..<0, 16_384..<16_384, 16_383..<16_384])
    func aRangeEndingInAnEmptyLastChunk(range: Range<Int>) throws {
        let plaintext = Sample.message(16_384)
        let opened = try Sample.key().openRange(range, of: Sample.sealed(plaintext), context: Sample.context)
        #expect(opened == Array(plaintext[range]))
    }

    @Test(arguments: [-1..<1, 0..<101, 100..<101, 5_000..<5_001, Int.min..<Int.max])
    func aRangeOutsideIsRefused(range: Range<Int>) throws {
        let ciphertext = try Sample.sealed(Sample.message(100))
        #expect(throws: ChunkedEncryptionError.rangeOutsideMessage) {
            try Sample.key().openRange(range, of: ciphertext, context: Sample.context)
        }
    }

    @Test func damageElsewhereDoesNotMatterDamageInsideDoes() throws {
        let plaintext = Sample.message(50_000)
        var ciphertext = try Sample.sealed(plaintext)
        ciphertext[56 + 16_400 + 9] ^= 1
        let key = try Sample.key()
        #expect(try key.openRange(0..<9, of: ciphertext, context: Sample.context) == Array(plaintext.prefix(9)))
        #expect(throws: ChunkedEncryptionError.damaged) {
            try key.openRange(16_000..<17_000, of: ciphertext, context: Sample.context)
        }
    }

    @Test func aMessageCutAtAChunkIsNoticedByItsLength() throws {
        let ciphertext = try Sample.sealed(Sample.message(50_000))
        #expect(throws: ChunkedEncryptionError.damaged) {
            try Sample.key().openRange(0..<9, of: Array(ciphertext.dropLast(2)), context: Sample.context)
        }
        #expect(throws: ChunkedEncryptionError.truncated) {
            try Sample.key().openRange(0..<9, of: Array(ciphertext.prefix(56 + 16_400)), context: Sample.context)
        }
    }

    @Test func theWrongNumberOfFetchedBytesIsRefused() throws {
        let ciphertext = try Sample.sealed(Sample.message(50_000))
        let opener = try RangeOpener(
            header: ciphertext.prefix(56), ciphertextByteCount: ciphertext.count, key: Sample.key(),
            context: Sample.context)
        #expect(opener.plaintextByteCount == 50_000)
        #expect(try opener.ciphertextRange(of: 16_384..<20_000) == 56 + 16_400..<56 + 32_800)
        #expect(throws: ChunkedEncryptionError.truncated) { try opener.open(0..<10, from: ciphertext[56..<16_000]) }
        #expect(throws: ChunkedEncryptionError.truncated) { try opener.verifyLength(lastChunk: ciphertext[60...]) }
    }
}
