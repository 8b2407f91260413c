// SPDX-License-Identifier: Apache-2.0

import CFiles
import Glibc
import ResticFormat

/// A folder into which something is restored. Names are single steps, never paths, and no link is ever followed: whatever
/// a repository says, nothing is written outside the folder with which this began.
struct RestoreFolder: ~Copyable {
    private let descriptor: Descriptor
    /// What becomes of what is there already.
    private let overwriting: Overwriting

    /// The folder at the top, which is made with everything on the way to it.
    ///
    /// - Parameter overwriting: what becomes of what is there already. Unless all of it is replaced, what is no folder
    ///   stays where one is wanted, which then is an error.
    init(making path: String, _ overwriting: Overwriting = .always) throws(SystemError) {
        self.overwriting = overwriting
        var done: [UInt8] = []
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            done += (done.isEmpty && path.utf8.first != UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name
            guard unsafe mkdir(terminated(done), 0o700) == 0 || errno == EEXIST else {
                throw SystemError("make the folder", done)
            }
        }
        descriptor = try Descriptor(opening: Array(path.utf8), O_RDONLY | O_DIRECTORY)
    }

    private init(_ descriptor: consuming Descriptor, _ overwriting: Overwriting) {
        self.descriptor = descriptor
        self.overwriting = overwriting
    }

    var number: Int32 { descriptor.number }

    /// Whether a name is one step into a folder and nothing else.
    static func isSafe(_ name: [UInt8]) -> Bool {
        !name.isEmpty && name.count <= 255 && name != [0x2E] && name != [0x2E, 0x2E] && !name.contains(0)
            && !name.contains(UInt8(ascii: "/"))
    }

    /// The folder of that name, made where it is missing. What is there and is no folder makes way, or is an error.
    func folder(_ name: [UInt8]) throws(SystemError) -> RestoreFolder {
        if unsafe mkdirat(number, terminated(name), 0o700) != 0 {
            guard errno == EEXIST else { throw SystemError("make the folder", name) }
            if try SourceStatus(of: name, in: number).type != .directory {
                guard overwriting == .always else { throw SystemError(EEXIST, "make the folder", name) }
                try remove(name)
                guard unsafe mkdirat(number, terminated(name), 0o700) == 0 else {
                    throw SystemError("make the folder", name)
                }
            }
        }
        return RestoreFolder(
            try Descriptor(opening: name, in: number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), overwriting)
    }

    /// A new file of that name, empty and for the owner only until its metadata are set.
    func file(_ name: [UInt8]) throws(SystemError) -> Descriptor {
        do {
            return try newFile(name)
        } catch  where error.number == EEXIST {
            try remove(name)
            return try newFile(name)
        }
    }

    private func newFile(_ name: [UInt8]) throws(SystemError) -> Descriptor {
        try Descriptor(opening: name, in: number, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }

    /// Takes away what is there under that name, if it is no folder and need not stay: something may have come since it
    /// was looked at.
    func remove(_ name: [UInt8]) throws(SystemError) {
        guard overwriting != .never else { return }
        guard unsafe unlinkat(number, terminated(name), 0) == 0 || errno == ENOENT else {
            throw SystemError("replace", name)
        }
    }

    /// Makes what is neither a file nor a folder.
    func make(_ node: Node) throws(SystemError) {
        try remove(node.name)
        let name = terminated(node.name)
        let result: Int32
        switch node.type {
        case .symbolicLink: result = unsafe symlinkat(terminated(node.linkTarget), number, name)
        case .fifo: result = unsafe mkfifoat(number, name, 0o600)
        case .blockDevice: result = unsafe mknodat(number, name, S_IFBLK | 0o600, dev_t(node.deviceNumber))
        case .characterDevice: result = unsafe mknodat(number, name, S_IFCHR | 0o600, dev_t(node.deviceNumber))
        default: result = 0
        }
        guard result == 0 else { throw SystemError("make", node.name) }
    }

    /// Gives a file that was restored before a second name.
    func link(
        _ name: [UInt8], to other: [UInt8], in folder: borrowing RestoreFolder
    ) throws(SystemError) {
        try remove(name)
        guard unsafe linkat(folder.number, terminated(other), number, terminated(name), 0) == 0 else {
            throw SystemError("link", name)
        }
    }

    /// The folder that names lead to, without following a link.
    func folder(at path: some Sequence<[UInt8]>) throws(SystemError) -> RestoreFolder {
        var here = RestoreFolder(
            try Descriptor(opening: [UInt8(ascii: ".")], in: number, O_RDONLY | O_DIRECTORY), overwriting)
        for name in path {
            here = RestoreFolder(
                try Descriptor(opening: name, in: here.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
                overwriting)
        }
        return here
    }
}

// What is set after everything else.
extension RestoreFolder {
    /// Owner, attributes, permissions and times of a name, in the order in which none undoes another.
    ///
    /// - Returns: what could not be set; owners are another's to give unless one is root.
    func set(_ node: Node) -> [SystemError] {
        var errors: [SystemError] = []
        let name = terminated(node.name)
        if unsafe fchownat(number, name, node.uid, node.gid, AT_SYMLINK_NOFOLLOW) != 0, geteuid() == 0 {
            errors.append(SystemError("set the owner of", node.name))
        }
        errors += setAttributes(node)
        // Changing the owner takes set-id bits away, so they come after it.
        if node.type != .symbolicLink, unsafe fchmodat(number, name, mode_t(node.mode.permissions), 0) != 0 {
            errors.append(SystemError("set the permissions of", node.name))
        }
        var times = [Self.time(node.accessed), Self.time(node.modified)]
        if unsafe utimensat(number, name, &times, AT_SYMLINK_NOFOLLOW) != 0 {
            errors.append(SystemError("set the times of", node.name))
        }
        return errors
    }

    /// The same of the folder itself.
    func setOwn(_ node: Node) -> [SystemError] {
        descriptor.set(node)
    }

    private func setAttributes(_ node: Node) -> [SystemError] {
        guard !node.extendedAttributes.isEmpty else { return [] }
        let path = terminated(SourceFolder.path(of: node.name, in: number))
        return unsafe node.setAttributes { name, value, count in unsafe cfiles_set_attribute(path, name, value, count) }
    }

    fileprivate static func time(_ time: Timestamp) -> timespec {
        timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
    }
}

extension Descriptor {
    /// What ``RestoreFolder/set(_:)`` sets, of the open file or folder: without another look for its name.
    func set(_ node: Node) -> [SystemError] {
        var errors: [SystemError] = []
        if fchown(number, node.uid, node.gid) != 0, geteuid() == 0 {
            errors.append(SystemError("set the owner of", node.name))
        }
        let number = number
        errors += unsafe node.setAttributes { name, value, count in
            unsafe cfiles_set_own_attribute(number, name, value, count)
        }
        if fchmod(number, mode_t(node.mode.permissions)) != 0 {
            errors.append(SystemError("set the permissions of", node.name))
        }
        let times = [RestoreFolder.time(node.accessed), RestoreFolder.time(node.modified)]
        if unsafe futimens(self.number, times) != 0 { errors.append(SystemError("set the times of", node.name)) }
        return errors
    }
}

extension Node {
    fileprivate func setAttributes(_ set: ([CChar], UnsafeRawPointer?, Int) -> Int32) -> [SystemError] {
        var errors: [SystemError] = []
        for attribute in extendedAttributes {
            let result = unsafe attribute.value.withUnsafeBytes { value in
                unsafe set(terminated(attribute.name), value.baseAddress, value.count)
            }
            if result != 0 { errors.append(SystemError("set an attribute of", name)) }
        }
        return errors
    }
}
