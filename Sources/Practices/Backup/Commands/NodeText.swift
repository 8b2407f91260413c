// SPDX-License-Identifier: Apache-2.0

import Building
import ResticFormat

/// Things in snapshots for people, and as restic's JSON.
enum NodeText {
    static func name(_ path: [UInt8]) -> String {
        TerminalText.harmless(String(decoding: path, as: UTF8.self))
    }

    /// One line.
    static func line(_ path: [UInt8], _ node: Node, isLong: Bool, isForPeople: Bool = false) -> String {
        let name = name(path)
        guard isLong else { return name }
        let size = isForPeople ? ByteText.of(Int64(clamping: node.size)) : "\(node.size)"
        let target = String(decoding: node.linkTarget, as: UTF8.self)
        let parts = [
            "\(node.mode)", "\(node.uid):\(node.gid)", size,
            String(node.modified.text.prefix(19).replacing("T", with: " ")),
            target.isEmpty ? name : "\(name) -> \(TerminalText.harmless(target))",
        ]
        return parts.joined(separator: "  ")
    }

    /// What `restic ls --json` says of a thing, and the id of a folder.
    static func listed(_ path: [UInt8], _ node: Node) -> String {
        var line = JSONLine()
        line.add("name", node.name)
        line.add("type", node.type.rawValue)
        line.add("path", path)
        line.add("uid", number: node.uid)
        line.add("gid", number: node.gid)
        if node.type == .file { line.add("size", number: node.size) }
        line.addUnlessZero("mode", node.mode.rawValue)
        line.add("permissions", "\(node.mode)")
        line.add("mtime", node.modified)
        line.add("atime", node.accessed)
        line.add("ctime", node.changed)
        line.addUnlessZero("inode", node.inode)
        if let subtree = node.subtree { line.add("subtree", subtree.hex) }
        line.add("message_type", "node")
        line.add("struct_type", "node")
        return line.finish()
    }

    /// What `restic find --json` says of it.
    static func found(_ path: [UInt8], _ node: Node) -> String {
        var line = JSONLine()
        line.add("path", path)
        line.add("permissions", "\(node.mode)")
        line.add("type", node.type.rawValue)
        line.addUnlessZero("mode", node.mode.rawValue)
        line.add("mtime", node.modified)
        line.add("atime", node.accessed)
        line.add("ctime", node.changed)
        line.add("uid", number: node.uid)
        line.add("gid", number: node.gid)
        line.addUnlessEmpty("user", Array(node.user.utf8))
        line.addUnlessEmpty("group", Array(node.group.utf8))
        line.addUnlessZero("inode", node.inode)
        line.addUnlessZero("device_id", node.device)
        line.addUnlessZero("size", node.size)
        line.addUnlessZero("links", node.links)
        line.addUnlessEmpty("linktarget", node.linkTarget)
        line.addUnlessEmpty("error", Array(node.error.utf8))
        return line.finish()
    }
}
