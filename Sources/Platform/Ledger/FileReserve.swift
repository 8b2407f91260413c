// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel
import Synchronization

/// The reserve beside the embedded store: a file, next to the ledger's folder and never inside it.
package final class FileReserve: EvidenceReserve {
    /// Where the file is.
    package let path: String
    package let size: Int64
    private let wasHeld = Mutex(false)

    /// The reserve at `path`, which ``restore()`` makes.
    package init(path: String, size: Int64 = 16 << 20) {
        self.path = path
        self.size = size
    }

    package var place: String { "the disk of \(folder)" }

    /// The file decides, so that all processes agree.
    package func state() -> ReserveState {
        var status = stat()
        let isThere = unsafe lstat(path, &status) == 0 && status.st_size == off_t(size)
        return wasHeld.withLock { wasHeld in
            if isThere { wasHeld = true }
            return isThere ? .held : wasHeld ? .released : .absent
        }
    }

    @discardableResult
    package func release() -> Bool {
        guard state() == .held else { return false }
        return unsafe unlink(path) == 0
    }

    /// Room is twice its size.
    package func restore() throws {
        guard state() != .held else { return }
        guard try free() / 2 >= size else { throw full }
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(errno) }
        defer { close(file) }
        // INVARIANT: doing this twice is the same as once, so two processes do not harm each other.
        let code = posix_fallocate(file, 0, off_t(size))
        guard code == 0, ftruncate(file, off_t(size)) == 0, fsync(file) == 0 else {
            let failure = failure(code == 0 ? errno : code)
            unsafe unlink(path)
            throw failure
        }
        wasHeld.withLock { $0 = true }
    }

    /// The folder whose disk it is.
    var folder: String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
    }

    private func free() throws -> Int64 {
        var disk = statvfs()
        guard unsafe statvfs(folder, &disk) == 0 else { throw failure(errno) }
        let (bytes, overflow) = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    private func failure(_ code: Int32) -> Fault {
        if code == ENOSPC || code == EDQUOT { return full }
        return Fault(
            .unavailable, "The reserve \(path) cannot be made: \(unsafe String(cString: strerror(code))).")
    }
}
