// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Testing

@testable import Backup

/// Archives that are cut anywhere, and such as no server sends.
struct TarReaderTests {
    private static func node(_ name: String, _ type: NodeType) -> Node {
        var node = Node(name: Array(name.utf8), type: type)
        node.mode = FileMode(unix: type == .directory ? 0o040700 : 0o100600)
        (node.uid, node.gid, node.user, node.group) = (108, 116, "postgres", "postgres")
        (node.modified, node.accessed) = (Timestamp(seconds: 1_700_000_000), Timestamp(seconds: 1_700_000_000))
        return node
    }

    private static func entry(_ path: String, _ type: NodeType, _ content: [UInt8] = [], target: String = "") -> [UInt8]
    {
        var node = node(path, type)
        node.linkTarget = Array(target.utf8)
        let entry = TarEntry(path: Array(path.utf8), node: node, size: UInt64(content.count))
        return entry.head() + content + TarEntry.padding(after: UInt64(content.count))
    }

    private static let archive =
        entry("global/", .directory) + entry("global/pg_control", .file, Array(repeating: 7, count: 600))
        + entry("empty", .file) + entry("pg_tblspc/16384", .symbolicLink, target: "/srv/space") + TarEntry.end

    /// What an archive holds, when it comes in pieces of this length.
    private static func read(_ bytes: [UInt8], piece: Int) throws -> (
        members: [TarMember], contents: [Int], isWhole: Bool
    ) {
        var reader = TarReader()
        var (members, contents): ([TarMember], [Int]) = ([], [])
        for start in stride(from: 0, to: bytes.count, by: piece) {
            reader.feed(Array(bytes[start..<min(start + piece, bytes.count)]))
            while let event = try reader.next() {
                switch event {
                case .member(let member):
                    members.append(member)
                    if member.type == .file { contents.append(0) }
                case .content(let bytes): contents[contents.count - 1] += bytes.filter { $0 == 7 }.count
                case .endOfContent: contents[contents.count - 1] += 1_000
                }
            }
        }
        return (members, contents, reader.isComplete)
    }

    @Test(arguments: [1, 2, 7, 511, 512, 513, 600, 4_096, 100_000])
    func piecesOfAnyLength(_ piece: Int) throws {
        let found = try Self.read(Self.archive, piece: piece)
        #expect(found.isWhole)
        #expect(found.contents == [1_600, 1_000])
        #expect(
            found.members.map { $0.path.map { String(decoding: $0, as: UTF8.self) } }
                == [["global"], ["global", "pg_control"], ["empty"], ["pg_tblspc", "16384"]])
        #expect(found.members.map(\.type) == [.directory, .file, .file, .symbolicLink])
        #expect(found.members[1].size == 600)
        #expect(found.members[1].uid == 108)
        #expect(found.members[1].permissions == 0o600)
        #expect(found.members[1].modified == 1_700_000_000)
        #expect(found.members[3].target == Array("/srv/space".utf8))
    }

    /// An archive that ends in the middle of something is never whole.
    @Test
    func endsTooEarly() throws {
        let archive = Self.archive.dropLast(TarEntry.end.count)
        let borders = [512, 512 + 512 + 1_024, 512 + 512 + 1_024 + 512]
        for length in stride(from: 1, to: archive.count, by: 37) where !borders.contains(length) {
            let found = try Self.read(Array(archive.prefix(length)), piece: 256)
            #expect(!found.isWhole, "\(length)")
        }
    }

    @Test
    func anyChangedByteOfAHeadIsSeen() throws {
        let head = Self.entry("base/5/1259", .file, [1, 2, 3])
        // What stands behind the zero byte of the sum nobody reads.
        for place in 0..<512 where place != 155 {
            var changed = head
            changed[place] ^= 1
            #expect(throws: TarError.self, "\(place)") { _ = try Self.read(changed, piece: 512) }
        }
    }

    @Test(arguments: ["../outside", "a/../b", "/etc/passwd"])
    func namesThatLeadOutside(_ name: String) {
        #expect(throws: TarError.malformed) { _ = try Self.read(Self.entry(name, .file), piece: 512) }
    }

    @Test
    func otherKindsAreRefused() {
        #expect(throws: TarError.unknownKind) { _ = try Self.read(Self.entry("pipe", .fifo), piece: 512) }
    }
}
