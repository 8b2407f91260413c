// SPDX-License-Identifier: Apache-2.0

import CFiles
import ResticFormat

/// What the file system says of a thing, without following links.
struct SourceStatus: Sendable, Equatable {
    let mode: UInt32
    let size: Int64
    let inode: UInt64
    let device: UInt64
    let links: UInt64
    let uid: UInt32
    let gid: UInt32
    let deviceNumber: UInt64
    let modified: Moment
    let changed: Moment
    let accessed: Moment

    /// Seconds since 1970 and nanoseconds.
    struct Moment: Sendable, Equatable {
        let seconds: Int64
        let nanoseconds: UInt32

        fileprivate init(_ moment: cfiles_moment) {
            (seconds, nanoseconds) = (moment.seconds, moment.nanoseconds)
        }

        /// As the clock of this machine shows it.
        var timestamp: Timestamp {
            Timestamp(seconds: seconds, nanoseconds: nanoseconds, offset: LocalClock.offset(at: Int(seconds)))
        }
    }

    /// Of `name` in an open folder; an empty name means the open file itself.
    ///
    /// - Throws: `SystemError`.
    init(of name: [UInt8], in folder: Int32) throws(SystemError) {
        var status = cfiles_status()
        guard unsafe cfiles_status(folder, terminated(name), &status) == 0 else {
            throw SystemError("look at", name)
        }
        (mode, size, inode, device) = (status.mode, status.size, status.inode, status.device)
        (links, uid, gid, deviceNumber) = (status.links, status.uid, status.gid, status.device_number)
        (modified, changed) = (Moment(status.modified), Moment(status.changed))
        accessed = Moment(status.accessed)
    }

    /// Nil for what no file system has.
    var type: NodeType? { FileMode.type(unix: mode) }

    /// Whether the content of a file is still that of `node`: length, time of change and number are the same.
    func isUnchanged(since node: Node) -> Bool {
        node.type == .file && type == .file && UInt64(bitPattern: size) == node.size && inode == node.inode
            && modified.timestamp.isSameMoment(as: node.modified) && changed.timestamp.isSameMoment(as: node.changed)
    }

    /// Whether a file stayed as it was while it was read.
    func isSameContent(as other: SourceStatus) -> Bool {
        size == other.size && modified == other.modified && changed == other.changed && inode == other.inode
            && mode & 0o170000 == other.mode & 0o170000
    }
}
