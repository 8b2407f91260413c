// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Which other processes of this machine have the embedded store open.
enum StoreUsers {
    /// Their numbers. Those of other users are not seen, but a data folder is open to its owner and root alone.
    static func others(of file: String) -> [Int32] {
        let files = FileManager.default
        guard let wanted = unsafe realpath(file, nil) else { return [] }
        defer { unsafe free(wanted) }
        let path = unsafe String(cString: wanted)
        let processes = (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { Int32($0) }.filter { $0 != getpid() }.filter { process in
            let descriptors = (try? files.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
            return descriptors.contains {
                (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")) == path
            }
        }.sorted()
    }
}
