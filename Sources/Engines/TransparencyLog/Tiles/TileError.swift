// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the stored form of a log.
public enum TileError: Error, Hashable, Sendable {
    /// A path is not one that the tile layout knows.
    case badPath
    /// The bytes are no frontier.
    case badFrontier
    /// The tree cannot hold more leaves: sizes end at 2⁶⁴−1.
    case treeFull
    /// A hash tile has not the length that its path demands.
    case wrongLength(TilePath, expected: Int, found: Int)
    /// A bundle does not hold exactly the entries that its path demands.
    case badBundle(TilePath)
    /// The entry at this position of the batch is longer than 65,535 bytes.
    case entryTooLong(position: Int)
    /// A full tile does not hash to what the tile above it says.
    case tileMismatch(TilePath)
    /// The entry at this index does not hash to what its tile says.
    case entryMismatch(index: UInt64)
    /// The tiles at the right edge are not those of the tree that is to grow.
    case edgeMismatch(size: UInt64)
}
