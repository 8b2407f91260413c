// SPDX-License-Identifier: Apache-2.0

import CFiles
import Glibc
import Kernel

/// What tells that a file is another one than before, or was written to.
struct FileMark: Hashable, Sendable {
    private let numbers: [Int64]

    /// The mark of the file at `path`, through links; nil when there is none.
    init?(_ path: String) {
        guard let target = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(target) }
        var status = cfiles_status()
        guard unsafe cfiles_status(AT_FDCWD, target, &status) == 0 else { return nil }
        numbers = [
            Int64(truncatingIfNeeded: status.device), Int64(truncatingIfNeeded: status.inode), status.size,
            status.modified.seconds, Int64(status.modified.nanoseconds), status.changed.seconds,
            Int64(status.changed.nanoseconds),
        ]
    }
}

/// The bytes of the small files that hold certificates and keys.
enum CertificateBytes {
    /// No chain of certificates comes near it.
    static let limit = 1 << 20

    /// The content of the file at `path`.
    ///
    /// - Parameter isSecret: whether everybody on the machine must be kept from reading it.
    /// - Throws: `Fault.unavailable` with what to do.
    static func read(_ path: String, isSecret: Bool) throws -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).") }
        defer { close(file) }
        var status = cfiles_status()
        guard unsafe cfiles_status(file, "", &status) == 0, status.mode & S_IFMT == S_IFREG else {
            throw Fault(.unavailable, "\(path) is no file.")
        }
        guard !isSecret || status.mode & 0o007 == 0 else {
            throw Fault(
                .unavailable,
                "\(path) holds a key and is open to everybody on this machine. Close it: chmod 640 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard more >= 0 else { throw Fault(.unavailable, "\(path) cannot be read: \(lastError()).") }
            if more == 0 { break }
            count += more
        }
        guard count <= limit else { throw Fault(.invalidInput, "\(path) is too long to be a certificate or a key.") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func lastError() -> String {
        unsafe String(cString: strerror(errno))
    }
}
