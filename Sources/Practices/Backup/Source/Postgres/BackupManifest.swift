// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// The server's list of the files of a base backup (PostgreSQL, "Backup Manifest Format").
struct BackupManifest {
    /// Size and SHA-256 of each file, by the bytes of its path in the data folder.
    let files: [[UInt8]: File]

    struct File: Equatable {
        let size: UInt64
        let digest: ObjectID
    }

    private static let limits = JSONLimits(bytes: 512 << 20, depth: 8)
    private static let seal = Array("\"Manifest-Checksum\"".utf8)

    /// - Throws: `SourceError.manifest` when it is not whole, which its own checksum tells.
    init(_ text: [UInt8]) throws(SourceError) {
        guard let document = try? JSONDocument.parse(text, limits: Self.limits),
            let sum = document.root["Manifest-Checksum"]?.utf8.flatMap({ ObjectID(hex: $0) }),
            let sealed = Self.sealedLength(text), ObjectID(hashing: text.span.extracting(..<sealed)) == sum,
            let entries = document.root["Files"], entries.kind == .array
        else { throw .manifest }
        var files: [[UInt8]: File] = [:]
        for entry in entries.elements {
            guard let path = Self.path(entry), let size = entry["Size"]?.integer, size >= 0,
                entry["Checksum-Algorithm"]?.means("SHA256") == true,
                let digest = entry["Checksum"]?.utf8.flatMap({ ObjectID(hex: $0) })
            else { throw .manifest }
            files[path] = File(size: UInt64(size), digest: digest)
        }
        self.files = files
    }

    /// A path that is no UTF-8 stands there in hexadecimal digits.
    private static func path(_ entry: JSONNode) -> [UInt8]? {
        entry["Path"]?.utf8 ?? entry["Encoded-Path"]?.string.flatMap { Hex.decode($0) }
    }

    /// The bytes that the checksum is of: all lines but that on which it stands, which is the last.
    private static func sealedLength(_ text: [UInt8]) -> Int? {
        let end = text.last == 0x0A ? text.count - 1 : text.count
        guard let feed = text[..<end].lastIndex(of: 0x0A), text[(feed + 1)...].starts(with: seal) else { return nil }
        return feed + 1
    }
}
