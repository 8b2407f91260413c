// SPDX-License-Identifier: Apache-2.0

/// Finds nodes of a folder by their names, in the order of names, each at most once, and reads no more of the others than
/// their names.
public struct TreeFinder: ~Copyable {
    /// Nil where there is no text.
    private var reader: TreeTextReader?
    private var waiting: StoredNode?

    /// Finds nothing.
    public init() {
        reader = nil
    }

    /// Of the text of a folder; no text is a folder in which nothing is found.
    ///
    /// - Throws: `unavailable` when there is no memory for zstd.
    public init(_ text: TreeText) throws(FormatError) {
        reader = text.count > 0 ? try TreeTextReader(text) : nil
    }

    /// What stands under a name; nil where nothing does.
    ///
    /// - Throws: `malformed`, also for names that do not ascend.
    public mutating func find(_ name: [UInt8]) throws(FormatError) -> StoredNode? {
        while true {
            if waiting == nil { waiting = try next(after: nil) }
            guard let found = waiting else { return nil }
            if Tree.areInOrder(name, found.name) { return nil }
            waiting = try next(after: found.name)
            if found.name == name { return found }
        }
    }

    private mutating func next(after name: [UInt8]?) throws(FormatError) -> StoredNode? {
        guard let text = try reader?.nextText() else { return nil }
        let node = try StoredNode(text)
        if let name, !Tree.areInOrder(name, node.name) {
            throw .malformed(.tree, "its names are not in order, or one stands twice")
        }
        return node
    }
}

/// A node as it stands in a tree.
public struct StoredNode: Sendable {
    /// Its name.
    public let name: [UInt8]
    /// Its JSON.
    public let text: [UInt8]

    /// - Throws: `malformed`.
    init(_ text: [UInt8]) throws(FormatError) {
        self.text = text
        if let name = Self.plainName(of: text) { self.name = name } else { name = try Node.parse(text).name }
    }

    /// All of it.
    ///
    /// - Throws: `malformed`.
    public func node() throws(FormatError) -> Node {
        try Node.parse(text)
    }

    /// The parts of the file if everything else about it is as in `node`; nil where anything differs, or is written in
    /// another way.
    public func content(ifElseSameAs node: Node) -> [ObjectID]? {
        var object = GoJSONObject()
        node.appendStatus(to: &object)
        let status = object.unfinished()
        guard text.starts(with: status) else { return nil }
        return Self.ids(in: text[status.count...])
    }

    /// A name that stands first and for itself.
    private static func plainName(of text: [UInt8]) -> [UInt8]? {
        let beginning = Array(#"{"name":""#.utf8)
        guard text.starts(with: beginning) else { return nil }
        let rest = text[beginning.count...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let name = rest[..<end]
        guard name.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\\") }) else { return nil }
        return Array(name)
    }

    private static func ids(in text: ArraySlice<UInt8>) -> [ObjectID]? {
        let (beginning, end) = (Array(#","content":["#.utf8), Array("]}".utf8))
        guard text.starts(with: beginning), text.suffix(2) == end[...] else { return nil }
        let list = text.dropFirst(beginning.count).dropLast(2)
        guard !list.isEmpty else { return [] }
        let length = ObjectID.byteCount * 2 + 3
        guard (list.count + 1) % length == 0 else { return nil }
        var ids: [ObjectID] = []
        for start in stride(from: list.startIndex, to: list.endIndex, by: length) {
            let isLast = start + length > list.endIndex
            guard list[start] == UInt8(ascii: "\""), list[start + length - 2] == UInt8(ascii: "\""),
                isLast || list[start + length - 1] == UInt8(ascii: ","),
                let id = ObjectID(hex: list[start + 1..<start + length - 2])
            else { return nil }
            ids.append(id)
        }
        return ids
    }
}
