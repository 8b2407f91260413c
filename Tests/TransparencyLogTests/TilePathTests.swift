// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite struct TilePathTests {
    @Test(arguments: [
        "tile/0/000", "tile/0/999", "tile/0/x001/000", "tile/0/x001/x234/067", "tile/63/000.p/1",
        "tile/0/x001/x234/067.p/255", "tile/entries/000", "tile/entries/x123/456.p/17", "tile/7/000.p/255",
        "tile/0/x018/x446/x744/x073/x709/x551/615", "tile/entries/x018/x446/x744/x073/x709/x551/615.p/9",
    ])
    func roundTrip(text: String) throws {
        #expect(try TilePath(text).description == text)
    }

    @Test(arguments: [
        "", "/", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile//000", "tile/00/000",
        "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0x/000", "tile/0/0", "tile/0/00", "tile/0/0000",
        "tile/0/x000", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001/x002", "tile/0/X001/002", "tile/0/00a",
        "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1", "tile/0/000.P/1", "tile/0/.p/1", "tile/0/x001.p/1", "tile/0/000.p/-1", "Tile/0/000",
        "tile/Entries/000", "tile/entries/000 ", "tile/entries/000\n", "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/x001/x018/x446/x744/x073/x709/x551/615",
        "tile/0/../000", "tile/0/٠٠٠", "tile/.p/1", "tile/0/000.p/99999999999999999999999", "checkpoint",
    ])
    func refuses(text: String) {
        #expect(throws: TileError.badPath) { try TilePath(text) }
    }

    @Test func refusesOtherValues() {
        #expect(throws: TileError.badPath) { try TilePath(content: .hashes(level: 64), index: 0) }
        #expect(throws: TileError.badPath) { try TilePath(content: .hashes(level: -1), index: 0) }
        #expect(throws: TileError.badPath) { try TilePath(content: .entries, index: 0, width: 0) }
        #expect(throws: TileError.badPath) { try TilePath(content: .entries, index: 0, width: 257) }
    }

    @Test func randomPathsRoundTrip() throws {
        var dice = Dice(state: 4)
        for _ in 0..<2000 {
            let index = UInt64.random(in: 0...(.max), using: &dice) >> UInt64.random(in: 0...63, using: &dice)
            let level = Int.random(in: 0...63, using: &dice)
            let width = Int.random(in: 1...256, using: &dice)
            let path = try TilePath(content: .hashes(level: level), index: index, width: width)
            #expect(try TilePath(path.description) == path)
        }
    }

    /// The example of the specification: 273 full tiles, one of 112, one full, one of 17, one of 1.
    @Test func tilesOfSeventyThousand() {
        let paths = TilePaths(to: 70_000).map(\.description)
        #expect(paths.count == 274 * 2 + 2 + 1)
        #expect(paths.filter { $0.hasPrefix("tile/entries/") }.count == 274)
        #expect(paths.suffix(4) == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"])
    }

    @Test(
        arguments: [
            (0, 1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
            (255, 256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]),
            (256, 257, ["tile/entries/001.p/1", "tile/0/001.p/1"]),
            (
                65_535, 65_536,
                ["tile/entries/255", "tile/0/255", "tile/1/000", "tile/2/000.p/1"]
            ),
            (65_536, 65_537, ["tile/entries/256.p/1", "tile/0/256.p/1"]),
            (7, 7, []), (8, 7, []),
        ] as [(UInt64, UInt64, [String])])
    func growth(old: UInt64, new: UInt64, expected: [String]) {
        #expect(TilePaths(from: old, to: new).map(\.description) == expected)
    }

    @Test func growthAtTheEndOfNumbers() {
        let paths = TilePaths(from: .max - 1, to: .max).map(\.description)
        #expect(
            paths == [
                "tile/entries/x072/x057/x594/x037/x927/935.p/255", "tile/0/x072/x057/x594/x037/x927/935.p/255",
            ])
        #expect(Array(TilePaths(to: .max).prefix(1000)).count == 1000)
        #expect(TilePath.holding(.max, of: .entries, inTreeOf: .max) == nil)
        #expect(TilePath.holding(0, of: .hashes(level: 63), inTreeOf: .max) == nil)
        #expect(TilePath.holding(254, of: .hashes(level: 7), inTreeOf: .max)?.width == 255)
    }

    @Test func bundles() throws {
        let entries: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300), Array(repeating: 9, count: 65_535)]
        let path = try TilePath(content: .entries, index: 0, width: 4)
        let bytes = try EntryBundle.encode(entries)
        #expect(bytes.prefix(7) == [0, 0, 0, 1, 1, 1, 44])
        #expect(try EntryBundle.decode(bytes, at: path) == entries)
        let five = try TilePath(content: .entries, index: 0, width: 5)
        let three = try TilePath(content: .entries, index: 0, width: 3)
        #expect(throws: TileError.badBundle(five)) { try EntryBundle.decode(bytes, at: five) }
        #expect(throws: TileError.badBundle(three)) { try EntryBundle.decode(bytes, at: three) }
        for wrong in [Array(bytes.dropLast()), bytes + [0], bytes + [0, 0], Array(bytes.prefix(1)), []] {
            #expect(throws: TileError.badBundle(path)) { try EntryBundle.decode(wrong, at: path) }
        }
        #expect(throws: TileError.entryTooLong(position: 1)) {
            try EntryBundle.encode([[], Array(repeating: 0, count: 65_536)])
        }
    }
}
