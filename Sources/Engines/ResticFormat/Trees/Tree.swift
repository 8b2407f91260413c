// SPDX-License-Identifier: Apache-2.0

/// A folder as it is stored: `{"nodes":[…]}` and a line feed, the nodes in the order of the bytes of their names.
public enum Tree {
    /// The text of a folder.
    ///
    /// - Parameter nodes: in order; names may not repeat.
    public static func encode(_ nodes: [Node]) -> [UInt8] {
        var text = Array(#"{"nodes":["#.utf8)
        for (place, node) in nodes.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            node.append(to: &text)
        }
        return text + Array("]}\n".utf8)
    }

    /// The nodes of a folder.
    ///
    /// - Throws: `malformed`.
    public static func decode(_ text: [UInt8]) throws(FormatError) -> [Node] {
        try TreeText.plain(text).nodes()
    }

    /// Whether the first name stands before the second.
    public static func areInOrder(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.lexicographicallyPrecedes(second)
    }
}

/// Writes the text of a folder.
public struct TreeWriter: ~Copyable {
    private var text = Array(#"{"nodes":["#.utf8)
    private var isFirst = true
    private let compression: Compression?
    private var packer: TextPacker?
    /// Whether some of the text was lost for want of memory.
    private var isBroken = false

    /// The beginning of a folder.
    ///
    /// - Parameter compression: with what a long text is packed; nil to keep it as it is, which version 1 of a repository
    ///   does.
    public init(packingWith compression: Compression? = nil) {
        self.compression = compression
        packer = nil
    }

    /// Adds the next node.
    ///
    /// - Throws: `unavailable` when there is no memory for zstd; so do the others.
    public mutating func append(_ node: Node) throws(FormatError) {
        begin()
        node.append(to: &text)
        try packIfLong()
    }

    /// Adds the next node as it stood in another tree.
    public mutating func append(_ node: StoredNode) throws(FormatError) {
        begin()
        text.append(contentsOf: node.text)
        try packIfLong()
    }

    /// Ends the folder.
    public mutating func finish() throws(FormatError) -> TreeText {
        text.append(contentsOf: "]}\n".utf8)
        guard !isBroken else { throw .unavailable("memory for zstd") }
        try pack()
        guard let packed = try packer?.finish() else { return .plain(text) }
        return .packed(packed)
    }

    private mutating func begin() {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func packIfLong() throws(FormatError) {
        guard text.count > (packer == nil ? TreeText.longestPlain : Self.piece), let compression else { return }
        if packer == nil {
            let new = try TextPacker(compression)
            packer = consume new
        }
        try pack()
    }

    /// So much is packed at a time, in bytes.
    private static let piece = 256 << 10

    private mutating func pack() throws(FormatError) {
        guard var packer = packer.take() else { return }
        isBroken = true
        try packer.feed(text.span)
        isBroken = false
        text.removeAll(keepingCapacity: true)
        self.packer = consume packer
    }
}
