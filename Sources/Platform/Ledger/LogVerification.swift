// SPDX-License-Identifier: Apache-2.0

package import Kernel
package import Store
package import TransparencyLog

/// What a verification of the whole log found.
package struct LogVerification: Sendable {
    /// How many leaves the checkpoint covers.
    package let size: UInt64
    /// The root over them, recomputed from every entry and tile.
    package let root: MerkleHash
    /// What is wrong, each with its place; empty when nothing is.
    package let problems: [String]
    /// What is worth knowing but no damage.
    package let notes: [String]
    /// Since when acknowledged leaves have waited unduly long for their checkpoint; nil when none do.
    package var delayedSince: Instant?

    /// Recomputes the log in `tiles`: every entry, every tile, the root and the signature; needs no secret.
    ///
    /// - Parameters:
    ///   - remembered: an earlier checkpoint of this log, kept elsewhere, that the log must still contain.
    ///   - trusted: the public key to trust; nil takes the one beside the log.
    ///   - store: where there is one, the log must be as long as the store says.
    package static func verify(
        _ tiles: any TileStore, remembered: [UInt8]? = nil, trusted: String? = nil, store: Database? = nil
    ) async throws -> LogVerification {
        var check = LogCheck()
        var before: StoreMemory?
        if let store { before = try await StoreMemory.read(store) }
        let published = try await check.checkpoint(tiles, trusted: trusted, published: before?.published)
        let size = published?.checkpoint.size ?? 0
        var root = MerkleHash.emptyRoot
        if let published {
            let result = try await tiles.reading { read in try LogCheck.recompute(size: size, read) }
            root = result.root
            check.problems += result.problems
            if result.problems.isEmpty, root != published.checkpoint.root {
                check.problems.append("the root of \(size) leaves is not the one that the checkpoint signed")
            }
            if let remembered { try await check.against(remembered, published, tiles) }
        } else if remembered != nil {
            check.problems.append("the log has no checkpoint that holds what the remembered one covers")
        }
        try await check.otherFiles(tiles, size: size)
        var after: StoreMemory?
        if let store, let before {
            let memory = try await StoreMemory.read(store)
            after = memory
            check.store(before, memory, published?.checkpoint)
            if check.problems.isEmpty {
                try await check.index(store, tiles, size: size, isDelayed: memory.delayedSince != nil)
            }
        }
        return LogVerification(
            size: size, root: root, problems: check.problems, notes: check.notes, delayedSince: after?.delayedSince)
    }
}
