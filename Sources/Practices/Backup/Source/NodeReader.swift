// SPDX-License-Identifier: Apache-2.0

import CFiles
import Glibc
import ResticFormat
import Synchronization

/// Makes nodes of what the file system says.
final class NodeReader: Sendable {
    private let users = Mutex<[UInt32: String]>([:])
    private let groups = Mutex<[UInt32: String]>([:])
    private let keepsAccessTimes: Bool

    /// - Parameter keepsAccessTimes: whether the time of the last reading is kept, which every backup may change.
    init(keepsAccessTimes: Bool = false) {
        self.keepsAccessTimes = keepsAccessTimes
    }

    /// The node of `name` in an open folder, a file's without its content, a folder's without what is in it.
    ///
    /// - Throws: `SystemError` when a link or an attribute cannot be read.
    func node(_ name: [UInt8], _ status: SourceStatus, _ type: NodeType, in folder: Int32) throws -> Node {
        var node = Node(name: name, type: type)
        node.mode = FileMode(unix: status.mode)
        node.modified = status.modified.timestamp
        node.accessed = keepsAccessTimes ? status.accessed.timestamp : node.modified
        node.changed = status.changed.timestamp
        (node.uid, node.gid, node.inode, node.device) = (status.uid, status.gid, status.inode, status.device)
        node.user = Self.remembered(status.uid, in: users, Self.userName)
        node.group = Self.remembered(status.gid, in: groups, Self.groupName)
        switch type {
        case .file: (node.size, node.links) = (UInt64(bitPattern: status.size), status.links)
        case .symbolicLink:
            node.links = status.links
            node.linkTarget = try Self.target(of: name, in: folder)
        case .blockDevice, .characterDevice: (node.deviceNumber, node.links) = (status.deviceNumber, status.links)
        case .directory, .fifo, .socket, .irregular: break
        }
        node.extendedAttributes = try Self.attributes(of: name, in: folder)
        return node
    }

    private static func remembered(
        _ id: UInt32, in known: borrowing Mutex<[UInt32: String]>, _ find: (UInt32) -> String
    ) -> String {
        if let name = known.withLock({ $0[id] }) { return name }
        let name = find(id)
        known.withLock { $0[id] = name }
        return name
    }

    private static func target(of name: [UInt8], in folder: Int32) throws -> [UInt8] {
        var room = Array(repeating: UInt8(0), count: Int(PATH_MAX) + 1)
        let path = terminated(name)
        // SAFETY: the room is not empty, so it has an address.
        let count = unsafe room.withUnsafeMutableBytes { room in
            unsafe readlinkat(
                folder, path, room.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self), room.count)
        }
        guard count >= 0 else { throw SystemError("read the link", name) }
        return Array(room[..<count])
    }
}

// Extended attributes, in the order in which the system names them.
extension NodeReader {
    private static func attributes(of name: [UInt8], in folder: Int32) throws -> [ExtendedAttribute] {
        guard try mayHaveAttributes(name, in: folder) else { return [] }
        let path = terminated(SourceFolder.path(of: name, in: folder))
        let list = try unsafe filled(name) { room, count in unsafe cfiles_list_attributes(path, room, count) }
        var attributes: [ExtendedAttribute] = []
        for attribute in list.split(separator: 0) {
            let key = terminated(Array(attribute))
            let value = try unsafe filled(name) { room, count in unsafe cfiles_get_attribute(path, key, room, count) }
            attributes.append(ExtendedAttribute(name: Array(attribute), value: value))
        }
        return attributes
    }

    /// False where there are no attributes, which nearly no file has: since Linux 6.13 that is seen without the long way
    /// through `/proc`.
    private static func mayHaveAttributes(_ name: [UInt8], in folder: Int32) throws -> Bool {
        let size = unsafe cfiles_list_attributes_at(folder, terminated(name), nil, 0)
        return size > 0 || size < 0 && ![ENOTSUP, ENODATA].contains(errno)
    }

    /// What a call writes that is asked first how much it is; empty where there are no attributes at all.
    private static func filled(
        _ name: [UInt8], _ call: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws -> [UInt8] {
        for _ in 0..<4 {
            let size = call(nil, 0)
            if size == 0 || size < 0 && [ENOTSUP, ENODATA].contains(errno) { return [] }
            guard size > 0 else { break }
            var room = Array(repeating: UInt8(0), count: size)
            // SAFETY: the room is not empty, so it has an address.
            let count = unsafe room.withUnsafeMutableBytes { room in
                unsafe call(room.baseAddress?.assumingMemoryBound(to: CChar.self), room.count)
            }
            if count >= 0 { return Array(room[..<count]) }
            // It grew between the two calls.
            guard errno == ERANGE else { break }
        }
        throw SystemError("read the attributes", name)
    }
}

// Names of people and groups; empty where the machine knows none.
extension NodeReader {
    static func userName(_ id: UInt32) -> String {
        var (entry, found): (passwd, UnsafeMutablePointer<passwd>?) = unsafe (passwd(), nil)
        var room = Array(repeating: CChar(0), count: 16_384)
        let status = unsafe getpwuid_r(id, &entry, &room, room.count, &found)
        guard status == 0, unsafe found != nil, let name = unsafe entry.pw_name else { return "" }
        return unsafe String(cString: name)
    }

    private static func groupName(_ id: UInt32) -> String {
        var (entry, found): (group, UnsafeMutablePointer<group>?) = unsafe (group(), nil)
        var room = Array(repeating: CChar(0), count: 65_536)
        let status = unsafe getgrgid_r(id, &entry, &room, room.count, &found)
        guard status == 0, unsafe found != nil, let name = unsafe entry.gr_name else { return "" }
        return unsafe String(cString: name)
    }
}
