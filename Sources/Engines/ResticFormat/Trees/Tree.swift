// SPDX-License-Identifier: Apache-2.0

/// A folder as it is stored: `{"nodes":[…]}` and a line feed, the nodes in the order of the bytes of their names.
public enum Tree {
    /// The text of a folder.
    ///
    /// - Parameter nodes: in order; names may not repeat.
    public static func encode(_ nodes: [Node]) -> [UInt8] {
        var writer = TreeWriter()
        for node in nodes { writer.append(node) }
        return writer.finish()
    }

    /// The nodes of a folder.
    ///
    /// - Throws: `malformed`.
    public static func decode(_ text: [UInt8]) throws(FormatError) -> [Node] {
        var reader = TreeReader()
        reader.feed(text[...])
        var nodes: [Node] = []
        while let node = try reader.next() { nodes.append(node) }
        guard reader.isComplete else { throw .malformed(.tree, "it ends too early") }
        return nodes
    }

    /// Whether the first name stands before the second.
    public static func areInOrder(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.lexicographicallyPrecedes(second)
    }
}

/// Writes the text of a folder, from which what is written already can be taken away piece by piece.
public struct TreeWriter: Sendable {
    private var text = Array(#"{"nodes":["#.utf8)
    private var isFirst = true

    /// The beginning of a folder.
    public init() {}

    /// Bytes that were written and not taken.
    public var count: Int { text.count }

    /// Adds the next node.
    public mutating func append(_ node: Node) {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
        node.append(to: &text)
    }

    /// Adds the next node as it stood in another tree.
    public mutating func append(_ node: StoredNode) {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
        text.append(contentsOf: node.text)
    }

    /// What was written since the last call.
    public mutating func take() -> [UInt8] {
        defer { text.removeAll(keepingCapacity: true) }
        return text
    }

    /// Ends the folder, and gives what was not taken.
    public mutating func finish() -> [UInt8] {
        text.append(contentsOf: "]}\n".utf8)
        return text
    }
}
