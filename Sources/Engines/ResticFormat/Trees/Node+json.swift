// SPDX-License-Identifier: Apache-2.0

import Codecs

// A node as it stands in a tree. The order of members and what is left out are restic's: a tree is known by the hash of
// its text, so one space would make every folder a new one.
extension Node {
    /// Appends the JSON of the node.
    public func append(to bytes: inout [UInt8]) {
        var object = GoJSONObject(after: consume bytes)
        appendStatus(to: &object)
        if let content { object.add("content", content, GoJSON.append) } else { object.addNull("content") }
        object.addUnlessNil("subtree", subtree)
        object.addUnlessEmpty("error", error)
        bytes = object.finish()
    }

    /// Everything that stands before the content.
    func appendStatus(to object: inout GoJSONObject) {
        var quoted: [UInt8] = []
        GoQuotation.append(name, to: &quoted)
        object.add("name", quoted)
        object.add("type", type.rawValue)
        object.addUnlessZero("mode", mode.rawValue)
        object.add("mtime", modified)
        object.add("atime", accessed)
        object.add("ctime", changed)
        object.add("uid", uid)
        object.add("gid", gid)
        object.addUnlessEmpty("user", user)
        object.addUnlessEmpty("group", group)
        object.addUnlessZero("inode", inode)
        object.addUnlessZero("device_id", device)
        object.addUnlessZero("size", size)
        object.addUnlessZero("links", links)
        appendTarget(to: &object)
        appendAttributes(to: &object)
        object.addUnlessZero("device", deviceNumber)
    }

    private func appendTarget(to object: inout GoJSONObject) {
        guard !linkTarget.isEmpty else { return }
        object.add("linktarget", linkTarget)
        if String(validating: linkTarget, as: UTF8.self) == nil { object.add("linktarget_raw", base64: linkTarget) }
    }

    private func appendAttributes(to object: inout GoJSONObject) {
        if !extendedAttributes.isEmpty {
            object.add("extended_attributes", extendedAttributes) { attribute, bytes in
                var object = GoJSONObject(after: consume bytes)
                object.add("name", attribute.name)
                object.add("value", base64: attribute.value)
                bytes = object.finish()
            }
        }
        if !genericAttributes.isEmpty {
            object.name("generic_attributes")
            object.append(raw: genericAttributes)
        }
    }

    /// Reads the JSON of a node; members that are not known are left aside.
    ///
    /// - Throws: `malformed`.
    public static func parse(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(FormatError) -> Node {
        let root: JSONNode
        do {
            root = try JSONDocument.parse(bytes, in: range, limits: JSONLimits(depth: 32)).root
        } catch {
            throw .malformed(.tree, "a node is no JSON: \(error.reason)")
        }
        let reader = FileReader(root, part: .tree)
        guard let name = root["name"]?.utf8.flatMap({ GoQuotation.unquote($0) }) else { throw reader.wrong("name") }
        guard let type = try reader.text("type").flatMap({ NodeType(rawValue: $0) }) else {
            throw reader.wrong("type")
        }
        var node = Node(name: name, type: type)
        try node.readStatus(reader)
        try node.readRest(reader)
        return node
    }

    private mutating func readStatus(_ reader: FileReader) throws(FormatError) {
        mode = FileMode(rawValue: try reader.number("mode", as: UInt32.self) ?? 0)
        modified = try reader.time("mtime") ?? modified
        accessed = try reader.time("atime") ?? accessed
        changed = try reader.time("ctime") ?? changed
        uid = try reader.number("uid", as: UInt32.self) ?? 0
        gid = try reader.number("gid", as: UInt32.self) ?? 0
        user = try reader.text("user") ?? ""
        group = try reader.text("group") ?? ""
        inode = try reader.number("inode", as: UInt64.self) ?? 0
        device = try reader.number("device_id", as: UInt64.self) ?? 0
        size = try reader.number("size", as: UInt64.self) ?? 0
        links = try reader.number("links", as: UInt64.self) ?? 0
        deviceNumber = try reader.number("device", as: UInt64.self) ?? 0
    }

    private mutating func readRest(_ reader: FileReader) throws(FormatError) {
        linkTarget = try reader.base64("linktarget_raw") ?? reader.node["linktarget"]?.utf8 ?? []
        for element in Self.elements(of: reader.node["extended_attributes"]) {
            let attribute = FileReader(element, part: .tree)
            guard let name = element["name"]?.utf8 else { throw attribute.wrong("name") }
            extendedAttributes.append(ExtendedAttribute(name: name, value: try attribute.base64("value") ?? []))
        }
        genericAttributes = reader.node["generic_attributes"].map { Array($0.sourceBytes) } ?? []
        if let list = reader.node["content"], !list.isNull {
            content = try Self.elements(of: list).map { (element) throws(FormatError) in
                guard let id = element.utf8.flatMap({ ObjectID(hex: $0) }) else { throw reader.wrong("content") }
                return id
            }
        } else {
            content = nil
        }
        subtree = try reader.id("subtree")
        error = try reader.text("error") ?? ""
    }

    private static func elements(of node: JSONNode?) -> [JSONNode] {
        node.map { Array($0.elements) } ?? []
    }
}
