// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

@testable import Store

/// What servers write about their log and their files.
struct ReplicationTests {
    @Test(
        arguments: [
            ("0/0", 0), ("0/16B3748", 0x16B_3748), ("1/0", 1 << 32), ("FFFFFFFF/FFFFFFFF", UInt64.max),
            ("A/b", 0xA_0000_000B),
        ] as [(String, UInt64)])
    func positions(_ text: String, _ bytes: UInt64) throws {
        let position = try #require(LogPosition(text))
        #expect(position.bytes == bytes)
        #expect(LogPosition(position.text) == position)
    }

    @Test(arguments: ["", "/", "0", "0/", "/0", "0/0/0", "0/G", "-1/0", "+1/0", "0/123456789", " 0/0", "0/0 "])
    func whatIsNoPosition(_ text: String) {
        #expect(LogPosition(text) == nil)
    }

    private static func told(_ piece: BaseBackup.Piece?) -> String {
        switch piece {
        case nil: "nothing"
        case .archive(nil): "data"
        case .archive(.some(let number)): "\(number)"
        case .manifest: "manifest"
        case .bytes(let bytes): "bytes \(bytes)"
        }
    }

    /// Since version 15 a message says what it is.
    @Test(
        arguments: [
            (Array("nbase.tar\0\0".utf8), "data"), (Array("n16384.tar\0/srv/space\0".utf8), "16384"),
            (Array("m".utf8), "manifest"), ([0x64, 1, 2], "bytes [1, 2]"), ([0x70, 0, 0, 0, 0, 0, 0, 0, 9], "nothing"),
        ] as [([UInt8], String)])
    func taggedMessages(_ message: [UInt8], _ meaning: String) throws {
        #expect(Self.told(try BackupStream.tagged.piece(message)) == meaning)
    }

    @Test(arguments: ["", "x", "nother.zip\0", "n-1.tar\0", "n../16384.tar\0"])
    func messagesThatMeanNothing(_ message: String) {
        #expect(throws: Fault.self) { _ = try BackupStream.tagged.piece(Array(message.utf8)) }
    }

    /// Before version 15 each archive is a copy of its own, in the order in which the server listed them.
    @Test
    func separateCopies() throws {
        var stream = BackupStream.separate([16_384, nil], next: 0)
        var told: [String] = []
        for _ in 0..<3 {
            told.append(Self.told(stream.opening()))
            told.append(Self.told(stream.opening()))
            told.append(Self.told(try stream.piece([7])))
            stream.nextCopy()
        }
        #expect(
            told == [
                "16384", "nothing", "bytes [7]", "data", "nothing", "bytes [7]", "manifest", "nothing", "bytes [7]",
            ])
    }

    /// The file stands in the message in every language.
    @Test(
        arguments: [
            (
                #"checksum verification failed in file "./base/5/16384", block 3: calculated 1A but expected 3C"#,
                "base/5/16384"
            ),
            ("Prüfsummenüberprüfung fehlgeschlagen in Datei »global/1260«, Block 0", "global/1260"),
            (#"file "./pg_tblspc/16399/PG_15_2022/5/16400_fsm.1" has 2"#, "pg_tblspc/16399/PG_15_2022/5/16400_fsm.1"),
            ("the database/files of base/ or global/x", nil), ("3 total checksum verification failures", nil),
            ("", nil),
        ] as [(String, String?)])
    func filesInMessages(_ message: String, _ file: String?) {
        #expect(fileOfCluster(in: message) == file)
    }
}
