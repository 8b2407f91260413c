// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Kernel

extension DataFolder {
    /// Copies the database to `<file>.before-<migration>` with `/` as `-`, in place of an older copy of that name.
    ///
    /// The copy is whole or not there: it is made under another name, synced and renamed.
    func copyDatabase(_ database: GRDB.Database, before migration: String) throws(Fault) {
        let suffix = migration.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "-") : $0 }
        let target = file + ".before-" + String(decoding: suffix, as: UTF8.self)
        let part = target + ".part"
        unsafe unlink(part)
        // SQLite writes into an empty file that is there, which is how the copy gets its mode.
        let descriptor = unsafe open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make the copy before an upgrade", errno) }
        defer { close(descriptor) }
        do {
            try database.execute(sql: "VACUUM INTO ?", arguments: [part])
        } catch {
            unsafe unlink(part)
            throw fault(error)
        }
        guard fsync(descriptor) == 0, unsafe rename(part, target) == 0, sync() else {
            throw failure("keep the copy before an upgrade", errno)
        }
    }

    /// Writes the folder's own entries to the disk.
    private func sync() -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
