// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc
import ResticFormat

extension NodeType {
    /// The type bits of `st_mode`.
    var unixMode: UInt32 {
        switch self {
        case .file, .irregular: S_IFREG
        case .directory: S_IFDIR
        case .symbolicLink: S_IFLNK
        case .blockDevice: S_IFBLK
        case .characterDevice: S_IFCHR
        case .fifo: S_IFIFO
        case .socket: S_IFSOCK
        }
    }
}

extension MountedRepository {
    /// What stat(2) says of a thing.
    func status(of thing: MountTable.Thing) -> cfuse_status {
        var status = cfuse_status()
        status.inode = thing.inode
        status.links = 1
        switch thing.kind {
        case .folder: status.mode = S_IFDIR | 0o555
        case .snapshot(let snapshot):
            status.mode = S_IFDIR | 0o555
            status.set(snapshot.time, snapshot.time, snapshot.time)
        case .link(let target, let snapshot):
            status.mode = S_IFLNK | 0o777
            status.size = UInt64(target.count)
            status.set(snapshot.time, snapshot.time, snapshot.time)
        case .node(let node, _): return self.status(of: node, thing.inode)
        }
        if !ownerIsRoot { (status.uid, status.gid) = (getuid(), getgid()) }
        return status
    }

    private func status(of node: Node, _ inode: UInt64) -> cfuse_status {
        var status = cfuse_status()
        status.inode = inode
        status.mode = node.type.unixMode | node.mode.permissions
        status.size = node.type == .symbolicLink ? UInt64(node.linkTarget.count) : node.size
        status.links = max(1, node.links)
        status.device_number = node.deviceNumber
        if !ownerIsRoot { (status.uid, status.gid) = (node.uid, node.gid) }
        status.set(node.modified, node.accessed, node.changed)
        return status
    }
}

extension cfuse_status {
    fileprivate mutating func set(_ modified: Timestamp, _ accessed: Timestamp, _ changed: Timestamp) {
        (self.modified, modified_nanoseconds) = (modified.seconds, modified.nanoseconds)
        (self.accessed, accessed_nanoseconds) = (accessed.seconds, accessed.nanoseconds)
        (self.changed, changed_nanoseconds) = (changed.seconds, changed.nanoseconds)
    }
}
