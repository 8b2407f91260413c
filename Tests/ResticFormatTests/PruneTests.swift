// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

/// Plans are held against what may never happen: that a blob in use is in no pack afterwards.
struct PruneTests {
    /// A repository of blobs by number; nothing but lengths and places.
    private struct Place {
        var index = BlobIndex()
        var packs: [(id: ObjectID, length: Int)] = []
        private var count: UInt64 = 0

        static func handle(_ number: Int, _ type: BlobType = .data) -> BlobHandle {
            BlobHandle(type, ObjectID(hashing: Array("blob \(number)".utf8)))
        }

        @discardableResult
        mutating func add(
            _ numbers: [Int], _ type: BlobType = .data, length: UInt32 = 1 << 20, uncompressed: UInt32 = 2 << 20,
            isThere: Bool = true, isIndexed: Bool = true
        ) -> ObjectID {
            count += 1
            let id = ObjectID(hashing: Array("pack \(count)".utf8))
            let blobs = numbers.enumerated().map { place, number in
                PackedBlob(
                    Self.handle(number, type), offset: UInt32(place) * length, length: length,
                    uncompressedLength: uncompressed)
            }
            if isIndexed { index.add(IndexFile.PackEntry(id, blobs)) }
            if isThere { packs.append((id, numbers.count * Int(length) + PackHeader.byteCount(of: blobs))) }
            return id
        }

        func plan(
            using numbers: some Sequence<Int>, _ type: BlobType = .data, _ options: PruneOptions = PruneOptions()
        ) throws -> PrunePlan {
            var used = BlobSet(of: index)
            for number in numbers { try #require(used.insert(Self.handle(number, type), of: index) != nil) }
            return try PrunePlan(index: index, used: used, packs: packs, version: .two, options: options)
        }
    }

    private static var everything: PruneOptions {
        var options = PruneOptions()
        options.unused = .bytes(0)
        return options
    }

    @Test
    func packsGoWhenNothingInThemIsUsed() throws {
        var place = Place()
        let kept = place.add(Array(0..<16))
        let gone = place.add(Array(16..<32))
        let leftOver = place.add(Array(32..<34), isIndexed: false)
        let plan = try place.plan(using: 0..<16)
        #expect(plan.unused == [gone] && plan.unindexed == [leftOver] && plan.repacked.isEmpty)
        #expect(!plan.removed.contains(kept) && !plan.removed.contains(leftOver))
        #expect(plan.counts.freedBytes > 18 << 20)
    }

    @Test
    func aLittleThatNobodyNeedsMayStay() throws {
        var place = Place()
        let pack = place.add(Array(0..<32))
        let few = try place.plan(using: 1..<32)
        #expect(few.repacked.isEmpty && few.counts.leftUnusedBytes == 1 << 20)
        let many = try place.plan(using: 4..<32)
        #expect(many.repacked.map(\.pack) == [pack])
        #expect(many.repacked[0].kept.map(\.handle) == (4..<32).map { Place.handle($0) })
        let all = try place.plan(using: 1..<32, .data, Self.everything)
        #expect(all.repacked.count == 1 && all.counts.leftUnusedBytes == 0)
        var none = PruneOptions()
        none.unused = .unlimited
        #expect(try place.plan(using: 4..<32, .data, none).repacked.isEmpty)
        none.unused = .bytes(0)
        none.repackLimit = 1 << 20
        #expect(try place.plan(using: 4..<32, .data, none).repacked.isEmpty)
    }

    @Test
    func whatAnInterruptedRunStoredAnewIsKept() throws {
        var place = Place()
        let old = place.add(Array(0..<32))
        let anew = place.add(Array(8..<32))
        let plan = try place.plan(using: 8..<32)
        #expect(plan.unused == [old] && plan.repacked.isEmpty && !plan.removed.contains(anew))
    }

