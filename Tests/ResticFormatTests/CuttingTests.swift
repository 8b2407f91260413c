// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct CuttingTests {
    private static func profile(_ head: [UInt8], size: Int64) -> FileProfile {
        FileProfile(head: head.span, size: size)
    }

    private static func with(_ bytes: [UInt8], at place: Int, count: Int = 4_096) -> [UInt8] {
        var head = Array(repeating: UInt8(0), count: count)
        head.replaceSubrange(place..<place + bytes.count, with: bytes)
        return head
    }

    @Test(
        arguments: [
            (0, [0x51, 0x46, 0x49, 0xFB]), (0, Array("KDMV".utf8)), (0, Array("vhdxfile".utf8)),
            (0, Array("conectix".utf8)),
            (64, [0x7F, 0x10, 0xDA, 0xBE]), (0, Array("SQLite format 3\0".utf8)), (510, [0x55, 0xAA]),
            (512, Array("EFI PART".utf8)), (1_080, [0x53, 0xEF]),
        ] as [(Int, [UInt8])])
    func imagesAndDatabasesArePages(place: Int, bytes: [UInt8]) {
        let head = Self.with(bytes, at: place)
        #expect(Self.profile(head, size: 4 << 20) == .pages)
        #expect(Self.profile(head, size: 1 << 20) == .ordinary)
        #expect(Self.profile(Array(head.prefix(place + bytes.count - 1)), size: 4 << 20) == .ordinary)
    }

    @Test
    func tablesOfPostgreSQLArePages() {
        var page = Array(repeating: UInt8(0), count: 8_192)
        page.replaceSubrange(12..<20, with: [0x1C, 0, 0, 0x1F, 0, 0x20, 0x04, 0x20])
        #expect(Self.profile(page + page, size: 8_192 * 512) == .pages)
        #expect(Self.profile(page + page, size: 8_192 * 512 + 1) == .ordinary)
        page[14] = 0x10
        page[15] = 0
        #expect(Self.profile(page + page, size: 8_192 * 512) == .ordinary)
    }

    private static func element(_ group: UInt16, _ number: UInt16, _ kind: String?, _ value: [UInt8]) -> [UInt8] {
        let head = [group, number].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let length = [UInt8(value.count & 255), UInt8(value.count >> 8)]
        guard let kind else { return head + length + [0, 0] + value }
        let isLong = ["OB", "OW", "SQ", "UN", "UT"].contains(kind)
        return head + Array(kind.utf8) + (isLong ? [0, 0] + length + [0, 0] : length) + value
    }

    private static let open: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    private static func start(_ syntax: String) -> [UInt8] {
        Array(repeating: 0, count: 128) + Array("DICM".utf8)
            + element(2, 0, "UL", [0, 0, 0, 0]) + element(2, 1, "OB", [0, 1])
            + element(2, 0x10, "UI", Array(syntax.utf8) + (syntax.utf8.count % 2 == 1 ? [0] : []))
    }

    /// A patient, a sequence of two levels with a small image in it, and then the image.
    private static func image(_ syntax: String, kinds: Bool) -> (head: [UInt8], length: Int) {
        let kind = { (text: String) in kinds ? text : nil }
        let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0] + open
        let icon = element(0x28, 0x10, kind("US"), [1, 0]) + element(0x7FE0, 0x10, kind("OW"), [1, 2, 3, 4])
        let sequence =
            [0x88, 0, 0, 2] + (kinds ? Array("SQ".utf8) + [0, 0] : []) + open + item + icon
            + [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
        let header =
            start(syntax) + element(0x10, 0x10, kind("PN"), Array("Muster^A".utf8)) + sequence
            + element(0x40, 0x275, kind("SQ"), []) + element(0x28, 0x10, kind("US"), [1, 0])
        return (header + element(0x7FE0, 0x10, kind("OW"), Array(repeating: 9, count: 4_000)), header.count)
    }

    @Test(arguments: [("1.2.840.10008.1.2", false), ("1.2.840.10008.1.2.1", true), ("1.2.840.10008.1.2.4.70", true)])
    func aDICOMFileIsCutBeforeItsImage(syntax: String, kinds: Bool) {
        let (head, length) = Self.image(syntax, kinds: kinds)
        #expect(Self.profile(head, size: 600_000) == .imageAfter(length))
        // Whatever is missing, nothing is read behind the end.
        for count in 0..<length { #expect(Self.profile(Array(head.prefix(count)), size: 600_000) == .ordinary) }
    }

    @Test
    func noBytesHarmTheReaderOfDICOM() {
        var dice = SplitMix64(seed: 9)
        for _ in 0..<20_000 {
            var (head, _) = Self.image("1.2.840.10008.1.2.1", kinds: true)
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                head[Int.random(in: 128..<head.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            if case .imageAfter(let length) = Self.profile(head, size: 600_000) { #expect(length < head.count) }
        }
    }

    @Test
    func partsAreTheWholeFile() throws {
        var dice = SplitMix64(seed: 3)
        let chunker = Chunker(Polynomial(using: &dice))
        let bytes = (0..<3_000_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
        for profile in [FileProfile.ordinary, .pages, .imageAfter(5_000)] {
            let cutting = Cutting(profile, chunker, size: Int64(bytes.count))
            var (lengths, place) = ([Int](), 0)
            while place < bytes.count {
                let rest = Array(bytes[place...])
                let cut = cutting.cut(rest.span, at: Int64(place), isLast: true)
                lengths.append(try #require(cut))
                place += lengths.last ?? 1
            }
            #expect(place == bytes.count)
            switch profile {
            case .pages: #expect(lengths.dropLast().allSatisfy { $0 == 128 << 10 })
            case .imageAfter(let length): #expect(lengths.first == length)
            case .ordinary: #expect(lengths.dropLast().allSatisfy { $0 >= Chunker.least })
            }
        }
    }
}
