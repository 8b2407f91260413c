// SPDX-License-Identifier: Apache-2.0

/// What is asked of a server (SSH File Transfer Protocol 3, draft-ietf-secsh-filexfer-02 section 6).
enum SFTPRequest: Sendable {
    case open([UInt8])
    /// A new file that only its owner reads and writes.
    case create([UInt8])
    case close(handle: [UInt8])
    case read(handle: [UInt8], offset: UInt64, length: UInt32)
    case write(handle: [UInt8], offset: UInt64, ArraySlice<UInt8>)
    /// Of a path, links not followed.
    case look([UInt8])
    /// Of a path, links followed.
    case follow([UInt8])
    case lookAtOpen(handle: [UInt8])
    /// Makes an open file one that nobody writes to.
    case makeReadOnly(handle: [UInt8])
    case openFolder([UInt8])
    case readFolder(handle: [UInt8])
    case remove([UInt8])
    case makeFolder([UInt8])
    case rename([UInt8], to: [UInt8])
    /// `posix-rename@openssh.com`: what has the new name is replaced.
    case replace([UInt8], by: [UInt8])
    /// `fsync@openssh.com`: returns when the file is on the server's disk.
    case sync(handle: [UInt8])

    /// The name by which a server offers ``replace(_:by:)``.
    static let replacing = Array("posix-rename@openssh.com".utf8)
    /// The name by which a server offers ``sync(handle:)``.
    static let syncing = Array("fsync@openssh.com".utf8)
    /// The first packet: version 3 is spoken.
    static let greeting: [UInt8] = [0, 0, 0, 5, 1, 0, 0, 0, 3]

    /// The packet, with its length before it.
    func packet(_ id: UInt32) -> [UInt8] {
        var packet = SFTPWriter(type: type, id: id)
        switch self {
        case .open(let path):
            packet.add(path)
            packet.add(0x01 as UInt32)
            packet.add(0 as UInt32)
        case .create(let path):
            packet.add(path)
            // Write, create, and not if it is there.
            packet.add(0x2A as UInt32)
            packet.addMode(0o600)
        case .close(let handle), .lookAtOpen(let handle), .readFolder(let handle):
            packet.add(handle)
        case .read(let handle, let offset, let length):
            packet.add(handle)
            packet.add(offset)
            packet.add(length)
        case .write(let handle, let offset, let bytes):
            packet.add(handle)
            packet.add(offset)
            packet.add(bytes)
        case .look(let path), .follow(let path), .openFolder(let path), .remove(let path):
            packet.add(path)
        case .makeReadOnly(let handle):
            packet.add(handle)
            packet.addMode(0o400)
        case .makeFolder(let path):
            packet.add(path)
            packet.addMode(0o700)
        case .rename(let path, let new):
            packet.add(path)
            packet.add(new)
        case .replace(let path, let new):
            packet.add(Self.replacing)
            packet.add(path)
            packet.add(new)
        case .sync(let handle):
            packet.add(Self.syncing)
            packet.add(handle)
        }
        return packet.finish()
    }

    private var type: UInt8 {
        switch self {
        case .open, .create: 3
        case .close: 4
        case .read: 5
        case .write: 6
        case .look: 7
        case .lookAtOpen: 8
        case .makeReadOnly: 10
        case .openFolder: 11
        case .readFolder: 12
        case .remove: 13
        case .makeFolder: 14
        case .follow: 17
        case .rename: 18
        case .replace, .sync: 200
        }
    }
}

/// Puts a packet together.
private struct SFTPWriter {
    private var bytes: [UInt8]

    init(type: UInt8, id: UInt32) {
        bytes = [0, 0, 0, 0, type]
        add(id)
    }

    mutating func add<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func add(_ text: some Collection<UInt8>) {
        add(UInt32(clamping: text.count))
        bytes += text
    }

    /// Attributes that say nothing but the permissions.
    mutating func addMode(_ mode: UInt32) {
        add(0x04 as UInt32)
        add(mode)
    }

    func finish() -> [UInt8] {
        var length = SFTPWriter(length: bytes.count - 4).bytes
        length += bytes.dropFirst(4)
        return length
    }

    private init(length: Int) {
        bytes = []
        add(UInt32(clamping: length))
    }
}
