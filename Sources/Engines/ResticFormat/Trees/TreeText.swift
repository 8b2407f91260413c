// SPDX-License-Identifier: Apache-2.0

/// The text of a folder: as it is, or packed where it is long, so that a folder of a million files is never whole in memory.
public enum TreeText: Sendable {
    /// The text itself.
    case plain([UInt8])
    /// A Zstandard frame of the text.
    case packed(PackedText)

    /// No text: a folder of which nothing is known.
    public static let none = TreeText.plain([])
    /// A longer text is packed, in bytes.
    public static let longestPlain = 4 << 20

    /// Bytes of the text.
    public var count: Int {
        switch self {
        case .plain(let text): text.count
        case .packed(let text): text.count
        }
    }

    /// All of the text.
    ///
    /// - Throws: `uncompressible` where the frame is damaged, `unavailable`.
    public func unpacked() throws(FormatError) -> [UInt8] {
        switch self {
        case .plain(let text): return text
        case .packed(let text):
            var content: [UInt8] = []
            let frame = text.room.span.extracting(PackedText.start...)
            try Decompressor().decompress(frame, count: text.count, part: .tree, into: &content)
            return content
        }
    }

    /// The nodes of the folder.
    ///
    /// - Throws: `malformed`; `uncompressible` where the frame is damaged.
    public func nodes() throws(FormatError) -> [Node] {
        var nodes: [Node] = []
        var reader = try TreeTextReader(self)
        while let node = try reader.next() { nodes.append(node) }
        return nodes
    }
}

/// A text as a Zstandard frame, with its hash.
public struct PackedText: Sendable {
    /// The SHA-256 of the text.
    public let id: ObjectID
    /// Bytes of the text.
    public let count: Int
    /// The frame behind room for the nonce with which it will be sealed.
    let room: [UInt8]

    /// Where in `room` the frame begins.
    static let start = Sealer.nonceByteCount
}

/// Packs a text that comes in pieces.
struct TextPacker: ~Copyable {
    private var stream: CompressionStream
    private var hash = SHA256Stream()
    private var room = [UInt8](repeating: 0, count: PackedText.start)
    private var count = 0

    init(_ compression: Compression) throws(FormatError) {
        stream = try CompressionStream(compression)
    }

    mutating func feed(_ piece: Span<UInt8>) throws(FormatError) {
        hash.update(piece)
        count += piece.count
        try stream.feed(piece, into: &room)
    }

    /// Ends the text; the packer is then empty.
    mutating func finish() throws(FormatError) -> PackedText {
        try stream.finish(into: &room)
        defer { (hash, room, count) = (SHA256Stream(), [], 0) }
        return PackedText(id: hash.finish(), count: count, room: room)
    }
}

/// Gives the nodes of a folder one by one, as text is unpacked.
public struct TreeTextReader: ~Copyable {
    private var reader = TreeReader()
    private let text: PackedText?
    private var place = 0
    private var stream: DecompressionStream?

    /// - Throws: `unavailable` when there is no memory.
    public init(_ text: TreeText) throws(FormatError) {
        switch text {
        case .plain(let text):
            self.text = nil
            stream = nil
            reader.feed(text[...])
        case .packed(let text):
            self.text = text
            stream = try DecompressionStream()
        }
    }

    /// The next node; nil after the last.
    ///
    /// - Throws: `malformed`, also for names that do not ascend; `uncompressible` where the frame is damaged.
    public mutating func next() throws(FormatError) -> Node? {
        while true {
            if let node = try reader.next() { return node }
            guard try readOn() else { return nil }
        }
    }

    /// The text of the next node, as ``next()`` gives the node; nobody has looked at its order.
    mutating func nextText() throws(FormatError) -> [UInt8]? {
        while true {
            if let node = try reader.nextText() { return node }
            guard try readOn() else { return nil }
        }
    }

    /// Unpacks some more; false behind the end.
    private mutating func readOn() throws(FormatError) -> Bool {
        guard let text,
            let piece = try stream?.next(
                of: text.room.span.extracting(PackedText.start...), from: &place, part: .tree)
        else {
            guard reader.isComplete else { throw .malformed(.tree, "it ends too early") }
            return false
        }
        reader.feed(piece)
        return true
    }
}
