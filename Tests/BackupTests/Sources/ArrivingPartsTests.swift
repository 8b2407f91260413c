// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Testing

@testable import Backup

/// Files that arrive in pieces are cut as those that are read at once.
struct ArrivingPartsTests {
    private static let chunker = Polynomial(0x3DA3_358B_4DC1_73).map(Chunker.init)

    private static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 9
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    private static func parts(_ bytes: [UInt8], piece: Int, _ profile: FileProfile?, size: Int64?) throws
        -> [[UInt8]]
    {
        var arriving = ArrivingParts(try #require(chunker), size: size, profile)
        var parts: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            arriving.add(bytes[start..<min(start + piece, bytes.count)])
            while let part = arriving.next(isLast: false) { parts.append(part) }
        }
        while let part = arriving.next(isLast: true) { parts.append(part) }
        return parts
    }

    @Test(arguments: [32 << 10, 100_003, 4 << 20])
    func piecesDoNotMatter(_ piece: Int) throws {
        let bytes = Self.bytes(5 << 20)
        let parts = try Self.parts(bytes, piece: piece, nil, size: Int64(bytes.count))
        let whole = try Self.parts(bytes, piece: bytes.count, nil, size: Int64(bytes.count))
        #expect(parts == whole)
        #expect(Array(parts.joined()) == bytes)
        #expect(parts.count > 2)
    }

    @Test
    func pagesHaveOneLength() throws {
        let bytes = Self.bytes(3 << 20)
        let parts = try Self.parts(bytes, piece: 50_000, .pages, size: Int64(bytes.count))
        #expect(parts.allSatisfy { $0.count == 128 << 10 })
        #expect(Array(parts.joined()) == bytes)
    }

    @Test
    func nothingIsNoPart() throws {
        let (nothing, little) = (
            try Self.parts([], piece: 1, nil, size: 0), try Self.parts([1, 2], piece: 1, nil, size: nil)
        )
        #expect(nothing.isEmpty)
        #expect(little == [[1, 2]])
    }
}
