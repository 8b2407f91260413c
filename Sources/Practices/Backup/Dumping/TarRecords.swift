// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// The records of an entry of a tar archive: what does not fit into its old fields.
struct TarRecords {
    private(set) var bytes: [UInt8] = []

    init(_ entry: TarEntry) {
        addNames(entry)
        addNumbers(entry)
        addTimes(entry.node)
        guard entry.link == nil else { return }
        for attribute in entry.node.extendedAttributes { add(attribute) }
    }

    private mutating func addNames(_ entry: TarEntry) {
        let path = entry.path.count > TarFields.Field.name.longest ? entry.path : []
        let target = entry.target.count > TarFields.Field.target.longest ? entry.target : []
        // Names are UTF-8 unless they are said not to be.
        if String(validating: path, as: UTF8.self) == nil || String(validating: target, as: UTF8.self) == nil {
            add("hdrcharset", Array("BINARY".utf8))
        }
        if !path.isEmpty { add("path", path) }
        if !target.isEmpty { add("linkpath", target) }
        for (key, field, name) in [
            ("uname", TarFields.Field.user, entry.node.user), ("gname", .group, entry.node.group),
        ] where name.utf8.count > field.longest {
            add(key, Array(name.utf8))
        }
    }

    private mutating func addNumbers(_ entry: TarEntry) {
        for (key, field, number) in [
            ("uid", TarFields.Field.uid, UInt64(entry.node.uid)), ("gid", .gid, UInt64(entry.node.gid)),
            ("size", .size, entry.size),
        ] where number > field.largest {
            add(key, Array("\(number)".utf8))
        }
    }

    private mutating func addTimes(_ node: Node) {
        let time = node.modified
        if time.nanoseconds > 0 || time.seconds < 0 || UInt64(clamping: time.seconds) > TarFields.Field.modified.largest
        {
            add("mtime", Self.text(time))
        }
        if !node.accessed.isSameMoment(as: time) { add("atime", Self.text(node.accessed)) }
    }

    /// Seconds with their fraction; nanoseconds always count forward, the text does not.
    private static func text(_ time: Timestamp) -> [UInt8] {
        guard time.nanoseconds > 0 else { return Array("\(time.seconds)".utf8) }
        let isBefore = time.seconds < 0
        let whole = isBefore ? (time.seconds + 1).magnitude : time.seconds.magnitude
        let fraction = String(isBefore ? 1_000_000_000 - time.nanoseconds : time.nanoseconds)
        let zeros = String(repeating: "0", count: 9 - fraction.utf8.count)
        return Array("\(isBefore ? "-" : "")\(whole).\(zeros)\(fraction)".utf8)
    }

    private mutating func add(_ attribute: ExtendedAttribute) {
        for (name, key) in [
            ("system.posix_acl_access", "SCHILY.acl.access"), ("system.posix_acl_default", "SCHILY.acl.default"),
        ] where attribute.name.elementsEqual(name.utf8) {
            guard let text = AccessListText(attribute.value) else { break }
            return add(key, text.bytes)
        }
        // A name in a record cannot hold `=`; GNU tar writes it so.
        let name = attribute.name.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "%"): Array("%25".utf8)
            case UInt8(ascii: "="): Array("%3D".utf8)
            default: [byte]
            }
        }
        add(Array("SCHILY.xattr.".utf8) + name, attribute.value)
    }

    private mutating func add(_ key: String, _ value: [UInt8]) {
        add(Array(key.utf8), value)
    }

    /// A record begins with its own length.
    private mutating func add(_ key: [UInt8], _ value: [UInt8]) {
        let rest = [UInt8(ascii: " ")] + key + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        var length = rest.count
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        bytes += Array("\(length)".utf8) + rest
    }
}
