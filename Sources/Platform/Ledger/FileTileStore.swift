// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel
package import TransparencyLog

/// Tiles as files in a folder that any static web server could publish (C2SP tlog-tiles).
package struct FileTileStore: TileStore {
    private let folder: String

    /// The log in `folder`, which is made with the first tile.
    package init(folder: String) {
        self.folder = folder
    }

    package func reading<T: Sendable>(
        _ body: @escaping @Sendable (@escaping TileReader) throws -> T
    ) async throws -> T {
        try body { path in try path.bytes { try read($0.description) } }
    }

    package func bytes(_ name: String) async throws -> [UInt8]? {
        try read(name)
    }

    package func write(_ files: [TileFile]) async throws {
        var folders: Set<String> = []
        for file in files {
            let path = "\(folder)/\(file.path)"
            try makeFolders(of: path, &folders)
            // Whoever reads meanwhile sees the whole file or none.
            try put("\(path).new", file.bytes)
            guard unsafe rename("\(path).new", path) == 0 else { throw failure(path) }
            guard try read(file.path.description) == file.bytes else {
                throw Fault(.damaged, "\(file.path) of the log reads back other bytes than were written.")
            }
        }
        for folder in folders { try sync(folder) }
    }

    package func replace(_ name: String, _ bytes: [UInt8], expecting old: [UInt8]?) async throws {
        // INVARIANT: only the holder of the store's lock replaces, so nobody comes between look and rename.
        guard try read(name) == old else { throw replacedMeanwhile(name) }
        var folders: Set<String> = []
        try makeFolders(of: "\(folder)/\(name)", &folders)
        try put("\(folder)/\(name).new", bytes)
        guard unsafe rename("\(folder)/\(name).new", "\(folder)/\(name)") == 0 else {
            throw failure("\(folder)/\(name)")
        }
        try sync(folder)
    }

    package func remove(_ paths: [TilePath]) async throws {
        for path in paths {
            unsafe unlink("\(folder)/\(path)")
            // The folder of partial tiles goes with its last file; it stays where others are in it.
            let parts = path.description.split(separator: "/").dropLast()
            if path.isPartial { unsafe rmdir("\(folder)/\(parts.joined(separator: "/"))") }
        }
    }

    package func names() async throws -> [String] {
        var found: [String] = []
        try list("", into: &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func list(_ relative: String, into found: inout [String]) throws {
        guard let directory = unsafe opendir(relative.isEmpty ? folder : "\(folder)/\(relative)") else {
            if errno == ENOENT { return }
            throw failure("\(folder)/\(relative)")
        }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = relative.isEmpty ? name : "\(relative)/\(name)"
            var status = stat()
            let isThere = unsafe lstat("\(folder)/\(path)", &status) == 0
            if isThere, status.st_mode & S_IFMT == S_IFDIR {
                try list(path, into: &found)
            } else if isThere || errno != ENOENT || !path.allSatisfy(\.isASCII) {
                // What cannot be looked at is listed too: a name that is not UTF-8 comes back changed. Only what the
                // sequencer removed meanwhile is not.
                found.append(path)
            }
        }
    }

    private func read(_ name: String) throws -> [UInt8]? {
        // Without O_NONBLOCK a pipe that a stranger put there would hold us for ever.
        let file = unsafe open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            if errno == ELOOP || errno == EIO || errno == ENXIO { throw unreadable(name) }
            throw failure("\(folder)/\(name)")
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw unreadable(name) }
        // A full bundle holds 256 entries of at most 64 KiB; anything longer is no file of ours.
        guard (0...17 << 20).contains(status.st_size) else {
            throw Fault(.damaged, "\(name) of the log has a size that no file of a log has.")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw unreadable(name) }
        return bytes
    }

    private func unreadable(_ name: String) -> Fault {
        Fault(.damaged, "\(name) of the log is not a file that can be read.")
    }

    private func put(_ path: String, _ bytes: [UInt8]) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress.map { unsafe $0 + done }, $0.count - done)
            }
            guard count > 0 else { throw failure(path) }
            done += count
        }
        guard fsync(file) == 0 else { throw failure(path) }
    }

    private func makeFolders(of path: String, _ folders: inout Set<String>) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let parent = parts.joined(separator: "/")
        guard !folders.contains(parent) else { return }
        var current = ""
        for part in parts {
            current += part.isEmpty ? "" : (current.isEmpty && !path.hasPrefix("/") ? "\(part)" : "/\(part)")
            guard !current.isEmpty else { continue }
            if unsafe mkdir(current, 0o700) == 0 {
                let above = current.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                try sync(above.isEmpty ? "." : above.joined(separator: "/"))
            } else if errno != EEXIST {
                throw failure(current)
            }
            // Those of the log are synced again: whoever made one may have died before that.
            if current.utf8.count >= folder.utf8.count { folders.insert(current) }
        }
        folders.insert(parent)
    }

    private func sync(_ folder: String) throws {
        let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do then.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(folder) }
    }

    private func failure(_ path: String) -> Fault {
        let reason = unsafe String(cString: strerror(errno))
        let code: Fault.Code = errno == ENOSPC || errno == EDQUOT ? .storageFull : .unavailable
        return Fault(code, "\(path) of the log: \(reason).")
    }
}
