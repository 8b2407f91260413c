// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The kernel's list of what is mounted where (proc(5), `/proc/[pid]/mountinfo`).
func mountTable() throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "/proc/self/mountinfo")))
}

/// A device's number as `major:minor`, taken apart as the C library does (makedev(3)).
func deviceNumber(_ device: UInt64) -> String {
    let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    let minor = device & 0xFF | device >> 12 & ~0xFF
    return "\(UInt32(truncatingIfNeeded: major)):\(UInt32(truncatingIfNeeded: minor))"
}

/// The type of the file system on `device`, as `major:minor`; nil when the table does not know it.
///
/// A line is `id parent major:minor root mountpoint options [tags…] - type source options`.
func fileSystemType(of device: String, in table: [UInt8]) -> String? {
    for line in table.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 3, fields[2].elementsEqual(device.utf8),
            let separator = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), separator + 1 < fields.count
        else { continue }
        return String(decoding: fields[separator + 1], as: UTF8.self)
    }
    return nil
}

/// Whether files of this type may lie on another machine. FUSE may be anything, so it counts as one, except for
/// `fuseblk`, which is a disk.
func isNetworkFileSystem(_ type: String) -> Bool {
    switch type {
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse", "virtiofs", "9p", "ceph", "afs", "coda", "lustre", "gfs2",
        "ocfs2", "gpfs", "beegfs", "glusterfs", "ncpfs":
        true
    default: type.hasPrefix("fuse.")
    }
}
