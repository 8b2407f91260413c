// SPDX-License-Identifier: Apache-2.0

/// A file, folder or other thing in a folder, as a snapshot keeps it (restic design, "Trees and Data").
public struct Node: Equatable, Sendable {
    /// Any bytes but `/` and 0: what the file system says.
    public var name: [UInt8]
    /// What it is.
    public var type: NodeType
    /// Its type and permissions.
    public var mode: FileMode
    /// When its content changed last.
    public var modified: Timestamp
    /// When it was last read; like `modified` unless a backup keeps it.
    public var accessed: Timestamp
    /// When anything about it changed last.
    public var changed: Timestamp
    /// The number of its owner.
    public var uid: UInt32
    /// The number of its group.
    public var gid: UInt32
    /// The name of its owner; empty where the machine knew none.
    public var user: String
    /// The name of its group; empty where the machine knew none.
    public var group: String
    /// Its number on that file system.
    public var inode: UInt64
    /// The file system on which it was.
    public var device: UInt64
    /// Of a file, in bytes.
    public var size: UInt64
    /// How many names it has.
    public var links: UInt64
    /// Of a symbolic link: any bytes.
    public var linkTarget: [UInt8]
    /// In the order in which the file system names them.
    public var extendedAttributes: [ExtendedAttribute]
    /// What other systems keep beside; as JSON, untouched.
    public var genericAttributes: [UInt8]
    /// Of a device, its number.
    public var deviceNumber: UInt64
    /// Of a file, its parts in order; nil for everything else.
    public var content: [ObjectID]?
    /// Of a folder.
    public var subtree: ObjectID?
    /// What went wrong when it was read.
    public var error: String

    /// A thing of which nothing but name and type is known.
    public init(name: [UInt8], type: NodeType) {
        (self.name, self.type, mode) = (name, type, FileMode())
        (modified, accessed, changed) = (.init(seconds: 0), .init(seconds: 0), .init(seconds: 0))
        (uid, gid, user, group, inode, device, size, links) = (0, 0, "", "", 0, 0, 0, 0)
        (linkTarget, extendedAttributes, genericAttributes, deviceNumber, error) = ([], [], [], 0, "")
        content = type == .file ? [] : nil
    }
}

/// What a node is; names are restic's.
public enum NodeType: String, Sendable {
    case file
    case directory = "dir"
    case symbolicLink = "symlink"
    case blockDevice = "dev"
    case characterDevice = "chardev"
    case fifo
    case socket
    case irregular
}

/// An extended attribute (xattr(7)), POSIX access control lists among them.
public struct ExtendedAttribute: Equatable, Sendable {
    /// With the part before the dot: `user.note`.
    public let name: [UInt8]
    /// Any bytes.
    public let value: [UInt8]

    /// An attribute.
    public init(name: [UInt8], value: [UInt8]) {
        (self.name, self.value) = (name, value)
    }
}

/// The type and permission bits of a node, laid out as Go's `os.FileMode`.
public struct FileMode: RawRepresentable, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt32

    /// These bits.
    public init(rawValue: UInt32 = 0) {
        self.rawValue = rawValue
    }

    /// Of a file system's `st_mode`.
    public init(unix mode: UInt32) {
        var bits = mode & 0o777
        for (unix, go) in Self.flags where mode & unix != 0 { bits |= go }
        for (unix, go, _) in Self.types where mode & Self.typeMask == unix { bits |= go }
        rawValue = bits
    }

    /// Of `st_mode`, only the permissions and set-id bits: what chmod(2) takes.
    public var permissions: UInt32 {
        Self.flags.reduce(rawValue & 0o777) { rawValue & $1.1 != 0 ? $0 | $1.0 : $0 }
    }

    /// What the type bits of `st_mode` say; nil for what no file system has.
    public static func type(unix mode: UInt32) -> NodeType? {
        types.first { mode & typeMask == $0.0 }?.2
    }

    private static let typeMask: UInt32 = 0o170000
    private static let flags: [(UInt32, UInt32)] = [(0o4000, 1 << 23), (0o2000, 1 << 22), (0o1000, 1 << 20)]
    private static let types: [(UInt32, UInt32, NodeType)] = [
        (0o100000, 0, .file), (0o040000, 1 << 31, .directory), (0o120000, 1 << 27, .symbolicLink),
        (0o060000, 1 << 26, .blockDevice), (0o020000, 1 << 26 | 1 << 21, .characterDevice), (0o010000, 1 << 25, .fifo),
        (0o140000, 1 << 24, .socket),
    ]
}
