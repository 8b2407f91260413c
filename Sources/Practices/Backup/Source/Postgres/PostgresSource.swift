// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import ResticFormat
import Store

/// A whole PostgreSQL server: a base backup with the log that makes it consistent. Nothing of it is written to a disk here
/// on its way into the repository.
///
/// In the snapshot are, under `/postgres/NAME`: `data`, with which a server of the same version starts; `tablespaces`, to
/// which links in `data` lead; and `salus.json`, which says of what and of when the backup is.
struct PostgresSource: SnapshotSource {
    let connection: String
    let name: String

    /// - Parameters:
    ///   - connection: a URI or a string of keywords and values (PostgreSQL, "Connection Strings"). A password is better kept
    ///     in a password file: everybody on the machine can list arguments.
    ///   - name: what the snapshot calls the server.
    init(connection: String, name: String) {
        (self.connection, self.name) = (connection, name)
    }

    var paths: [String] { ["/postgres/\(name)"] }

    /// - Throws: `Fault` when the server refuses or stops; `SourceError` when what it sent is not whole.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        guard Self.isName(name) else { throw SourceError.name }
        let begun = SystemClock().now()
        let backup = try BaseBackup(connection, label: "salus-\(name)")
        let layout = ClusterLayout(name: name, LocalClock.now())
        let files = try await withThrowingTaskGroup(of: ArrivingFiles.Done.self) { group in
            var arrival = ClusterArrival(ArrivingFiles(archiver), layout)
            while let piece = try backup.next() { try await arrival.take(piece, &group) }
            try await arrival.finish(&group)
            return arrival
        }
        guard let end = backup.end else { throw SourceError.incomplete }
        try files.verify(from: backup.start.position, to: end.position, timeline: backup.start.timeline)
        report(end, to: archiver.report)
        var root = AssembledFolder()
        for file in files.arriving.files {
            root.add(file.node, at: file.path[...], file.stored, pattern: layout.folder)
            // What the server's list says of it, as was just seen: the hash of another reader than ours.
            if file.node.type == .file { archiver.sampler?.consider(file.node, at: file.path) { file.digest } }
        }
        let facts = Self.facts(backup.start, end, begun)
        root.add(try await layout.note(facts, archiver), at: layout.notePath[...], pattern: layout.folder)
        return try await root.save(archiver, previous: previous)
    }

    /// Whether a server may be called so.
    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = bytes.first, letters.contains(first), bytes.count <= 64 else { return false }
        return bytes.allSatisfy {
            letters.contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || ".-_".utf8.contains($0)
        }
    }

    /// Names what the server found damaged: the snapshot has it as it is.
    private func report(_ end: BaseBackup.End, to report: BackupReport) {
        guard end.hasWrongPages else { return }
        if end.damagedFiles.isEmpty { report.fail(Array(paths[0].utf8), WrongPages(isNamed: false)) }
        for file in end.damagedFiles {
            report.fail(Array("\(paths[0])/data/\(file)".utf8), WrongPages(isNamed: true))
        }
    }

    private static func facts(_ start: BaseBackup.Start, _ end: BaseBackup.End, _ begun: Instant) -> CanonicalValue {
        [
            "backupEnd": .string(SystemClock().now().rfc3339), "backupStart": .string(begun.rfc3339),
            "checksums": .boolean(start.hasChecksums), "endPosition": .string(end.position.text),
            "filesWithWrongPages": .array(end.damagedFiles.map { .string($0) }), "format": 1,
            "hasWrongPages": .boolean(end.hasWrongPages), "serverVersion": .string(start.serverVersion),
            "startPosition": .string(start.position.text), "systemIdentifier": .string(start.systemIdentifier),
            "tablespaces": .array(
                start.tablespaces.map {
                    ["location": .string($0.location), "number": .integer(Int64($0.number))]
                }),
            "timeline": .integer(Int64(start.timeline)),
        ]
    }
}

/// Pages whose checksum the server found wrong.
private struct WrongPages: Error, CustomStringConvertible {
    let isNamed: Bool

    var description: String {
        let rest = isNamed ? "" : "; its log names the file"
        return "the server found a page in it whose checksum is wrong, and the snapshot has it as it is\(rest)"
    }
}
