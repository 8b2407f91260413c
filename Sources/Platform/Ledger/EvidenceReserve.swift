// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel
import Synchronization

/// Space on the disk that is given up when it runs out, so that signing in and reading charts go on while import,
/// export and settings are refused. A file beside the ledger's folder, never inside it.
package final class EvidenceReserve: Sendable {
    /// How the reserve stands.
    package enum State: String, Sendable {
        /// The space is kept.
        case held
        /// The disk ran full and the space was given up.
        case released
        /// It was never made: the disk was full already, or the folder cannot be written.
        case absent
    }

    /// Where the file is.
    package let path: String
    /// Its length in bytes.
    package let size: Int64
    private let wasHeld = Mutex(false)

    /// The reserve at `path`, which ``restore()`` makes.
    package init(path: String, size: Int64 = 16 << 20) {
        self.path = path
        self.size = size
    }

    /// How the reserve stands now. The file decides, so that all processes agree.
    package var state: State {
        var status = stat()
        let isThere = unsafe lstat(path, &status) == 0 && status.st_size == off_t(size)
        return wasHeld.withLock { wasHeld in
            if isThere { wasHeld = true }
            return isThere ? .held : wasHeld ? .released : .absent
        }
    }

    /// Gives the space back to the disk.
    ///
    /// - Returns: whether there was something to give up.
    @discardableResult
    package func release() -> Bool {
        guard state == .held else { return false }
        return unsafe unlink(path) == 0
    }

    /// Makes the reserve, or makes it again once the disk has twice its size free.
    ///
    /// - Throws: `Fault.storageFull` while there is no room, `Fault.unavailable` when the file cannot be made.
    package func restore() throws {
        guard state != .held else { return }
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

    /// What is said while only the reserve is left.
    var full: Fault {
        Fault(.storageFull, "No space left on the disk of \(folder); free some, then everything goes on.")
    }

    private func failure(_ code: Int32) -> Fault {
        if code == ENOSPC || code == EDQUOT { return full }
        return Fault(
            .unavailable, "The reserve \(path) cannot be made: \(unsafe String(cString: strerror(code))).")
    }
}
