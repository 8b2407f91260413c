// SPDX-License-Identifier: Apache-2.0

import CRestic
import Testing

/// Files are cut where restic cuts them, at every level.
extension EveryLevel {
    @Suite struct RabinTests {
        /// The one that restic's own tests use.
        static let wellKnown: UInt64 = 0x3D_A335_8B4D_C173

        /// restic 0.14.0 made a repository with this polynomial and cut this file so.
        @Test func cutsLikeRestic() {
            let lengths = [
                754_090, 5_237_566, 1_256_986, 701_112, 632_649, 1_211_236, 2_785_385, 2_956_340, 1_035_591, 887_543,
                3_034_257, 524_288, 524_288, 524_288, 524_288, 524_288, 524_288, 8_388_608, 1_939_563, 706_105, 959_736,
                19_089,
            ]
            var random = Bytes(seed: 88_172_645_463_325_252)
            var data = random.take(20 << 20)
            data += [UInt8](repeating: 0, count: 3 << 20)
            data += (0..<9 << 20).map { data[$0 % 1_000] }
            data += random.take(2 << 20)
            let chunker = Chunker(polynomial: 0x2D_F427_7CAD_77ED)
            EveryLevel.each { level in #expect(chunker.chunks(data) == lengths, "\(level)") }
            #expect(RabinReference(polynomial: 0x2D_F427_7CAD_77ED).chunks(data) == lengths)
        }

        @Test func zerosAreCutAtTheLeastLength() {
            let zeros = [UInt8](repeating: 0, count: 4 * RabinReference.least + 100)
            let chunker = Chunker(polynomial: Self.wellKnown)
            let lengths = [Int](repeating: RabinReference.least, count: 4) + [100]
            EveryLevel.each { level in #expect(chunker.chunks(zeros) == lengths, "\(level)") }
        }

        @Test(arguments: 1...4 as ClosedRange<UInt64>)
        func anyPolynomialCutsLikeTheReference(seed: UInt64) {
            var random = Bytes(seed: seed)
            let polynomial = irreducible(&random)
            let data = random.take(16 << 20)
            let expected = RabinReference(polynomial: polynomial).chunks(data)
            let chunker = Chunker(polynomial: polynomial)
            #expect(expected.count > 5)
            EveryLevel.each { level in #expect(chunker.chunks(data) == expected, "\(level)") }
        }

        /// Whatever the bounds, and also where data repeats itself so that eight zero bits are no sign of a cut.
        @Test func everyPlaceIsFoundAtEveryLevel() {
            var random = Bytes(seed: 7)
            let chunker = Chunker(polynomial: irreducible(&random))
            let window = chunker.cutWindow(&random)
            for round in 0..<400 {
                let count = 64 + random.next(below: 40_000)
                let period = round % 2 == 0 ? count : 1 + random.next(below: 90)
                let pattern = random.take(period)
                var data = (0..<count).map { pattern[$0 % period] }
                if round % 4 == 0 { plant(window, in: &data, before: 64 + random.next(below: count - 63)) }
                let from = 64 + random.next(below: count - 63)
                let to = from + random.next(below: count - from + 1)
                var found: [Int?] = []
                EveryLevel.each { _ in
                    found.append(chunker.place(in: data, from, to))
                    found.append(chunker.place(in: data, 64, count))
                }
                #expect(found[0] == found[2] && found[2] == found[4], "round \(round): \(from)...\(to) of \(count)")
                #expect(found[1] == found[3] && found[3] == found[5], "round \(round): all of \(count)")
            }
        }

        @Test func everyPlaceOfAShortStretchIsFound() {
            let chunker = Chunker(polynomial: Self.wellKnown)
            var random = Bytes(seed: 9)
            let window = chunker.cutWindow(&random)
            for place in 64...400 {
                var data = random.take(400)
                plant(window, in: &data, before: place)
                EveryLevel.each { level in
                    #expect(chunker.place(in: data, 64, 400) == place, "\(level)")
                    #expect(chunker.place(in: data, place, place) == place, "\(level)")
                    #expect(chunker.place(in: data, 64, place - 1) == nil, "\(level)")
                }
            }
        }

        /// Also where lanes and blocks meet, and where a later lane comes upon its cut before an earlier one does.
        @Test func theFirstOfSeveralPlacesIsFound() {
            let chunker = Chunker(polynomial: Self.wellKnown)
            var random = Bytes(seed: 10)
            let window = chunker.cutWindow(&random)
            let plain = random.take(20_000)
            for lane in 1...3 {
                for edge in [-70, -1, 0, 1, 63, 64, 2_000] {
                    let places = [lane * 4_096 + 64 + edge, lane * 4_096 + 64 + edge + 70, 16_384]
                    var data = plain
                    for place in places { plant(window, in: &data, before: place) }
                    EveryLevel.each { level in
                        #expect(chunker.place(in: data, 64, 20_000) == places[0], "\(level), lane \(lane), \(edge)")
                        #expect(chunker.place(in: data, places[0] + 1, 20_000) == places[1], "\(level)")
                    }
                }
            }
        }

        /// Eight zero bits are what the quickest loop looks for first; here every window has them.
        @Test func dataThatRepeatsItselfIsSearchedToo() throws {
            var random = Bytes(seed: 13)
            var found: (polynomial: UInt64, byte: UInt8)?
            while found == nil {
                let polynomial = irreducible(&random)
                let byte = (1...255).first { (byte: UInt8) in
                    let fingerprint = RabinReference.fingerprint([UInt8](repeating: byte, count: 64), polynomial)
                    return fingerprint & 0xFF == 0 && fingerprint & 0xF_FFFF != 0
                }
                found = byte.map { (polynomial, $0) }
            }
            let (polynomial, byte) = try #require(found)
            let chunker = Chunker(polynomial: polynomial)
            let window = chunker.cutWindow(&random)
            for place in [nil, 64, 1_000, 4_159, 4_160, 4_161, 9_000, 10_000] {
                var data = [UInt8](repeating: byte, count: 10_000)
                if let place { plant(window, in: &data, before: place) }
                EveryLevel.each { level in #expect(chunker.place(in: data, 64, 10_000) == place, "\(level)") }
            }
        }

        /// INVARIANT of the header: 64 bytes before `from` are all that is needed.
        @Test func aFileMayComeInPieces() {
            var random = Bytes(seed: 11)
            let data = random.take(3 << 20)
            let chunker = Chunker(polynomial: Self.wellKnown)
            EveryLevel.each { level in
                let whole = chunker.place(in: data, RabinReference.least, data.count)
                var start = RabinReference.least
                var found: Int?
                while found == nil, start < data.count {
                    let end = min(start + 10_000 + start % 3_000, data.count)
                    found = chunker.place(in: Array(data[start - 64..<end]), 64, 64 + end - start).map {
                        $0 + start - 64
                    }
                    start = end
                }
                #expect(found == whole && whole != nil, "\(level)")
            }
        }

        @Test func otherDegreesAreRefused() {
            for polynomial: UInt64 in [0, 1, 0x11B, 1 << 52 | 1, 1 << 54 | 1, .max] {
                let chunker = Chunker(polynomial: polynomial)
                #expect(!chunker.isUsable)
                EveryLevel.each { _ in #expect(chunker.place(in: [UInt8](repeating: 0, count: 200), 64, 200) == nil) }
            }
        }

        @Test func emptyBoundsHaveNoPlace() {
            let zeros = [UInt8](repeating: 0, count: 200)
            let chunker = Chunker(polynomial: Self.wellKnown)
            EveryLevel.each { _ in
                #expect(chunker.place(in: zeros, 101, 100) == nil)
                #expect(chunker.place(in: zeros, 0, 63) == nil)
                #expect(chunker.place(in: zeros, 0, 64) == 64)
            }
        }

        private func plant(_ window: [UInt8], in data: inout [UInt8], before place: Int) {
            data.replaceSubrange(place - 64..<place, with: window)
        }

        private func irreducible(_ random: inout Bytes) -> UInt64 {
            while true {
                let polynomial = random.next() >> 10 | 1 << 53 | 1
                if crestic_polynomial_is_irreducible(polynomial) { return polynomial }
            }
        }
    }

    @Suite struct PolynomialTests {
        @Test func irreducibleIsWhatHasNoDivisor() {
            for polynomial: UInt64 in 0..<1 << 13 {
                #expect(
                    crestic_polynomial_is_irreducible(polynomial) == RabinReference.isIrreducible(polynomial),
                    "\(polynomial)")
            }
        }

        @Test func largeOnes() {
            #expect(crestic_polynomial_is_irreducible(RabinTests.wellKnown))
            #expect(crestic_polynomial_is_irreducible(0x2D_F427_7CAD_77ED))
            #expect(!crestic_polynomial_is_irreducible(RabinTests.wellKnown ^ 1))
            // x^63 + x + 1 and x^60 + x + 1 are; x^61 + x + 1 and x^62 + x + 1 are not.
            #expect(crestic_polynomial_is_irreducible(1 << 63 | 3))
            #expect(crestic_polynomial_is_irreducible(1 << 60 | 3))
            #expect(!crestic_polynomial_is_irreducible(1 << 61 | 3))
            #expect(!crestic_polynomial_is_irreducible(1 << 62 | 3))
            #expect(!crestic_polynomial_is_irreducible(.max))
        }
    }
}

/// Cuts as the backup does: the least and the greatest length are the caller's.
@safe private final class Chunker {
    // SAFETY: allocated as long as the object lives, and never written once it is made.
    private let tables: UnsafeMutablePointer<crestic_rabin>
    let isUsable: Bool

    init(polynomial: UInt64) {
        unsafe tables = .allocate(capacity: 1)
        // SAFETY: the function fills the whole struct before it reads any of it.
        isUsable = unsafe crestic_rabin_tables(polynomial, tables)
    }

    deinit {
        unsafe tables.deallocate()
    }

    func place(in data: [UInt8], _ from: Int, _ to: Int) -> Int? {
        precondition(to <= data.count)
        // SAFETY: `to` bytes are there.
        let place = unsafe data.withUnsafeBufferPointer { unsafe crestic_rabin_find(tables, $0.baseAddress, from, to) }
        return place < 0 ? nil : place
    }

    /// The 64 bytes before some cut. Zeros would not do: they stand for a cut in whatever order they are taken.
    func cutWindow(_ random: inout Bytes) -> [UInt8] {
        while true {
            let data = random.take(1 << 20)
            if let place = place(in: data, 64, data.count) { return Array(data[place - 64..<place]) }
        }
    }

    func chunks(_ data: [UInt8]) -> [Int] {
        var lengths: [Int] = []
        var start = 0
        while data.count - start > RabinReference.least {
            let limit = min(data.count - start, RabinReference.greatest)
            // SAFETY: `limit` bytes are there behind the start.
            let place = unsafe data[start...].withUnsafeBufferPointer { buffer in
                unsafe crestic_rabin_find(tables, buffer.baseAddress, RabinReference.least, limit)
            }
            lengths.append(place < 0 ? limit : place)
            start += place < 0 ? limit : place
        }
        if start < data.count { lengths.append(data.count - start) }
        return lengths
    }
}
