// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

struct DumpTests {
    private func dump(_ tree: ObjectID, _ fixture: TreeFixture) async throws -> (
        archive: [UInt8], complaints: Complaints
    ) {
        try await fixture.flush()
        let path = fixture.folder + "/archive.tar"
        let complaints = Complaints()
        let file = try Descriptor(opening: Array(path.utf8), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        var dump = SnapshotDump(fixture.blobs, OutputPieces(file), complaints)
        try await dump.archive(tree, at: [])
        return (Array(try #require(FileManager.default.contents(atPath: path))), complaints)
    }

    /// The paths in an archive, as it holds them.
    private func names(_ archive: [UInt8]) -> [String] {
        stride(from: 0, to: archive.count, by: TarEntry.block).compactMap { start in
            guard archive[start + 257..<start + 262].elementsEqual("ustar".utf8) else { return nil }
            return String(decoding: archive[start..<start + 100].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    @Test(arguments: ["..", ".", "", "/evil", "../evil", "a/evil", "a\0b"])
    func namesThatAreNoNamesAreLeftOut(name: String) async throws {
        try await TreeFixture.with { fixture in
            let content = try await fixture.data("evil")
            let inside = try await fixture.tree([TreeFixture.file("passwd", [content])])
            let tree = try await fixture.tree(
                [
                    TreeFixture.directory(name, inside), TreeFixture.file("zz", [content]),
                ])
            let (archive, complaints) = try await dump(tree, fixture)
            #expect(names(archive) == ["zz"])
            #expect(!complaints.isEmpty)
        }
    }

    @Test
    func aSecondNameOfAFileIsALinkUnlessTheFirstCouldNotBeRead() async throws {
        try await TreeFixture.with { fixture in
            let (content, missing) = (try await fixture.data("text"), ObjectID(hashing: [1]))
            var nodes = [
                TreeFixture.file("a", [missing]), TreeFixture.file("b", [content]), TreeFixture.file("c", [content]),
                TreeFixture.file("d", [content, content], size: 8),
            ]
            for place in nodes.indices { (nodes[place].links, nodes[place].inode, nodes[place].device) = (4, 7, 1) }
            let (archive, complaints) = try await dump(try await fixture.tree(nodes), fixture)
            #expect(names(archive) == ["b", "c", "d"])
            // b with its block, c as a link, d with another content of its own, two blocks of zeros.
            #expect(archive.count == 512 * 7)
            #expect(archive[1_024 + 156] == UInt8(ascii: "1"))
            #expect(archive[1_024 + 157] == UInt8(ascii: "b"))
            #expect(!complaints.isEmpty)
        }
    }

    @Test(
        arguments: [
            (0, UInt32(0), nil), (1_700_000_000, 123_456_700, "1700000000.123456700"), (-1, 0, "-1"),
            (-1, 1, "-0.999999999"), (-12_345_679, 98_765_433, "-12345678.901234567"),
            (-2, 999_999_999, "-1.000000001"), (1 << 33, 0, "8589934592"), ((1 << 33) - 1, 0, nil),
        ] as [(Int64, UInt32, String?)])
    func timesThatOldFieldsCannotHoldAreRecords(seconds: Int64, nanoseconds: UInt32, text: String?) {
        var node = TreeFixture.file("a", [])
        node.modified = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
        node.accessed = node.modified
        let records = String(decoding: TarRecords(TarEntry(path: [97], node: node)).bytes, as: UTF8.self)
        #expect(records == text.map { "\($0.utf8.count + 10) mtime=\($0)\n" } ?? "")
    }

    /// The number at the beginning of a record counts itself, also where that makes it one digit longer.
    @Test
    func recordsBeginWithTheirLength() throws {
        for count in 60...1_100 {
            let path = Array(repeating: UInt8(ascii: "x"), count: 100 + count)
            let bytes = TarRecords(TarEntry(path: path, node: TreeFixture.file("a", []))).bytes
            let digits = bytes.prefix { $0 != UInt8(ascii: " ") }
            #expect(String(decoding: digits, as: UTF8.self) == "\(bytes.count)")
        }
    }

    @Test(arguments: [
        [], [2, 0, 0, 0], [1, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255], [2, 0, 0, 0, 3, 0, 6, 0, 0, 0, 0, 0],
    ])
    func accessListsThatAreNoneStayAttributes(bytes: [UInt8]) {
        let text = AccessListText(bytes)
        #expect(text == nil || text?.bytes == [])
    }
}
