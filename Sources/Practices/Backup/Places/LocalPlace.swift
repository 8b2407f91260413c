// SPDX-License-Identifier: Apache-2.0

import CFiles
import Codecs
import Glibc
import ResticFormat

/// A repository in a folder of this machine, laid out as restic's local backend lays it out.
///
/// A file is written under another name, synced, renamed, and then its folder is synced: after a power cut it is there
/// whole or not at all.
final class LocalPlace: Place {
    private let layout: LocalLayout
    let name: String

    /// The folder at `path`, whether it is there or not.
    init(_ path: String) {
        layout = LocalLayout(root: Array(path.utf8))
        name = path
    }

    /// Nothing on a disk of this machine: a listing shows what was there when it began, so of two that write their locks
    /// and then look, one at least sees both. Folders that come over a network are remembered for a while.
    var settling: Duration {
        unsafe cfiles_is_of_this_machine(terminated(layout.root)) == 1 ? .zero : .milliseconds(200)
    }

    func prepare() throws {
        try PlaceError.wrapping {
            try LocalLayout.makeFolder(layout.root)
            for kind in FileKind.allCases where kind != .config { try LocalLayout.makeFolder(layout.folder(kind)) }
            // restic makes all 256 at once, and others expect them.
            for byte in UInt8.min...UInt8.max {
                try LocalLayout.makeFolder(layout.folder(.data) / Array(Hex.encode([byte]).utf8))
            }
            try LocalLayout.sync(layout.folder(.data))
            try LocalLayout.sync(layout.root)
        }
    }

    func list(_ kind: FileKind) throws -> [(id: ObjectID, length: Int)] {
        try PlaceError.wrapping {
            guard kind == .data else { return try LocalLayout.files(in: layout.folder(kind)) }
            var found: [(id: ObjectID, length: Int)] = []
            for name in try FolderNames.read(layout.folder(.data)) where name.count == 2 {
                found += try LocalLayout.files(in: layout.folder(.data) / name)
            }
            return found
        }
    }

    func length(of file: RepositoryFile) throws -> Int? {
        try PlaceError.wrapping { try LocalLayout.length(of: layout.path(of: file)) }
    }

    func read(_ file: RepositoryFile, _ range: Range<Int>?) throws -> [UInt8]? {
        try PlaceError.wrapping {
            let path = layout.path(of: file)
            guard let length = try LocalLayout.length(of: path) else { return nil }
            let range = range ?? 0..<length
            guard range.upperBound <= length else { throw PlaceError.shortRead("\(file)") }
            var bytes = Array(repeating: UInt8(0), count: range.count)
            let descriptor = try Descriptor(opening: path, O_RDONLY)
            guard try descriptor.read(into: &bytes, at: Int64(range.lowerBound)) == range.count else {
                throw PlaceError.shortRead("\(file)")
            }
            return bytes
        }
    }

    func write(_ file: RepositoryFile, _ bytes: [UInt8]) throws {
        guard try length(of: file) == nil else { return }
        try PlaceError.wrapping {
            let growing = try LocalGrowingFile(in: layout, file.kind)
            do {
                try growing.append(bytes)
                try growing.finish(as: file)
            } catch {
                growing.discard()
                throw error
            }
        }
    }

    func begin(_ kind: FileKind) throws -> any GrowingFile {
        try PlaceError.wrapping { try LocalGrowingFile(in: layout, kind) }
    }

    func remove(_ file: RepositoryFile) throws {
        try PlaceError.wrapping {
            let path = layout.path(of: file)
            guard unsafe unlink(terminated(path)) == 0 || errno == ENOENT else { throw SystemError("delete", path) }
        }
    }

    func remove(_ files: [RepositoryFile]) throws {
        for file in files { try remove(file) }
        try PlaceError.wrapping {
            for folder in Set(files.map { layout.folder(of: $0) }) { try LocalLayout.sync(folder) }
        }
    }
}

/// Which file of a repository has which path.
struct LocalLayout: Sendable {
    let root: [UInt8]

    func folder(_ kind: FileKind) -> [UInt8] {
        kind == .config ? root : root / Array(kind.rawValue.utf8)
    }

    func folder(of file: RepositoryFile) -> [UInt8] {
        guard file.kind == .data, let id = file.id else { return folder(file.kind) }
        return folder(.data) / Array(id.hex.utf8.prefix(2))
    }

    func path(of file: RepositoryFile) -> [UInt8] {
        folder(of: file) / Array((file.id?.hex ?? "config").utf8)
    }

    static func files(in folder: [UInt8]) throws -> [(id: ObjectID, length: Int)] {
        var found: [(id: ObjectID, length: Int)] = []
        for name in try FolderNames.read(folder) {
            // What is being written, or belongs to somebody else.
            guard let id = ObjectID(hex: name), let length = try length(of: folder / name) else { continue }
            found.append((id, length))
        }
        return found
    }

    static func length(of path: [UInt8]) throws(SystemError) -> Int? {
        do {
            return Int(clamping: try SourceStatus(of: path, in: AT_FDCWD).size)
        } catch  where error.isMissing {
            return nil
        }
    }

    static func makeFolder(_ path: [UInt8]) throws(SystemError) {
        guard unsafe mkdir(terminated(path), 0o700) == 0 || errno == EEXIST else {
            throw SystemError("make the folder", path)
        }
    }

    static func sync(_ folder: [UInt8]) throws(SystemError) {
        try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY).sync()
    }
}

extension [UInt8] {
    /// The path of a name in a folder.
    static func / (folder: [UInt8], name: [UInt8]) -> [UInt8] {
        folder + [UInt8(ascii: "/")] + name
    }
}

/// A file of a local repository that is being written.
private final class LocalGrowingFile: GrowingFile {
    private let layout: LocalLayout
    private let kind: FileKind
    private let path: [UInt8]
    private let descriptor: Descriptor
    private var isDone = false

    init(in layout: LocalLayout, _ kind: FileKind) throws(SystemError) {
        (self.layout, self.kind) = (layout, kind)
        path = layout.folder(kind) / Array("salus-\(getpid())-\(UInt64.random(in: .min ... .max))-tmp".utf8)
        descriptor = try Descriptor(opening: path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }

    deinit {
        discard()
    }

    func append(_ bytes: [UInt8]) throws {
        try PlaceError.wrapping { try descriptor.write(bytes) }
    }

    func written() throws -> [UInt8] {
        try PlaceError.wrapping {
            let length = Int(clamping: try descriptor.status().size)
            var bytes = Array(repeating: UInt8(0), count: length)
            guard try descriptor.read(into: &bytes, at: 0) == length else { throw PlaceError.shortRead(kind.rawValue) }
            return bytes
        }
    }

    func finish(as id: ObjectID) throws {
        try PlaceError.wrapping { try finish(as: RepositoryFile(kind, id)) }
    }

    func finish(as file: RepositoryFile) throws(SystemError) {
        try descriptor.sync()
        // As restic leaves them: nothing is written to them ever again.
        descriptor.makeReadOnly()
        let target = layout.path(of: file)
        guard unsafe rename(terminated(path), terminated(target)) == 0 else { throw SystemError("rename", path) }
        isDone = true
        try LocalLayout.sync(layout.folder(of: file))
    }

    func discard() {
        guard !isDone else { return }
        isDone = true
        _ = unsafe unlink(terminated(path))
    }
}
