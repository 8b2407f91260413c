// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel

/// The folder and the file of a SQLite store: private to their owner, on a local disk.
struct DataFolder: Sendable {
    /// The database file.
    let file: String
    /// The folder in which it and its companions lie.
    let path: String

    /// The folder of `file`; touches nothing yet.
    init(of file: String) throws(Fault) {
        let bytes = Array(file.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), !file.hasPrefix(":"), !file.hasPrefix("file:"),
            bytes.last != UInt8(ascii: "/")
        else { throw Fault(.invalidInput, "the store's path must name a file") }
        self.file = file
        let folder = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[..<max($0, 1)] }
        path = folder.map { String(decoding: $0, as: UTF8.self) } ?? "."
    }

    /// Makes what is missing: folders with mode 0700, the file with mode 0600. SQLite gives its companions the
    /// mode of the file.
    func prepare() throws(Fault) {
        try makeFolder()
        try refuseNetwork()
        // INVARIANT: an existing database is never opened here, because closing it would drop the locks that
        // another connection of this process holds on it (POSIX locks belong to the process).
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw failure("make the store's file", errno)
        }
        guard unsafe chmod(file, 0o600) == 0 else { throw failure("protect the store's file", errno) }
    }

    private func makeFolder() throws(Fault) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        var made = path.utf8.first == UInt8(ascii: "/") ? "" : "."
        for part in parts {
            made += "/" + String(decoding: Array(part), as: UTF8.self)
            if unsafe access(made, F_OK) == 0 { continue }
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST { throw failure("make the store's folder", errno) }
        }
    }

    /// SQLite's locks and shared memory do not hold across machines.
    private func refuseNetwork() throws(Fault) {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { throw failure("look at the store's folder", errno) }
        guard let mounts = try? mountTable(),
            let type = fileSystemType(of: deviceNumber(UInt64(information.st_dev)), in: mounts)
        else { return }
        if isNetworkFileSystem(type) {
            throw Fault(
                .unavailable,
                "the store's folder lies on a network file system (\(type)), where SQLite loses data; "
                    + "use a local disk or PostgreSQL")
        }
    }

    /// Gives an open file to whom the database belongs: what root makes here its own program could not open later.
    func giveToOwner(_ descriptor: Int32) {
        var information = stat()
        guard geteuid() == 0, unsafe stat(file, &information) == 0, information.st_uid != 0 else { return }
        _ = fchown(descriptor, information.st_uid, information.st_gid)
    }

    /// Whether this process may not write the file.
    func isReadOnly() -> Bool {
        unsafe access(file, W_OK) != 0
    }

    /// Whether less than a mebibyte is left on the folder's disk.
    func isFull() -> Bool {
        var information = statvfs()
        guard unsafe statvfs(path, &information) == 0, information.f_frsize > 0 else { return false }
        return UInt64(information.f_bavail) < (1 << 20) / UInt64(information.f_frsize)
    }

    /// The failure of `action`, which the operating system refused with `code`.
    func failure(_ action: String, _ code: Int32) -> Fault {
        switch code {
        case ENOSPC, EDQUOT:
            Fault(.storageFull, "no space left to \(action) in `\(path)`; free some space on this disk")
        case EACCES, EPERM, EROFS:
            Fault(.unavailable, "no permission to \(action) in `\(path)`; check its owner, mode and mount")
        default:
            Fault(.unavailable, "cannot \(action) in `\(path)` (error \(code) of the operating system)")
        }
    }
}
