// SPDX-License-Identifier: Apache-2.0

import Codecs

/// One backup: when, of what, by whom, and the tree that it made (restic design, "Snapshots").
public struct Snapshot: Equatable, Sendable {
    /// When it was made.
    public var time: Timestamp
    /// The snapshot against which unchanged files were told.
    public var parent: ObjectID?
    /// The folder at the root.
    public var tree: ObjectID
    /// What was backed up, as absolute paths.
    public var paths: [String]
    /// The machine that was backed up.
    public var hostname: String
    /// Who ran the backup.
    public var username: String
    /// The number of that user.
    public var uid: UInt32
    /// The number of that user's group.
    public var gid: UInt32
    /// Patterns of what was left out.
    public var excludes: [String]
    /// Words by which it is found again.
    public var tags: [String]
    /// The snapshot that this one was made of, when it was copied or rewritten.
    public var original: ObjectID?
    /// Which program made it.
    public var programVersion: String
    /// What the backup did; nil for snapshots of restic before 0.17.
    public var summary: SnapshotSummary?

    /// A snapshot of `tree`.
    public init(time: Timestamp, tree: ObjectID, paths: [String]) {
        (self.time, self.tree, self.paths) = (time, tree, paths)
        (hostname, username, uid, gid) = ("", "", 0, 0)
        (excludes, tags, programVersion) = ([], [], "")
    }

    /// The content of its file.
    public func json() -> [UInt8] {
        var object = GoJSONObject()
        object.add("time", time)
        object.addUnlessNil("parent", parent)
        object.add("tree", tree)
        object.add("paths", paths) { GoJSON.append(Array($0.utf8), to: &$1) }
        object.addUnlessEmpty("hostname", hostname)
        object.addUnlessEmpty("username", username)
        object.addUnlessZero("uid", uid)
        object.addUnlessZero("gid", gid)
        object.addUnlessEmpty("excludes", excludes)
        object.addUnlessEmpty("tags", tags)
        object.addUnlessNil("original", original)
        object.addUnlessEmpty("program_version", programVersion)
        guard let summary else { return object.finish() }
        object.name("summary")
        return summary.append(to: object)
    }

    /// - Throws: `malformed`.
    public static func parse(_ json: [UInt8]) throws(FormatError) -> Snapshot {
        let reader = try FileReader(json, part: .snapshot)
        guard let time = try reader.time("time") else { throw reader.wrong("time") }
        guard let tree = try reader.id("tree") else { throw reader.wrong("tree") }
        var snapshot = Snapshot(time: time, tree: tree, paths: try reader.texts("paths"))
        snapshot.parent = try reader.id("parent")
        snapshot.hostname = try reader.text("hostname") ?? ""
        snapshot.username = try reader.text("username") ?? ""
        snapshot.uid = try reader.number("uid", as: UInt32.self) ?? 0
        snapshot.gid = try reader.number("gid", as: UInt32.self) ?? 0
        snapshot.excludes = try reader.texts("excludes")
        snapshot.tags = try reader.texts("tags")
        snapshot.original = try reader.id("original")
        snapshot.programVersion = try reader.text("program_version") ?? ""
        snapshot.summary = try reader.object("summary").map { (reader) throws(FormatError) in
            try SnapshotSummary(reader)
        }
        return snapshot
    }
}

/// What a backup did.
public struct SnapshotSummary: Equatable, Sendable {
    /// When it began.
    public var backupStart = Timestamp(seconds: 0)
    /// When it ended.
    public var backupEnd = Timestamp(seconds: 0)
    /// Files that the parent does not have.
    public var filesNew: UInt64 = 0
    /// Files that the parent has otherwise.
    public var filesChanged: UInt64 = 0
    /// Files that are as the parent has them.
    public var filesUnmodified: UInt64 = 0
    /// Folders that the parent does not have.
    public var dirsNew: UInt64 = 0
    /// Folders that the parent has otherwise.
    public var dirsChanged: UInt64 = 0
    /// Folders that are as the parent has them.
    public var dirsUnmodified: UInt64 = 0
    /// New parts of files.
    public var dataBlobs: Int64 = 0
    /// New folders.
    public var treeBlobs: Int64 = 0
    /// Bytes of new blobs before they were compressed.
    public var dataAdded: UInt64 = 0
    /// Bytes of new blobs as they are stored.
    public var dataAddedPacked: UInt64 = 0
    /// Files in all.
    public var totalFilesProcessed: UInt64 = 0
    /// Bytes of all files.
    public var totalBytesProcessed: UInt64 = 0

    /// One of a backup that did nothing.
    public init() {}

    init(_ reader: FileReader) throws(FormatError) {
        backupStart = try reader.time("backup_start") ?? backupStart
        backupEnd = try reader.time("backup_end") ?? backupEnd
        filesNew = try reader.number("files_new", as: UInt64.self) ?? 0
        filesChanged = try reader.number("files_changed", as: UInt64.self) ?? 0
        filesUnmodified = try reader.number("files_unmodified", as: UInt64.self) ?? 0
        dirsNew = try reader.number("dirs_new", as: UInt64.self) ?? 0
        dirsChanged = try reader.number("dirs_changed", as: UInt64.self) ?? 0
        dirsUnmodified = try reader.number("dirs_unmodified", as: UInt64.self) ?? 0
        dataBlobs = try reader.number("data_blobs", as: Int64.self) ?? 0
        treeBlobs = try reader.number("tree_blobs", as: Int64.self) ?? 0
        dataAdded = try reader.number("data_added", as: UInt64.self) ?? 0
        dataAddedPacked = try reader.number("data_added_packed", as: UInt64.self) ?? 0
        totalFilesProcessed = try reader.number("total_files_processed", as: UInt64.self) ?? 0
        totalBytesProcessed = try reader.number("total_bytes_processed", as: UInt64.self) ?? 0
    }

    /// Writes itself as the value of the member that was begun last, and ends the object.
    func append(to outer: consuming GoJSONObject) -> [UInt8] {
        var object = GoJSONObject(after: outer.bytes)
        object.add("backup_start", backupStart)
        object.add("backup_end", backupEnd)
        object.add("files_new", filesNew)
        object.add("files_changed", filesChanged)
        object.add("files_unmodified", filesUnmodified)
        object.add("dirs_new", dirsNew)
        object.add("dirs_changed", dirsChanged)
        object.add("dirs_unmodified", dirsUnmodified)
        object.add("data_blobs", dataBlobs)
        object.add("tree_blobs", treeBlobs)
        object.add("data_added", dataAdded)
        object.add("data_added_packed", dataAddedPacked)
        object.add("total_files_processed", totalFilesProcessed)
        object.add("total_bytes_processed", totalBytesProcessed)
        return object.finish() + [UInt8(ascii: "}")]
    }
}
