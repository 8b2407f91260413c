// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

/// What is hashed, sealed and opened together is what it would be one by one.
struct SealingTogetherTests {
    @Test
    func manyIdsAreThoseOfEach() {
        var dice = SplitMix64(seed: 11)
        let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
        for count in [0, 1, 7, 8, 40] {
            let parts = (0..<count).map { _ in
                let start = Int.random(in: 0...bytes.count, using: &dice)
                return start..<Int.random(in: start...bytes.count, using: &dice)
            }
            let ids = ObjectID.hashing(parts, of: bytes.span)
            #expect(ids == parts.map { ObjectID(hashing: Array(bytes[$0])) })
        }
        #expect(ObjectID.hashing([0..<0], of: [UInt8]().span) == [ObjectID(hashing: [])])
    }

    @Test
    func oneDamagedBlobOfAPieceHidesNoOther() throws {
        var dice = SplitMix64(seed: 12)
        var sealer = try BlobSealer(MasterKey(using: &dice))
        var (piece, blobs): ([UInt8], [PackedBlob]) = (Array(repeating: 7, count: 100), [])
        let contents = (0..<12).map { Array(repeating: UInt8($0), count: 1_000 + $0) }
        for content in contents {
            let start = piece.count
            let length = try sealer.seal(content.span, .data, using: &dice, into: &piece)
            blobs.append(
                PackedBlob(
                    BlobHandle(.data, ObjectID(hashing: content)), offset: UInt32(start + 5_000),
                    length: UInt32(piece.count - start), uncompressedLength: length))
        }
        // The fourth is damaged, the sixth is another's, the last lies behind the end.
        piece[Int(blobs[3].offset) - 5_000 + 20] ^= 1
        blobs[5] = PackedBlob(
            BlobHandle(.data, .zero), offset: blobs[5].offset, length: blobs[5].length,
            uncompressedLength: blobs[5].uncompressedLength)
        piece.removeLast()
        var opened: [UInt8] = [1, 2, 3]
        let places = sealer.open(piece.span, from: 5_000, blobs, into: &opened)
        for (number, place) in places.enumerated() {
            switch number {
            case 3: #expect(place == .failure(.unauthenticated(.blob)))
            case 5: #expect(place == .failure(.wrongHash(.blob)))
            case 11: #expect(place == .failure(.tooShort(.blob)))
            default: #expect(Array(opened[try place.get()]) == contents[number])
            }
        }
    }

    @Test(arguments: [true, false])
    func whatOpensAsSomethingElseIsNotProved(isText: Bool) throws {
        var dice = SplitMix64(seed: 13)
        var sealer = try BlobSealer(MasterKey(using: &dice))
        let content = (0..<200_000).map { isText ? UInt8($0 % 7) : UInt8.random(in: 0...255, using: &dice) }
        var stored: [UInt8] = []
        let length = try sealer.seal(content.span, .data, using: &dice, into: &stored)
        #expect(length == (isText ? 200_000 : 0))
        let id = try sealer.prove(stored.span, .data, uncompressedLength: length, of: content.span)
        #expect(id == ObjectID(hashing: content))
        for place in [0, 70_000, 199_999] {
            var other = content
            other[place] ^= 4
            #expect(throws: FormatError.wrongHash(.blob)) {
                _ = try sealer.prove(stored.span, .data, uncompressedLength: length, of: other.span)
            }
        }
        #expect(throws: FormatError.self) {
            _ = try sealer.prove(stored.span, .data, uncompressedLength: length, of: content.dropLast().map { $0 }.span)
        }
        stored[stored.count / 2] ^= 1
        #expect(throws: FormatError.unauthenticated(.blob)) {
            _ = try sealer.prove(stored.span, .data, uncompressedLength: length, of: content.span)
        }
    }
}
