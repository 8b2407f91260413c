// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel

/// Small files that must be whole or absent, also after a crash.
enum FileBytes {
    /// The content of the file at `path`, at most `limit` bytes; nil when there is none.
    static func read(_ path: String, limit: Int) throws -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).")
        }
        defer { close(file) }
        try refuseOpenToOthers(file, path)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).") }
        return Array(bytes.prefix(count))
    }

    /// A secret that others may read, or that a stranger owns and may change, is none.
    ///
    /// Group bits are allowed where root handed the file to us: so systemd's credentials look, because they are
    /// shared by an access list.
    private static func refuseOpenToOthers(_ file: Int32, _ path: String) throws {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).")
        }
        let user = geteuid()
        guard user == 0 || status.st_uid == user || status.st_uid == 0 else {
            throw Fault(.unavailable, "\(path) belongs to another user; it must belong to who runs Salus, or to root.")
        }
        let forbidden: mode_t = user != 0 && status.st_uid == 0 ? 0o037 : 0o077
        guard status.st_mode & forbidden == 0 else {
            throw Fault(.unavailable, "\(path) is open to other users of this machine. Close it: chmod 600 \(path)")
        }
    }

    /// Makes a file that must not exist yet, and brings it and its folder to the disk.
    ///
    /// It appears whole under its name: another process never reads half of it, and a crash leaves none.
    ///
    /// - Throws: `Fault.conflict` when it exists already.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
        let draft = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        let file = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw Fault(.unavailable, "\(path) cannot be created: \(lastError()).") }
        defer {
            close(file)
            unsafe unlink(draft)
        }
        let written = unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(file) == 0 else {
            throw Fault(.unavailable, "\(path) cannot be written: \(lastError()).")
        }
        guard unsafe link(draft, path) == 0 else {
            if errno == EEXIST { throw Fault(.conflict, "\(path) exists already; move it away first.") }
            throw Fault(.unavailable, "\(path) cannot be created: \(lastError()).")
        }
        syncFolder(of: path)
    }

    /// Removes the file at `path`.
    static func remove(_ path: String) {
        unsafe unlink(path)
        syncFolder(of: path)
    }

    /// Makes the folder at `path` and those above it, closed to others.
    static func makeFolder(_ path: String) throws {
        var current = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            current += "/\(part)"
            if unsafe mkdir(current, 0o700) == 0 {
                syncFolder(of: current)
            } else if errno != EEXIST {
                throw Fault(.unavailable, "\(current) cannot be created: \(lastError()).")
            }
        }
    }

    private static func syncFolder(of path: String) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let root = path.hasPrefix("/") ? "/" : "."
        let descriptor = unsafe open(folder.isEmpty ? root : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func lastError() -> String {
        unsafe String(cString: strerror(errno))
    }
}
