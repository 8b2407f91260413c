// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The head of a thing in a tar archive, as POSIX prescribes it (pax, IEEE Std 1003.1, "pax Interchange Format"): what the
/// old fields cannot hold stands in records before them.
struct TarEntry {
    /// Without a slash in front; a folder ends in one.
    let path: [UInt8]
    let node: Node
    /// Bytes of the content that follows.
    var size: UInt64 = 0
    /// For a second name of a file, the first.
    var link: [UInt8]?

    static let block = 512
    /// What ends an archive.
    static let end = Array(repeating: UInt8(0), count: 2 * block)

    /// What has to follow a content to fill its last block.
    static func padding(after size: UInt64) -> [UInt8] {
        Array(repeating: 0, count: (block - Int(size % UInt64(block))) % block)
    }

    /// The blocks before the content.
    func head() -> [UInt8] {
        let records = TarRecords(self).bytes
        guard !records.isEmpty else { return fields() }
        // The records are an entry of their own, whose name nobody needs.
        var header = TarFields()
        header.set(.name, Array("PaxHeaders/".utf8) + path.prefix(80))
        header.set(.mode, octal: 0o644)
        header.set(.size, octal: UInt64(records.count))
        header.set(.modified, octal: Self.oldTime(node.modified))
        header.set(.type, [UInt8(ascii: "x")])
        return header.finish() + records + Self.padding(after: UInt64(records.count)) + fields()
    }

    private func fields() -> [UInt8] {
        var header = TarFields()
        header.set(.name, path)
        header.set(.mode, octal: UInt64(node.mode.permissions))
        header.set(.uid, octal: UInt64(node.uid))
        header.set(.gid, octal: UInt64(node.gid))
        header.set(.size, octal: size)
        header.set(.modified, octal: Self.oldTime(node.modified))
        header.set(.type, [UInt8(ascii: type)])
        header.set(.target, target)
        header.set(.user, Array(node.user.utf8))
        header.set(.group, Array(node.group.utf8))
        if node.type == .characterDevice || node.type == .blockDevice {
            // As Linux packs them into one number (makedev(3)).
            let number = node.deviceNumber
            header.set(.major, octal: number >> 8 & 0xFFF | number >> 32 & 0xFFFF_F000)
            header.set(.minor, octal: number & 0xFF | number >> 12 & 0xFFFF_FF00)
        }
        return header.finish()
    }

    /// Where a link leads.
    var target: [UInt8] {
        link ?? (node.type == .symbolicLink ? node.linkTarget : [])
    }

    private var type: Unicode.Scalar {
        if link != nil { return "1" }
        return switch node.type {
        case .symbolicLink: "2"
        case .characterDevice: "3"
        case .blockDevice: "4"
        case .directory: "5"
        case .fifo: "6"
        case .file, .socket, .irregular: "0"
        }
    }

    private static func oldTime(_ time: Timestamp) -> UInt64 {
        UInt64(clamping: time.seconds)
    }
}

/// The 512 bytes of an old header.
struct TarFields {
    private var bytes = Array(repeating: UInt8(0), count: TarEntry.block)

    enum Field {
        case name, mode, uid, gid, size, modified, type, target, user, group, major, minor

        fileprivate var range: Range<Int> {
            switch self {
            case .name: 0..<100
            case .mode: 100..<108
            case .uid: 108..<116
            case .gid: 116..<124
            case .size: 124..<136
            case .modified: 136..<148
            case .type: 156..<157
            case .target: 157..<257
            case .user: 265..<297
            case .group: 297..<329
            case .major: 329..<337
            case .minor: 337..<345
            }
        }

        /// The longest text; those for names of people end in a zero byte.
        var longest: Int { self == .user || self == .group ? range.count - 1 : range.count }

        /// The largest number: octal digits and a zero byte.
        var largest: UInt64 { 1 << (3 * UInt64(range.count - 1)) - 1 }
    }

    /// Sets a text, as much of it as there is room for.
    mutating func set(_ field: Field, _ text: [UInt8]) {
        let text = text.prefix(field.longest)
        bytes.replaceSubrange(field.range.prefix(text.count), with: text)
    }

    /// Sets a number; 0 where there is no room for it, and a record has it.
    mutating func set(_ field: Field, octal number: UInt64) {
        let digits = String(number <= field.largest ? number : 0, radix: 8)
        let zeros = String(repeating: "0", count: field.range.count - 1 - digits.utf8.count)
        bytes.replaceSubrange(field.range.dropLast(), with: (zeros + digits).utf8)
    }

    /// The bytes with their sum, which counts itself as spaces.
    consuming func finish() -> [UInt8] {
        bytes.replaceSubrange(257..<265, with: "ustar\u{0}00".utf8)
        bytes.replaceSubrange(148..<156, with: "        ".utf8)
        let sum = String(bytes.reduce(0) { $0 + Int($1) }, radix: 8)
        let zeros = String(repeating: "0", count: 6 - sum.utf8.count)
        bytes.replaceSubrange(148..<156, with: "\(zeros)\(sum)\u{0} ".utf8)
        return bytes
    }
}
