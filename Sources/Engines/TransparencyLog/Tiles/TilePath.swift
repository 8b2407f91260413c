// SPDX-License-Identifier: Apache-2.0

/// The name of a tile: its level, its index and how many items it holds (tlog-tiles, "Merkle Tree").
public struct TilePath: Hashable, Sendable {
    /// What a tile holds.
    public enum Content: Hashable, Sendable {
        /// Hashes of full subtrees of 256^level leaves; levels go from 0 to 63.
        case hashes(level: Int)
        /// The log entries themselves.
        case entries
    }

    /// Items in a full tile.
    public static let fullWidth = 256

    /// What the tile holds.
    public let content: Content
    /// Position of the tile in its level.
    public let index: UInt64
    /// Number of items, 1 to 256; less than 256 is a partial tile.
    public let width: Int

    /// - Throws: ``TileError/badPath`` when level or width are out of range.
    public init(content: Content, index: UInt64, width: Int = fullWidth) throws(TileError) {
        guard (1...Self.fullWidth).contains(width) else { throw .badPath }
        if case .hashes(let level) = content, !(0...63).contains(level) { throw .badPath }
        self.init(valid: content, index, width)
    }

    /// INVARIANT: level and width are in range.
    init(valid content: Content, _ index: UInt64, _ width: Int) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// Whether more items may come.
    public var isPartial: Bool { width < Self.fullWidth }

    /// The full tile that this one becomes.
    public var full: TilePath { TilePath(valid: content, index, Self.fullWidth) }

    /// The tile that holds item `item` of a content in a tree of `size` leaves; `nil` if the tree has no such item.
    public static func holding(_ item: UInt64, of content: Content, inTreeOf size: UInt64) -> TilePath? {
        let count = content.count(inTreeOf: size)
        guard item < count else { return nil }
        let first = item & ~255
        return TilePath(valid: content, item >> 8, Int(min(256, count - first)))
    }
}

extension TilePath.Content {
    /// How many items a tree of `size` leaves has of this content, over all tiles.
    func count(inTreeOf size: UInt64) -> UInt64 {
        switch self {
        case .entries: size
        // A shift by 64 or more, from level 8 on, gives 0.
        case .hashes(let level): size >> UInt64(8 * level)
        }
    }
}
