// SPDX-License-Identifier: Apache-2.0

package import Kernel
import Store
package import TransparencyLog

/// A leaf with its place in the log.
package struct PlacedLeaf: Sendable {
    /// Its place, from 0.
    package let position: Int64
    /// What it says.
    package let leaf: Leaf
    /// The bytes that are hashed.
    package let bytes: [UInt8]
}

/// Which leaves to look for.
package struct LeafQuery: Sendable {
    /// Only leaves of this kind.
    package var kind: String?
    /// No leaves of this kind.
    package var without: String?
    /// Only leaves of this actor.
    package var actor: EntityReference?
    /// Only leaves about this pseudonym.
    package var subject: [UInt8]?
    /// Only leaves before this place.
    package var before: Int64?
    /// Only leaves after this place, and the oldest of them first: for those who read on where they stopped.
    package var after: Int64?
    /// How many at most.
    package var limit: Int64

    /// The newest `limit` leaves.
    package init(limit: Int64 = 50) {
        self.limit = limit
    }
}

extension EvidenceLog {
    /// The newest leaves that `query` asks for, newest first unless it asks for those after a place. Only what a
    /// checkpoint covers is returned.
    package func leaves(_ query: LeafQuery = LeafQuery()) async throws -> [PlacedLeaf] {
        guard let size = try await checkpoint()?.checkpoint.size else { return [] }
        let positions = try await positions(query, below: Int64(clamping: size))
        return try await tiles.reading { read in
            var bundles: [TilePath: [[UInt8]]] = [:]
            return try positions.map { position in
                try Self.leaf(at: position, size: size, read, &bundles)
            }
        }
    }

    private func positions(_ query: LeafQuery, below size: Int64) async throws -> [Int64] {
        try await store.read { tx in
            var conditions = ["position < ?"]
            var values: [StoreValue] = [.integer(min(size, query.before ?? size))]
            if let kind = query.kind {
                conditions.append("kind = ?")
                values.append(.text(kind))
            }
            if let without = query.without {
                conditions.append("kind <> ?")
                values.append(.text(without))
            }
            if let actor = query.actor {
                conditions.append("actor = ?")
                values.append(.text("\(actor.type):\(actor.id)"))
            }
            if let subject = query.subject {
                conditions.append("subject = ?")
                values.append(.bytes(subject))
            }
            if let after = query.after {
                conditions.append("position > ?")
                values.append(.integer(after))
            }
            let sql = """
                SELECT position FROM ledger_leaves WHERE \(conditions.joined(separator: " AND "))
                ORDER BY position \(query.after == nil ? "DESC" : "ASC") LIMIT ?
                """
            return try tx.rows(sql, values + [.integer(max(0, query.limit))]).map { try $0.integer(0) }
        }
    }

    private static func leaf(
        at position: Int64, size: UInt64, _ read: TileReader, _ bundles: inout [TilePath: [[UInt8]]]
    ) throws -> PlacedLeaf {
        guard position >= 0,
            let path = TilePath.holding(UInt64(position), of: .entries, inTreeOf: size)
        else { throw Fault(.notFound, "The log has no such entry.") }
        let entries = try bundles[path] ?? EntryBundle.decode(try read(path), at: path)
        bundles[path] = entries
        let bytes = entries[Int(position & 255)]
        return PlacedLeaf(position: position, leaf: try Leaf(decoding: bytes), bytes: bytes)
    }

    /// The leaf at `position`.
    ///
    /// - Throws: `Fault.notFound` when no checkpoint covers such a leaf.
    package func leaf(at position: Int64) async throws -> PlacedLeaf {
        guard let size = try await checkpoint()?.checkpoint.size else {
            throw Fault(.notFound, "The log has no such entry.")
        }
        return try await tiles.reading { read in
            var bundles: [TilePath: [[UInt8]]] = [:]
            return try Self.leaf(at: position, size: size, read, &bundles)
        }
    }

    /// The place of the leaf with this id, once it is sequenced.
    package func position(of id: Identifier<Kernel.Leaf>) async throws -> Int64? {
        try await store.read { tx in
            try tx.row("SELECT position FROM ledger_leaves WHERE id = ?", [.bytes(id.bytes)])?.integer(0)
        }
    }

    /// The proof that the leaf at `position` is in the log under the newest checkpoint (C2SP tlog-proof).
    ///
    /// - Parameter holdsLeaf: Whether the leaf's bytes go along as the proof's extra data, so that the file can be
    ///   checked without anything else but the log's public key.
    /// - Throws: `Fault.notFound` when no checkpoint covers such a leaf.
    package func proof(of position: Int64, holdsLeaf: Bool = false) async throws -> LogProof {
        guard let published = try await checkpoint(), position >= 0,
            UInt64(position) < published.checkpoint.size
        else { throw Fault(.notFound, "The log has no such entry.") }
        return try await tiles.reading { read in
            let tree = TiledTree(size: published.checkpoint.size, read: read)
            let proof = try tree.inclusionProof(of: UInt64(position))
            var bundles: [TilePath: [[UInt8]]] = [:]
            let leaf =
                holdsLeaf
                ? try Self.leaf(at: position, size: published.checkpoint.size, read, &bundles).bytes : []
            return try LogProof(extra: leaf, index: UInt64(position), hashes: proof.hashes, note: published.note)
        }
    }

    /// Whether the index by which leaves are found knows all that the newest checkpoint covers. It follows the log, and
    /// after many leaves at once it lags; a log without a checkpoint is known when nothing waits for one.
    package func isIndexed() async throws -> Bool {
        guard let size = try await checkpoint()?.checkpoint.size else { return try await pendingCount() == 0 }
        return try await store.read { tx in try LogState.read(tx).indexed >= size }
    }

    /// How many committed leaves no checkpoint covers yet.
    package func pendingCount() async throws -> Int64 {
        let published = try await checkpoint()?.checkpoint.size ?? 0
        return try await store.read { tx in
            let state = try LogState.read(tx)
            let waiting = try tx.row("SELECT count(*) FROM ledger_pending", [])?.integer(0) ?? 0
            // Those of a round wait in the store until the console finds them, also when they are published.
            let placed = Int64(clamping: state.frontier.size - state.indexed)
            let unpublished = Int64(clamping: state.frontier.size) - Int64(clamping: published)
            return max(0, waiting - placed) + max(0, unpublished)
        }
    }
}
