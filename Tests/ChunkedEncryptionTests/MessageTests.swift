// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Testing

/// Whole messages: every size around a chunk border survives, every manipulation is noticed.
@Suite struct MessageTests {
    @Test(arguments: [0, 1, 15, 16, 17, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 100_000])
    func aSealedMessageOpensAgain(count: Int) throws {
        let plaintext = Sample.message(count)
        let ciphertext = try Sample.sealed(plaintext)
        #expect(ciphertext.count == (try Cobblestone256.ciphertextByteCount(ofPlaintext: count)))
        #expect(try Cobblestone256.plaintextByteCount(ofCiphertext: ciphertext.count) == count)
        #expect(try Sample.key().open(ciphertext, context: Sample.context) == plaintext)
    }

    @Test func randomSaltsDifferAndOpen() throws {
        var generator = SystemRandomNumberGenerator()
        let first = try Sample.key().seal([1, 2, 3], context: [], using: &generator)
        let second = try Sample.key().seal([1, 2, 3], context: [], using: &generator)
        #expect(first.prefix(24) != second.prefix(24))
        #expect(try Sample.key().open(second, context: []) == [1, 2, 3])
    }

    @Test func everyChangedByteIsNoticed() throws {
        let ciphertext = try Sample.sealed(Sample.message(40))
        for place in ciphertext.indices {
            var changed = ciphertext
            changed[place] ^= 0x01
            let expected: ChunkedEncryptionError = place < 56 ? .wrongKeyOrContext : .damaged
            #expect(throws: expected, "byte \(place)") { try Sample.key().open(changed, context: Sample.context) }
        }
    }

    @Test func everyTruncationIsNoticed() throws {
        let ciphertext = try Sample.sealed(Sample.message(16_384 + 30))
        for count in Array(0..<120) + Array(16_400..<ciphertext.count) {
            #expect(throws: ChunkedEncryptionError.self, "cut to \(count)") {
                try Sample.key().open(Array(ciphertext.prefix(count)), context: Sample.context)
            }
        }
    }

    @Test func everyExtensionIsNoticed() throws {
        for size in [0, 16_383, 16_384] {
            let ciphertext = try Sample.sealed(Sample.message(size))
            for extra in [1, 15, 16, 17, 16_400] {
                #expect(throws: ChunkedEncryptionError.self) {
                    try Sample.key().open(ciphertext + Sample.message(extra), context: Sample.context)
                }
            }
        }
    }

    @Test func swappedRepeatedAndDroppedChunksAreNoticed() throws {
        let ciphertext = try Sample.sealed(Sample.message(3 * 16_384 + 5))
        let header = ciphertext.prefix(56)
        let chunks = (0..<4).map { Array(ciphertext.dropFirst(56 + $0 * 16_400).prefix(16_400)) }
        for order in [[1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 2, 3], [0, 2, 3], [3], [0, 1, 2], [0, 1, 2, 2, 3]] {
            #expect(throws: ChunkedEncryptionError.self, "\(order)") {
                try Sample.key().open(header + order.flatMap { chunks[$0] }, context: Sample.context)
            }
        }
    }

    @Test func chunksOfAnotherMessageAreNoticed() throws {
        let first = try Sample.sealed(Sample.message(20))
        var generator = Repeatable(state: 4)
        let second = try Sample.key().seal(Sample.message(20), context: Sample.context, using: &generator)
        #expect(throws: ChunkedEncryptionError.damaged) {
            try Sample.key().open(Array(first.prefix(56) + second.dropFirst(56)), context: Sample.context)
        }
    }

    @Test func anotherContextOrKeyIsRefusedBeforeAnyChunk() throws {
        let ciphertext = try Sample.sealed([1])
        let other = try InputKey([UInt8](repeating: 9, count: 32))
        #expect(throws: ChunkedEncryptionError.wrongKeyOrContext) { try Sample.key().open(ciphertext, context: []) }
        #expect(throws: ChunkedEncryptionError.wrongKeyOrContext) {
            try Sample.key().open(ciphertext, context: Sample.context + [0])
        }
        #expect(throws: ChunkedEncryptionError.wrongKeyOrContext) {
            try other.open(ciphertext, context: Sample.context)
        }
    }
}