    @Test
    func nothingGoesWhileSomethingThatIsNeededIsMissing() throws {
        var place = Place()
        place.add(Array(0..<16))
        let missing = place.add(Array(16..<32), isThere: false)
        #expect(throws: PruneError.missing([missing])) { try place.plan(using: 0..<20) }
        // Nobody needs it: it only has to be forgotten.
        let plan = try place.plan(using: 0..<16)
        #expect(plan.absent == [missing] && plan.removed == [missing])
        // There is a second copy.
        let second = place.add(Array(16..<32))
        let saved = try place.plan(using: 0..<32)
        #expect(saved.absent == [missing] && !saved.removed.contains(second))
    }

    @Test
    func aPackOfAnotherLengthCountsAsDamaged() throws {
        var place = Place()
        let pack = place.add(Array(0..<16))
        place.packs[0].length -= 1
        #expect(throws: PruneError.wrongLength([pack])) { try place.plan(using: 3..<4) }
        #expect(try place.plan(using: []).unused == [pack])
    }

    @Test
    func smallPacksAreOnlyPutTogetherWhenThereAreMany() throws {
        var place = Place()
        for number in 0..<9 { place.add([number]) }
        #expect(try place.plan(using: 0..<9).repacked.isEmpty)
        place.add([9])
        #expect(try place.plan(using: 0..<10).repacked.count == 10)
    }

    @Test
    func foldersAreAlwaysCompressed() throws {
        var place = Place()
        let pack = place.add(Array(0..<16), .tree, uncompressed: 0)
        #expect(try place.plan(using: 0..<16, .tree).repacked.map(\.pack) == [pack])
        var data = Place()
        data.add(Array(0..<16), uncompressed: 0)
        #expect(try data.plan(using: 0..<16).repacked.isEmpty)
        var options = PruneOptions()
        options.compressesAll = true
        #expect(try data.plan(using: 0..<16, .data, options).repacked.count == 1)
    }

    @Test
    func everyBlobInUseIsSomewhereAfterwards() throws {
        for seed in 0..<400 {
            var dice = SplitMix64(seed: UInt64(seed))
            var place = Place()
            for _ in 0..<Int.random(in: 1...30, using: &dice) {
                let numbers = Set(
                    (0..<Int.random(in: 1...12, using: &dice)).map { _ in Int.random(in: 0..<80, using: &dice) })
                let isThere = Int.random(in: 0..<12, using: &dice) > 0
                place.add(
                    numbers.shuffled(using: &dice), length: .random(in: 100...3_000_000, using: &dice),
                    isThere: isThere,
                    isIndexed: !isThere || Int.random(in: 0..<8, using: &dice) > 0)
            }
            let known = (0..<80).filter { place.index.contains(Place.handle($0)) }
            let used = known.filter { _ in Bool.random(using: &dice) }
            var options = PruneOptions()
            options.unused =
                [.unlimited, .bytes(0), .percent(5), .percent(50)].randomElement(using: &dice) ?? .unlimited
            do {
                let plan = try place.plan(using: used, .data, options)
                try Self.requireAll(used, place, plan)
            } catch is PruneError {
                let there = Set(place.packs.map(\.id))
                let isLost = used.contains { number in
                    place.index.places(Place.handle(number)).allSatisfy { !there.contains($0.pack) }
                }
                #expect(isLost, "seed \(seed)")
            }
        }
    }

    private static func requireAll(_ used: [Int], _ place: Place, _ plan: PrunePlan) throws {
        let there = Set(place.packs.map(\.id)).subtracting(plan.removed).subtracting(plan.unindexed)
        var anew: [BlobHandle: Int] = [:]
        for (_, kept) in plan.repacked { for blob in kept { anew[blob.handle, default: 0] += 1 } }
        for number in used {
            let handle = Place.handle(number)
            let stays = place.index.places(handle).contains { there.contains($0.pack) }
            try #require(stays || anew[handle] == 1, "blob \(number) is lost")
        }
        #expect(anew.values.allSatisfy { $0 == 1 })
        let counts = plan.counts
        #expect(counts.usedBlobs == used.count)
        #expect(counts.usedBlobs + counts.unusedBlobs == place.index.count)
        #expect(counts.leftUnusedBytes <= counts.unusedBytes)
    }
}
