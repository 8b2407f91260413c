// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel
import Synchronization

/// A `flock` on a file of its own. The file stays, because removing it could part two holders.
final class FileLock: LockHolder {
    private let descriptor: Mutex<Int32?>

    private init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    /// The lock on `<name>.lock` in `folder`; nil when another process, or another store of this one, has it.
    static func take(_ name: String, in folder: DataFolder) throws(Fault) -> FileLock? {
        let descriptor = unsafe open(folder.path + "/\(name).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw folder.failure("open the lock `\(name)`", errno) }
        folder.giveToOwner(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return FileLock(descriptor) }
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { return nil }
        throw folder.failure("take the lock `\(name)`", code)
    }

    func isHeld() -> Bool {
        descriptor.withLock { $0 != nil }
    }

    func release() {
        descriptor.withLock { held in
            if let descriptor = held { close(descriptor) }
            held = nil
        }
    }
}
