// SPDX-License-Identifier: Apache-2.0

/// The tiles that must be written when a tree grows: bundles first, then hashes, level by level.
///
/// Lazy, so that an absurd size costs nothing. From 0 these are all the tiles of a tree.
public struct TilePaths: Sequence, IteratorProtocol, Sendable {
    private let oldSize: UInt64
    private let newSize: UInt64
    private var contents: [TilePath.Content]
    private var nextItem: UInt64?

    /// Growth from `oldSize` to `newSize` leaves; nothing when the tree does not grow.
    public init(from oldSize: UInt64 = 0, to newSize: UInt64) {
        self.oldSize = oldSize
        self.newSize = newSize
        contents = ([.entries] + (0...7).map { .hashes(level: $0) }).reversed()
    }

    /// The next tile.
    public mutating func next() -> TilePath? {
        while let content = contents.last {
            // The first tile to write holds the first new item, perhaps after old ones.
            let item = nextItem ?? content.count(inTreeOf: oldSize)
            if item < content.count(inTreeOf: newSize),
                let path = TilePath.holding(item, of: content, inTreeOf: newSize)
            {
                nextItem = (item | 255).addingReportingOverflow(1).overflow ? .max : (item | 255) + 1
                return path
            }
            contents.removeLast()
            nextItem = nil
        }
        return nil
    }
}
