// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Testing

@testable import Backup

/// Lists of files as servers of version 13 to 17 write them.
struct BackupManifestTests {
    private static let digest = String(repeating: "0a", count: 32)

    private static func sealed(_ lines: String) -> [UInt8] {
        let text = Array(lines.utf8)
        return text + Array("\"Manifest-Checksum\": \"\(ObjectID(hashing: text).hex)\"}\n".utf8)
    }

    private static let whole = sealed(
        """
        { "PostgreSQL-Backup-Manifest-Version": 1,
        "Files": [
        { "Path": "base/5/1259", "Size": 8192, "Last-Modified": "2026-11-30 10:00:00 GMT", \
        "Checksum-Algorithm": "SHA256", "Checksum": "\(digest)" },
        { "Encoded-Path": "62ff", "Size": 0, "Last-Modified": "2026-11-30 10:00:00 GMT", \
        "Checksum-Algorithm": "SHA256", "Checksum": "\(digest)" }
        ],
        "WAL-Ranges": [
        { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000100" }
        ],

        """)

    @Test
    func filesByPath() throws {
        let manifest = try BackupManifest(Self.whole)
        let file = BackupManifest.File(size: 8_192, digest: try #require(ObjectID(Self.digest)))
        #expect(manifest.files[Array("base/5/1259".utf8)] == file)
        #expect(manifest.files[[0x62, 0xFF]]?.size == 0)
        #expect(manifest.files.count == 2)
    }

    @Test
    func anyChangedByteIsSeen() {
        for place in Self.whole.indices.dropLast() {
            var changed = Self.whole
            changed[place] ^= 0x20
            #expect(throws: SourceError.manifest, "\(place)") { _ = try BackupManifest(changed) }
        }
    }

    @Test
    func anyEndThatComesTooEarlyIsSeen() {
        for length in 0..<Self.whole.count - 1 {
            #expect(throws: SourceError.manifest) { _ = try BackupManifest(Array(Self.whole.prefix(length))) }
        }
    }

    @Test(
        arguments: [
            (0x200_0028, "000000010000000000000002"), (0x1_0000_0000, "000000010000000100000000"),
            (0xFFFF_FFFF, "0000000100000000000000FF"),
        ] as [(UInt64, String)])
    func namesOfSegments(_ place: UInt64, _ name: String) {
        #expect(LogSegment.name(place / (16 << 20), timeline: 1, size: 16 << 20) == name)
    }
}
