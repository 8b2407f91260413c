// SPDX-License-Identifier: Apache-2.0

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
