// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct PackTests {
    private static func pack(_ dice: inout SplitMix64) throws -> (MasterKey, [[UInt8]], [PackedBlob], [UInt8]) {
        let key = MasterKey(using: &dice)
        var sealer = try BlobSealer(key)
        var (contents, blobs, pack): ([[UInt8]], [PackedBlob], [UInt8]) = ([], [], [])
        for number in 0..<20 {
            let isText = number % 2 == 0
            let count = Int.random(in: 1...5_000, using: &dice)
            let content = (0..<count).map { isText ? UInt8($0 % 7) : UInt8.random(in: 0...255, using: &dice) }
            let type: BlobType = number % 5 == 0 ? .tree : .data
            let start = pack.count
            let length = try sealer.seal(content.span, type, using: &dice, into: &pack)
            contents.append(content)
            blobs.append(
                PackedBlob(
                    BlobHandle(type, ObjectID(hashing: content)), offset: UInt32(start),
                    length: UInt32(pack.count - start), uncompressedLength: length))
        }
        try sealer.appendHeader(of: blobs, using: &dice, to: &pack)
        return (key, contents, blobs, pack)
    }

    private static func open(_ pack: [UInt8], _ key: MasterKey) throws -> [PackedBlob] {
        let length = try PackHeader.sealedLength(lastBytes: pack.suffix(4).map { $0 }.span, fileLength: pack.count)
        let sealed = Array(pack.dropLast(4).suffix(length))
        return try BlobSealer(key).openHeader(sealed.span)
    }

    @Test
    func aPackTellsItsBlobsAndEachOpens() throws {
        var dice = SplitMix64(seed: 1)
        let (key, contents, blobs, pack) = try Self.pack(&dice)
        #expect(try Self.open(pack, key) == blobs)
        #expect(pack.count == blobs.reduce(0) { $0 + Int($1.length) } + PackHeader.byteCount(of: blobs))
        var sealer = try BlobSealer(key)
        for (content, blob) in zip(contents, blobs) {
            let stored = Array(pack[Int(blob.offset)..<Int(blob.offset + blob.length)])
            let opened = try sealer.open(stored.span, blob)
            #expect(opened == content)
            #expect(blob.contentLength == content.count)
        }
        // Text was compressed, noise was not; folders always.
        #expect(blobs.enumerated().allSatisfy { ($1.uncompressedLength > 0) == ($0 % 2 == 0 || $0 % 5 == 0) })
    }

    @Test
    func everyFlippedBitOfAPackIsFoundAndNamed() throws {
        var dice = SplitMix64(seed: 2)
        let (key, _, blobs, pack) = try Self.pack(&dice)
        let headerStart = blobs.reduce(0) { $0 + Int($1.length) }
        var sealer = try BlobSealer(key)
        for _ in 0..<600 {
            var damaged = pack
            let bit = Int.random(in: 0..<pack.count * 8, using: &dice)
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            if bit / 8 >= headerStart {
                #expect(throws: FormatError.self) { try Self.open(damaged, key) }
                continue
            }
            let blob = try #require(blobs.last { Int($0.offset) <= bit / 8 })
            let stored = Array(damaged[Int(blob.offset)..<Int(blob.offset + blob.length)])
            #expect(throws: FormatError.unauthenticated(blob.handle.type == .tree ? .tree : .blob)) {
                _ = try sealer.open(stored.span, blob)
            }
        }
    }

    @Test
    func lengthsOfHeadersAreNotBelieved() {
        func end(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
        for length: UInt32 in [0, 31, 32, 1_000, 16 << 20 + 1, .max] {
            #expect(throws: FormatError.self) {
                _ = try PackHeader.sealedLength(lastBytes: end(length).span, fileLength: 900)
            }
        }
        #expect(throws: FormatError.tooLarge(.packHeader, limit: 16 << 20)) {
            try PackHeader.sealedLength(lastBytes: end(17 << 20).span, fileLength: 1 << 30)
        }
        #expect(throws: FormatError.tooShort(.pack)) {
            try PackHeader.sealedLength(lastBytes: end(40).span, fileLength: PackHeader.leastFile - 1)
        }
    }

    @Test
    func headersOfAnotherShapeAreRefused() throws {
        var dice = SplitMix64(seed: 3)
        let key = MasterKey(using: &dice)
        let sealer = try Sealer(key)
        let id = Array(repeating: UInt8(1), count: 32)
        let shapes: [[UInt8]] = [
            [4, 50, 0, 0, 0] + id, [0, 50, 0, 0, 0] + id.dropLast(), [2, 50, 0, 0, 0] + id, [0, 31, 0, 0, 0] + id,
            [0, 255, 255, 255, 255] + id + [0, 255, 255, 255, 255] + id,
        ]
        for shape in shapes {
            var sealed: [UInt8] = []
            try sealer.seal(shape.span, using: &dice, into: &sealed)
            #expect(throws: FormatError.self) { try PackHeader.open(sealed.span, sealer) }
        }
    }

    @Test
    func aBlobThatUnpacksToMoreThanItSaysIsRefused() throws {
        var dice = SplitMix64(seed: 4)
        let key = MasterKey(using: &dice)
        var sealer = try BlobSealer(key)
        let content = Array(repeating: UInt8(0), count: 8 << 20)
        var stored: [UInt8] = []
        let length = try sealer.seal(content.span, .data, using: &dice, into: &stored)
        #expect(length == 8 << 20 && stored.count < 2_000)
        let handle = BlobHandle(.data, ObjectID(hashing: content))
        for claim: UInt32 in [1, 1_000, 8 << 20 - 1, 8 << 20 + 1] {
            let blob = PackedBlob(handle, offset: 0, length: UInt32(stored.count), uncompressedLength: claim)
            #expect(throws: FormatError.uncompressible(.blob)) { try sealer.open(stored.span, blob) }
        }
        let other = PackedBlob(
            BlobHandle(.data, .zero), offset: 0, length: UInt32(stored.count), uncompressedLength: length)
        #expect(throws: FormatError.wrongHash(.blob)) { try sealer.open(stored.span, other) }
    }

    @Test
    func theIndexFindsEveryPlace() throws {
        var dice = SplitMix64(seed: 5)
        var index = BlobIndex()
        var truth: [BlobHandle: Set<BlobIndex.Place>] = [:]
        func id() -> ObjectID { ObjectID((0..<32).map { _ in UInt8.random(in: 0...255, using: &dice) }) ?? .zero }
        var known: [ObjectID] = []
        for _ in 0..<300 {
            let pack = id()
            var blobs: [PackedBlob] = []
            for number in 0..<UInt32.random(in: 1...40, using: &dice) {
                let name = Int.random(in: 0...9, using: &dice) == 0 ? known.randomElement(using: &dice) ?? id() : id()
                known.append(name)
                blobs.append(
                    PackedBlob(
                        BlobHandle(Bool.random(using: &dice) ? .data : .tree, name), offset: number * 100, length: 100))
            }
            let entry = IndexFile.PackEntry(pack, blobs)
            let (isNew, isNewAgain) = (index.add(entry), index.add(entry))
            #expect(isNew && !isNewAgain)
            for blob in blobs { truth[blob.handle, default: []].insert(.init(pack: pack, blob: blob)) }
        }
        for (handle, places) in truth {
            #expect(Set(index.places(handle)) == places)
            #expect(index.first(handle).map { places.contains($0) } == true)
        }
        #expect(!index.contains(BlobHandle(.data, id())))
        #expect(index.packs.count == 300 && index.count >= truth.count)
    }
}
