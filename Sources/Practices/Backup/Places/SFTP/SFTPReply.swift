// SPDX-License-Identifier: Apache-2.0

/// What a server answers (draft-ietf-secsh-filexfer-02 section 7).
enum SFTPReply: Sendable, Equatable {
    case version(UInt32, offers: [[UInt8]])
    case status(UInt32)
    case handle([UInt8])
    case data([UInt8])
    case names([SFTPName])
    case attributes(SFTPAttributes)

    /// The longest packet that is taken; OpenSSH sends none above 256 KiB.
    static let longest = 1 << 20

    // Codes of `status`; what else there is means that it failed.
    static let ok: UInt32 = 0
    static let end: UInt32 = 1
    static let missing: UInt32 = 2
    static let denied: UInt32 = 3
    static let unsupported: UInt32 = 8

    /// Reads a packet without the length before it. The number of a version is 0, for it answers no request.
    ///
    /// - Throws: `PlaceError.garbled`.
    static func parse(_ packet: ArraySlice<UInt8>) throws(PlaceError) -> (id: UInt32, reply: SFTPReply) {
        var reader = SFTPReader(packet)
        let type = try reader.byte()
        if type == 2 { return (0, try version(&reader)) }
        let id = try reader.number()
        // The words for people that follow a code differ from server to server, and may hold anything.
        switch type {
        case 101: return (id, .status(try reader.number()))
        case 102: return (id, .handle(try reader.handle()))
        case 103: return (id, .data(try reader.text()))
        case 104: return (id, .names(try names(&reader)))
        case 105: return (id, .attributes(try reader.attributes()))
        default: throw .garbled("an SFTP packet has the unknown type \(type)")
        }
    }

    private static func version(_ reader: inout SFTPReader) throws(PlaceError) -> SFTPReply {
        let version = try reader.number()
        var offers: [[UInt8]] = []
        while !reader.isAtEnd {
            offers.append(try reader.text())
            _ = try reader.text()
        }
        return .version(version, offers: offers)
    }

    private static func names(_ reader: inout SFTPReader) throws(PlaceError) -> [SFTPName] {
        let count = try reader.number()
        var names: [SFTPName] = []
        for _ in 0..<count {
            let name = try reader.text()
            // The line that `ls -l` would print.
            _ = try reader.text()
            names.append(SFTPName(name: name, attributes: try reader.attributes()))
        }
        return names
    }
}

/// Something in a folder.
struct SFTPName: Sendable, Equatable {
    let name: [UInt8]
    let attributes: SFTPAttributes
}

/// What is said of a file; a server may leave anything out.
struct SFTPAttributes: Sendable, Equatable {
    var size: UInt64?
    var permissions: UInt32?

    var isFile: Bool { permissions.map { $0 & 0o170000 == 0o100000 } ?? true }
    var isFolder: Bool { permissions.map { $0 & 0o170000 == 0o040000 } ?? true }
    var length: Int? { size.flatMap { Int(exactly: $0) } }
}

/// Takes a packet apart; never reads past its end.
private struct SFTPReader {
    private var rest: ArraySlice<UInt8>

    init(_ packet: ArraySlice<UInt8>) {
        rest = packet
    }

    var isAtEnd: Bool { rest.isEmpty }

    private mutating func take(_ count: Int) throws(PlaceError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .garbled("an SFTP packet ends early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func byte() throws(PlaceError) -> UInt8 {
        try take(1).reduce(0) { $1 | $0 }
    }

    mutating func number() throws(PlaceError) -> UInt32 {
        try take(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func text() throws(PlaceError) -> [UInt8] {
        Array(try take(Int(try number())))
    }

    mutating func handle() throws(PlaceError) -> [UInt8] {
        let handle = try text()
        guard handle.count <= 256 else { throw .garbled("an SFTP handle is longer than 256 bytes") }
        return handle
    }

    mutating func attributes() throws(PlaceError) -> SFTPAttributes {
        var attributes = SFTPAttributes()
        let flags = try number()
        if flags & 0x01 != 0 { attributes.size = try take(8).reduce(0) { $0 << 8 | UInt64($1) } }
        if flags & 0x02 != 0 { _ = try take(8) }
        if flags & 0x04 != 0 { attributes.permissions = try number() }
        if flags & 0x08 != 0 { _ = try take(8) }
        if flags & 0x8000_0000 != 0 {
            for _ in 0..<(try number()) {
                _ = try text()
                _ = try text()
            }
        }
        return attributes
    }
}

/// Cuts what comes into packets.
struct SFTPFramer {
    private var bytes: [UInt8] = []
    private var start = 0

    mutating func add(_ more: [UInt8]) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
    }

    /// The next whole packet, without its length; nil until more came.
    ///
    /// - Throws: `PlaceError.garbled` for a packet longer than ``SFTPReply/longest``.
    mutating func next() throws(PlaceError) -> ArraySlice<UInt8>? {
        guard bytes.count - start >= 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= SFTPReply.longest else { throw .garbled("an SFTP packet is \(length) bytes long") }
        guard bytes.count - start - 4 >= length else { return nil }
        defer { start += 4 + length }
        return bytes[start + 4..<start + 4 + length]
    }
}
