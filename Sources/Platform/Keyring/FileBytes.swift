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
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).") }
        return Array(bytes.prefix(count))
    }

    /// Makes a file that must not exist yet, and brings it and its folder to the disk.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw Fault(.unavailable, "\(path) cannot be created: \(lastError()).") }
        defer { close(file) }
        let written = unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(file) == 0 else {
            let reason = lastError()
            unsafe unlink(path)
            throw Fault(.unavailable, "\(path) cannot be written: \(reason).")
        }
        syncFolder(of: path)
    }

    /// Makes the folder at `path` and those above it, closed to others.
    static func makeFolder(_ path: String) throws {
        var current = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            current += "/\(part)"
            if unsafe mkdir(current, 0o700) != 0, errno != EEXIST {
                throw Fault(.unavailable, "\(current) cannot be created: \(lastError()).")
            }
        }
    }

    private static func syncFolder(of path: String) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let descriptor = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func lastError() -> String {
        unsafe String(cString: strerror(errno))
    }
}
