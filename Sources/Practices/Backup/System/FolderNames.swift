// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The names in a folder, as the bytes that they are.
enum FolderNames {
    /// All names but `.` and `..`, in no order; none where there is no folder.
    static func read(_ path: [UInt8]) throws(SystemError) -> [[UInt8]] {
        guard let folder = unsafe opendir(terminated(path)) else {
            if errno == ENOENT { return [] }
            throw SystemError("open the folder", path)
        }
        defer { unsafe closedir(folder) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = unsafe readdir(folder) {
            // SAFETY: the name ends in a zero byte inside the entry, which lives until the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
                    unsafe Array(UnsafeBufferPointer(start: name, count: strnlen(name, 256)))
                }
            }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw SystemError("read the folder", path) }
        return names
    }
}
