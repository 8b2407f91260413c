// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Store

/// The files of a PostgreSQL server while they arrive.
struct ClusterArrival {
    private(set) var arriving: ArrivingFiles
    private let layout: ClusterLayout
    private var archive: Archive?
    private var manifest: [UInt8]?
    /// Whose files they are on the server.
    private var owner: TarMember?

    private struct Archive {
        let tablespace: UInt32?
        var reader = TarReader()
        var hasBegun = false
    }

    /// More would need too much memory.
    private static let longestManifest = 512 << 20

    init(_ arriving: ArrivingFiles, _ layout: ClusterLayout) {
        (self.arriving, self.layout) = (arriving, layout)
    }

    mutating func take(_ piece: BaseBackup.Piece, _ group: inout ArrivingFiles.Group) async throws {
        switch piece {
        case .archive(let tablespace):
            try endArchive()
            archive = Archive(tablespace: tablespace)
        case .manifest:
            try endArchive()
            guard manifest == nil else { throw SourceError.manifest }
            manifest = []
            arriving.begin(manifestNode, at: layout.data + [Array("backup_manifest".utf8)], size: nil, .ordinary)
        case .bytes(let bytes):
            if manifest != nil { try await add(toManifest: bytes, &group) } else { try await unpack(bytes, &group) }
        }
    }

    private mutating func add(toManifest bytes: [UInt8], _ group: inout ArrivingFiles.Group) async throws {
        guard manifest?.count ?? 0 <= Self.longestManifest - bytes.count else { throw SourceError.manifest }
        manifest? += bytes
        try await arriving.add(bytes[...], &group)
    }

    private mutating func unpack(_ bytes: [UInt8], _ group: inout ArrivingFiles.Group) async throws {
        guard archive != nil else { throw SourceError.incomplete }
        archive?.reader.feed(bytes)
        while let event = try archive?.reader.next() {
            switch event {
            case .member(let member): begin(member)
            case .content(let bytes): try await arriving.add(bytes, &group)
            case .endOfContent: try await arriving.end(&group)
            }
        }
    }

    private mutating func begin(_ member: TarMember) {
        if owner == nil { owner = member }
        // Neither the data folder itself nor that of a tablespace is in an archive; what is in them has their permissions.
        if let tablespace = archive?.tablespace, archive?.hasBegun == false, member.type == .directory {
            arriving.add(node(member), at: layout.tablespace(tablespace))
            archive?.hasBegun = true
        } else if archive?.tablespace == nil, member.type == .directory, member.path == [Array("global".utf8)] {
            arriving.add(node(member), at: layout.data)
        }
        guard !member.path.isEmpty else { return }
        let path = layout.path(member.path, tablespace: archive?.tablespace)
        var node = node(member)
        switch member.type {
        case .file: arriving.begin(node, at: path, size: member.size, profile(member))
        case .symbolicLink where member.path.count == 2 && member.path[0] == Array("pg_tblspc".utf8):
            node.linkTarget = ClusterLayout.target(ofTablespace: member.path[1])
            arriving.add(node, at: path)
        default: arriving.add(node, at: path)
        }
    }

    /// Tables and indexes have pages that change in place, however their first ones look.
    private func profile(_ member: TarMember) -> FileProfile? {
        let isOfTables = archive?.tablespace != nil || ["base", "global"].contains { member.path[0] == Array($0.utf8) }
        return isOfTables && member.size >= FileProfile.leastOfPages ? .pages : nil
    }

    private func node(_ member: TarMember) -> Node {
        var node = Node(name: member.path.last ?? [], type: member.type)
        let type: UInt32 = [.directory: 0o040000, .symbolicLink: 0o120000][member.type] ?? 0o100000
        node.mode = FileMode(unix: type | (member.type == .symbolicLink ? 0o777 : member.permissions))
        let time = Timestamp(
            seconds: member.modified, offset: LocalClock.offset(at: Int(clamping: member.modified)))
        (node.modified, node.accessed, node.changed) = (time, time, time)
        (node.uid, node.gid) = (member.uid, member.gid)
        node.user = String(decoding: member.user, as: UTF8.self)
        node.group = String(decoding: member.group, as: UTF8.self)
        node.linkTarget = member.target
        if member.type != .directory { node.links = 1 }
        return node
    }

    private var manifestNode: Node {
        var node = owner.map(node) ?? layout.folder
        (node.type, node.mode, node.content, node.links) = (.file, FileMode(unix: 0o100600), [], 1)
        return node
    }

    private func endArchive() throws {
        guard archive?.reader.isComplete ?? true else { throw SourceError.incomplete }
    }

    /// Waits until everything is stored.
    mutating func finish(_ group: inout ArrivingFiles.Group) async throws {
        guard manifest != nil else { throw SourceError.incomplete }
        try await arriving.end(&group)
        try await arriving.finish(&group)
    }

    /// Holds what arrived against the server's list, and looks whether the log is there.
    ///
    /// - Throws: `SourceError`.
    func verify(from start: LogPosition, to end: LogPosition, timeline: UInt32) throws(SourceError) {
        let manifest = try BackupManifest(manifest ?? [])
        var missing = manifest.files
        for file in arriving.files where file.node.type == .file {
            guard let path = layout.manifestPath(file.path), let expected = missing.removeValue(forKey: path) else {
                continue
            }
            guard expected == BackupManifest.File(size: file.node.size, digest: file.digest) else {
                throw .altered(file: String(decoding: path, as: UTF8.self))
            }
        }
        if let path = missing.keys.first { throw .altered(file: String(decoding: path, as: UTF8.self)) }
        try verifyLog(from: start, to: end, timeline)
    }

    private func verifyLog(from start: LogPosition, to end: LogPosition, _ timeline: UInt32) throws(SourceError) {
        let folder = layout.log
        var segments: [[UInt8]: UInt64] = [:]
        for file in arriving.files where file.path.count == folder.count + 1 && file.path.starts(with: folder) {
            segments[file.path[folder.count]] = file.node.size
        }
        // All segments of a server have one length, a power of two from 1 MiB to 1 GiB.
        guard let size = segments.values.max(), size >= 1 << 20, size <= 1 << 30, size & (size - 1) == 0 else {
            throw .log(segment: start.text)
        }
        for number in start.bytes / size...max(start.bytes, end.bytes &- 1) / size {
            let name = LogSegment.name(number, timeline: timeline, size: size)
            guard segments[Array(name.utf8)] == size else { throw .log(segment: name) }
        }
    }
}

/// Files of a server's log.
enum LogSegment {
    /// What the server calls the `number`th segment of `size` bytes.
    static func name(_ number: UInt64, timeline: UInt32, size: UInt64) -> String {
        let each = (1 << 32) / size
        return [UInt64(timeline), number / each, number % each].map { part in
            let digits = String(part, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
        }.joined()
    }
}
