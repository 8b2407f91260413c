// SPDX-License-Identifier: Apache-2.0

/// How much of what nobody needs may stay, and what is packed anew: the options of `restic prune`.
public struct PruneOptions: Equatable, Sendable {
    /// How much may stay that nobody needs.
    public enum Unused: Equatable, Sendable {
        /// So many per cent of what is there afterwards.
        case percent(Double)
        /// So many bytes.
        case bytes(UInt64)
        /// Any amount: only packs go that nobody needs at all.
        case unlimited
    }

    /// How much may stay that nobody needs.
    public var unused = Unused.percent(5)
    /// The most bytes that are packed anew.
    public var repackLimit = UInt64.max
    /// Packs shorter than this are put together; nil for a length that fits the repository.
    public var smallerThan: UInt64?
    /// Whether only packs of folders are packed anew.
    public var repacksTreesOnly = false
    /// Whether everything that is not compressed yet is packed anew.
    public var compressesAll = false

    /// What restic does by itself.
    public init() {}

    /// How many bytes may stay beside so many that are used.
    func allowance(beside used: UInt64) -> UInt64 {
        switch unused {
        case .unlimited: return .max
        case .bytes(let count): return count
        case .percent(let share):
            guard share < 100 else { return .max }
            let bytes = Double(used) * max(0, share) / (100 - max(0, share))
            return bytes < Double(UInt64.max / 2) ? UInt64(bytes) : .max
        }
    }
}
