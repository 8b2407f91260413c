// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ResticFormat
import Store

/// A copy of a SQLite database in a folder of its own that nobody else may look into, removed with this object.
final class DatabaseCopy: Sendable {
    private let folder: String

    private static let name = "copy"

    /// Copies the database at `path`.
    ///
    /// - Throws: `Fault` when it cannot be read or is damaged; `SourceError.room`; `SystemError`.
    init(of path: String) throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        try Self.lookForRoom(path, in: parent)
        folder = try Self.makeFolder(in: parent)
        // From here on a failure removes the folder too: the object is complete.
        try OnlineCopy.make(of: path, at: "\(folder)/\(Self.name)")
    }

    deinit {
        Self.remove(folder)
    }

    /// Stores the copy, and makes a node of it that is like that of the database.
    ///
    /// - Parameter path: that of the database, which is in an open folder.
    func save(_ archiver: Archiver, as path: [[UInt8]], in database: Int32) async throws -> Saved {
        let name = path.last ?? []
        let own = try Descriptor(opening: Array(folder.utf8), O_RDONLY | O_DIRECTORY)
        let saved = try await archiver.files.save(Array(Self.name.utf8), in: own.number)
        archiver.progress.finishFile()
        var node = try archiver.nodes.node(name, SourceStatus(of: name, in: database), .file, in: database)
        node.content = saved.content
        node.size = UInt64(clamping: saved.size)
        if let log = try? SourceStatus(of: name + Array("-wal".utf8), in: database).modified.timestamp,
            node.modified.isBefore(log)
        {
            // What was written last may stand beside the database.
            (node.modified, node.accessed) = (log, log)
        }
        archiver.sampler?.consider(node, at: path) {
            guard let copy = try? Descriptor(opening: Array(Self.name.utf8), in: own.number, O_RDONLY | O_NOFOLLOW)
            else {
                return nil
            }
            return try? FileHash.of(copy)
        }
        return Saved(node: node, stored: saved.stored)
    }

    struct Saved: Sendable {
        let node: Node
        let stored: FileSaver.Counts
    }

    private static func makeFolder(in parent: String) throws(SystemError) -> String {
        var template = Array("\(parent)/salus-backup-XXXXXX".utf8CString)
        // SAFETY: the template ends in a zero byte and is written in place; what is not empty has an address.
        let isMade = unsafe template.withUnsafeMutableBufferPointer { name in
            unsafe mkdtemp(name.baseAddress.unsafelyUnwrapped) != nil
        }
        guard isMade else { throw SystemError("make a folder in", Array(parent.utf8)) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The copy has at most the length of the database and of what is to be added to it.
    private static func lookForRoom(_ path: String, in parent: String) throws {
        var wanted = try SourceStatus(of: Array(path.utf8), in: AT_FDCWD).size
        if let log = try? SourceStatus(of: Array("\(path)-wal".utf8), in: AT_FDCWD).size { wanted += log }
        var disk = statvfs()
        guard unsafe statvfs(parent, &disk) == 0 else { throw SystemError("look at", Array(parent.utf8)) }
        let (free, isMore) = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        guard isMore || free > UInt64(clamping: wanted) else { throw SourceError.room(folder: parent, bytes: wanted) }
    }

    private static func remove(_ folder: String) {
        for ending in ["", "-wal", "-shm", "-journal"] { unsafe unlink("\(folder)/\(name)\(ending)") }
        unsafe rmdir(folder)
    }
}
