// SPDX-License-Identifier: Apache-2.0

/// Up to 256 log entries in one file, each after its length as two bytes, big-endian
/// (tlog-tiles, "Log entries").
public enum EntryBundle {
    /// Longest entry, in bytes.
    public static let longestEntry = 65_535

    /// The bytes of a bundle.
    /// - Throws: ``TileError/entryTooLong(position:)``.
    public static func encode(_ entries: some Collection<[UInt8]>) throws(TileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + 2 + $1.count })
        for (position, entry) in entries.enumerated() {
            guard entry.count <= longestEntry else { throw .entryTooLong(position: position) }
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 255))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// The entries of the bundle at `path`, as many as its width says.
    /// - Throws: ``TileError/badBundle(_:)`` when bytes are missing or left over.
    public static func decode(_ bytes: [UInt8], at path: TilePath) throws(TileError) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var position = 0
        while position + 2 <= bytes.count, entries.count < path.width {
            let start = position + 2
            let end = start + Int(bytes[position]) << 8 + Int(bytes[position + 1])
            guard end <= bytes.count else { throw .badBundle(path) }
            entries.append(Array(bytes[start..<end]))
            position = end
        }
        guard position == bytes.count, entries.count == path.width else { throw .badBundle(path) }
        return entries
    }
}
