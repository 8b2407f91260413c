// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Testing

/// Streams give what the whole-message calls give, however the bytes arrive, and fail for ever once they failed.
@Suite struct StreamTests {
    @Test(arguments: [0, 1, 16_383, 16_384, 16_385, 49_152, 70_000], [1, 2, 3])
    func randomSlicesEqualTheWhole(count: Int, seed: UInt64) throws {
        var generator = Repeatable(state: seed &* 1_000_003 &+ UInt64(count))
        let plaintext = Sample.message(count)
        var sealing = SealingStream(key: try Sample.key(), context: Sample.context, salt: try Sample.salt())
        var ciphertext: [UInt8] = []
        for piece in slices(of: plaintext, &generator) { ciphertext += try sealing.update(piece) }
        ciphertext += try sealing.finish()
        #expect(ciphertext == (try Sample.sealed(plaintext)))

        var opening = OpeningStream(key: try Sample.key(), context: Sample.context)
        var opened: [UInt8] = []
        for piece in slices(of: ciphertext, &generator) { opened += try opening.update(piece) }
        opened += try opening.finish()
        #expect(opened == plaintext)
    }

    @Test func aFinishedStreamTakesNothingMore() throws {
        var opening = OpeningStream(key: try Sample.key(), context: Sample.context)
        _ = try opening.update(Sample.sealed([7]))
        #expect(try opening.finish() == [7])
        #expect(throws: ChunkedEncryptionError.streamFinished) { try opening.finish() }
        #expect(throws: ChunkedEncryptionError.streamFinished) { try opening.update([1]) }
    }

    @Test func nothingIsReleasedFromADamagedChunkAndTheFailureStays() throws {
        let plaintext = Sample.message(40_000)
        var ciphertext = try Sample.sealed(plaintext)
        ciphertext[56 + 16_400 + 3] ^= 0x80
        let middle = 56 + 16_400 + 100
        var opening = OpeningStream(key: try Sample.key(), context: Sample.context)
        #expect(try opening.update(ciphertext.prefix(middle)) == Array(plaintext.prefix(16_384)))
        #expect(throws: ChunkedEncryptionError.damaged) { try opening.update(ciphertext.dropFirst(middle)) }
        #expect(throws: ChunkedEncryptionError.damaged) { try opening.update([]) }
        #expect(throws: ChunkedEncryptionError.damaged) { try opening.finish() }
    }

    @Test(arguments: [0, 10, 55, 56, 60, 71, 56 + 16_400, 56 + 16_400 + 15])
    func anUnfinishedMessageIsTruncated(count: Int) throws {
        let ciphertext = try Sample.sealed(Sample.message(16_384 + 40))
        var opening = OpeningStream(key: try Sample.key(), context: Sample.context)
        _ = try opening.update(ciphertext.prefix(count))
        #expect(throws: ChunkedEncryptionError.truncated) { try opening.finish() }
    }

    @Test func aWrongContextIsRefusedWithTheLastHeaderByte() throws {
        let ciphertext = try Sample.sealed([1, 2])
        var opening = OpeningStream(key: try Sample.key(), context: [])
        #expect(try opening.update(ciphertext.prefix(55)) == [])
        #expect(throws: ChunkedEncryptionError.wrongKeyOrContext) { try opening.update([ciphertext[55]]) }
        #expect(throws: ChunkedEncryptionError.wrongKeyOrContext) { try opening.finish() }
    }

    private func slices(of bytes: [UInt8], _ generator: inout Repeatable) -> [ArraySlice<UInt8>] {
        var rest = bytes[...]
        var slices: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let count = Int.random(in: 0...(Bool.random(using: &generator) ? 40 : 36_000), using: &generator)
            slices.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return slices
    }
}
