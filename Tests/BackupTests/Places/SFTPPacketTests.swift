// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup

struct SFTPPacketTests {
    @Test
    func requestsAreThoseOfTheDraft() {
        #expect(
            SFTPRequest.open([0x61]).packet(7) == [
                0, 0, 0, 18, 3, 0, 0, 0, 7, 0, 0, 0, 1, 0x61, 0, 0, 0, 1, 0, 0, 0, 0,
            ])
        #expect(
            SFTPRequest.write(handle: [9], offset: 1 << 32, [5, 6]).packet(1)
                == [0, 0, 0, 24, 6, 0, 0, 0, 1, 0, 0, 0, 1, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 5, 6])
        #expect(
            SFTPRequest.makeReadOnly(handle: []).packet(2)
                == [0, 0, 0, 17, 10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1, 0])
    }

    /// A list of one file, as a server sends it: name, line, and attributes of every kind.
    private static let names: [UInt8] =
        [104, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 1, 0x61, 0, 0, 0, 2, 0x2D, 0x2D, 0x80, 0, 0, 0x0F]
        + [0, 0, 0, 0, 0, 0, 1, 0] + [0, 0, 0, 1, 0, 0, 0, 2] + [0, 0, 0x81, 0x80] + [0, 0, 0, 3, 0, 0, 0, 4]
        + [0, 0, 0, 1, 0, 0, 0, 1, 0x78, 0, 0, 0, 1, 0x79]

    @Test
    func repliesAreRead() throws {
        let attributes = SFTPAttributes(size: 256, permissions: 0o100600)
        let (id, reply) = try SFTPReply.parse(Self.names[...])
        #expect(id == 5 && reply == .names([SFTPName(name: [0x61], attributes: attributes)]))
        #expect(attributes.isFile && !attributes.isFolder)
        let status = try SFTPReply.parse([101, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(status.id == 1 && status.reply == .status(SFTPReply.missing))
        let version = try SFTPReply.parse([2, 0, 0, 0, 3, 0, 0, 0, 1, 0x61, 0, 0, 0, 1, 0x31])
        #expect(version.reply == .version(3, offers: [[0x61]]))
    }

    @Test
    func everyCutIsAnErrorAndNoTrap() {
        for end in 0..<Self.names.count {
            #expect(throws: PlaceError.self, "\(end)") { try SFTPReply.parse(Self.names[..<end]) }
        }
    }

    @Test
    func anyBytesAreReadOrRefused() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var packet = Self.names
            for _ in 0..<3 { packet[Int.random(in: 0..<packet.count, using: &generator)] = .random(in: 0...255) }
            _ = try? SFTPReply.parse(packet[...])
        }
    }

    @Test
    func packetsAreCutWhereverTheyBreak() throws {
        let stream: [UInt8] = [0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3, 0, 0, 0]
        for size in 1...stream.count {
            var (framer, found): (SFTPFramer, [[UInt8]]) = (SFTPFramer(), [])
            for start in stride(from: 0, to: stream.count, by: size) {
                framer.add(Array(stream[start..<min(start + size, stream.count)]))
                while let packet = try framer.next() { found.append(Array(packet)) }
            }
            #expect(found == [[1, 2], [3]])
        }
    }

    @Test(arguments: [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0x10, 0, 1]] as [[UInt8]])
    func packetsHaveABound(length: [UInt8]) {
        var framer = SFTPFramer()
        framer.add(length)
        #expect(throws: PlaceError.self) { try framer.next() }
    }
}
