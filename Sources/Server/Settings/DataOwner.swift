// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kernel

/// To whom the data folder belongs.
enum DataOwner {
    /// Refuses root in the folder of a service that runs as another user: what root leaves there, the service could
    /// not write afterwards, and would stop in the middle of the clinic's day.
    ///
    /// - Throws: `Fault.refused` with the command that works.
    static func refuseRootInFolderOfAnother(_ data: String) throws {
        guard geteuid() == 0, let owner = owner(of: "\(data)/salus.db") ?? owner(of: data), owner != 0 else { return }
        let name = name(of: owner)
        throw Fault(
            .refused,
            "\(data) belongs to \(name), and root would leave files there that \(name) cannot write. "
                + "Run this as that user: sudo -u \(name) salus …")
    }

    private static func owner(of path: String) -> uid_t? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return status.st_uid
    }

    private static func name(of user: uid_t) -> String {
        guard let entry = unsafe getpwuid(user), let name = unsafe entry.pointee.pw_name else { return "#\(user)" }
        return unsafe String(cString: name)
    }
}
