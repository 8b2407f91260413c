// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import ResticFormat
import Store

/// The log of a PostgreSQL server since its last base backup: restored over that one, it brings the server to the moment
/// of this.
///
/// The snapshot has the files of the log where the data folder has them, and `log.json`, which names the base backup. What
/// an earlier snapshot of the log has is not asked for again. The server keeps its log for a while only
/// (`wal_keep_size`): what it threw away before it was asked for is lost, and then a base backup has to be made.
struct PostgresLogSource: SnapshotSource {
    let connection: String
    let name: String

    /// - Parameters: as those of ``PostgresSource``.
    init(connection: String, name: String) {
        (self.connection, self.name) = (connection, name)
    }

    var paths: [String] { ["/postgres/\(name)/data/pg_wal"] }

    /// - Throws: `Fault` when the server refuses or stops; `SourceError.noBase` when no base backup fits its log.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        guard PostgresSource.isName(name) else { throw SourceError.name }
        let begun = SystemClock().now()
        let stream = try LogStream(connection)
        let layout = ClusterLayout(name: name, LocalClock.now())
        let base = try await LogBase.find(name, stream, layout, archiver.blobs)
        let known = try await KnownLog.read(previous, base, layout, archiver.blobs)
        let files = try await withThrowingTaskGroup(of: ArrivingFiles.Done.self) { group in
            var arrival = LogArrival(ArrivingFiles(archiver), base, layout.log, segmentSize: stream.segmentSize)
            let start = arrival.adopt(known)
            try stream.begin(at: start)
            while let bytes = try stream.next() { try await arrival.take(bytes, &group) }
            try await arrival.finish(&group)
            return arrival.arriving.files
        }
        var root = AssembledFolder()
        for (path, node) in base.folders { root.add(node, at: path[...], pattern: layout.folder) }
        for file in files { root.add(file.node, at: file.path[...], file.stored, pattern: layout.folder) }
        let facts: CanonicalValue = [
            "base": .string(base.snapshot.hex), "basePosition": .string(base.position.text),
            "endPosition": .string(stream.end.text), "format": 1, "systemIdentifier": .string(stream.systemIdentifier),
            "time": .string(begun.rfc3339), "timeline": .integer(Int64(stream.timeline)),
        ]
        root.add(try await layout.note(facts, archiver), at: layout.logNotePath[...], pattern: layout.folder)
        return try await root.save(archiver, previous: previous)
    }
}

/// The base backup to which a log belongs.
struct LogBase: Sendable {
    let snapshot: ObjectID
    /// Where its own part of the log ends.
    let position: LogPosition
    let timeline: UInt32
    /// The folders on the way to its log, as it has them: restoring the log must not change them.
    let folders: [(path: [[UInt8]], node: Node)]
    /// One of its files, whose owner and permissions those of the log have.
    let pattern: Node

    /// The one that the snapshot of a log says it belongs to; nil where it says nothing.
    static func named(_ name: String, by snapshot: Snapshot, _ blobs: BlobReader) async throws -> ObjectID? {
        let note = try await blobs.json(ClusterLayout(name: name, snapshot.time).logNotePath, from: snapshot.tree)
        return note?.root["base"]?.string.flatMap { ObjectID($0) }
    }

    /// The newest that fits the log of a server.
    ///
    /// - Throws: `SourceError.noBase`; `BlobError`.
    static func find(
        _ name: String, _ stream: LogStream, _ layout: ClusterLayout, _ blobs: BlobReader
    ) async throws -> LogBase {
        let path = Array("/postgres/\(name)".utf8)
        for entry in try await SnapshotList.load(blobs.repository).snapshots.reversed()
        where entry.snapshot.paths.map({ Array($0.utf8) }) == [path] {
            guard let note = try await blobs.json(layout.notePath, from: entry.snapshot.tree),
                note.root["systemIdentifier"]?.means(stream.systemIdentifier) == true,
                note.root["timeline"]?.integer == Int64(stream.timeline),
                let position = note.root["endPosition"]?.string.flatMap(LogPosition.init), position <= stream.end
            else { continue }
            var folders: [(path: [[UInt8]], node: Node)] = []
            for count in 1...layout.log.count {
                let path = Array(layout.log.prefix(count))
                guard let node = try await blobs.find(path, from: entry.snapshot.tree)?.node else { break }
                folders.append((path, node))
            }
            let version = layout.data + [Array("PG_VERSION".utf8)]
            guard folders.count == layout.log.count,
                let pattern = try await blobs.find(version, from: entry.snapshot.tree)?.node
            else { continue }
            return LogBase(
                snapshot: entry.id, position: position, timeline: stream.timeline, folders: folders, pattern: pattern)
        }
        throw SourceError.noBase(name: name)
    }
}

/// What an earlier snapshot has of a log.
struct KnownLog: Sendable {
    /// Its files by name; the last may not be full.
    let nodes: [[UInt8]: Node]
    let end: LogPosition

    /// What the parent snapshot has; nothing where it belongs to another server or another branch of its history.
    static func read(
        _ root: TreeText, _ base: LogBase, _ layout: ClusterLayout, _ blobs: BlobReader
    ) async throws -> KnownLog? {
        var nodes = root.count == 0 ? [] : try root.nodes()
        for name in layout.log.prefix(2) {
            guard let tree = nodes.first(where: { $0.name == name })?.subtree else { return nil }
            nodes = try await blobs.nodes(of: tree)
        }
        let top = nodes
        for name in layout.log.dropFirst(2) {
            guard let tree = nodes.first(where: { $0.name == name })?.subtree else { return nil }
            nodes = try await blobs.nodes(of: tree)
        }
        guard let file = top.first(where: { $0.name == layout.logNotePath.last }),
            let note = try await blobs.json(file),
            let identifier = note.root["base"]?.string, ObjectID(identifier) == base.snapshot,
            let end = note.root["endPosition"]?.string.flatMap(LogPosition.init)
        else { return nil }
        return KnownLog(
            nodes: Dictionary(nodes.filter { $0.type == .file }.map { ($0.name, $0) }) { first, _ in first }, end: end)
    }
}

extension BlobReader {
    /// A small file of JSON in a snapshot; nil where there is none.
    func json(_ path: [[UInt8]], from root: ObjectID) async throws -> JSONDocument? {
        guard let node = try await find(path, from: root)?.node else { return nil }
        return try await json(node)
    }

    /// A small file of JSON; nil for anything else.
    func json(_ node: Node) async throws -> JSONDocument? {
        guard node.type == .file, node.size <= 1 << 20, let content = node.content else { return nil }
        var text: [UInt8] = []
        for id in content where text.count <= 1 << 20 { text += try await self.content(BlobHandle(.data, id)) }
        return try? JSONDocument.parse(text)
    }
}
