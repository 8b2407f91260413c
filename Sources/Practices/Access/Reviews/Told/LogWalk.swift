// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Store

/// Reads on in the evidence log where it stopped the last time, so that a large log is read once and not at every
/// turn. What is made of a page and how far it goes become durable together.
struct LogWalk: Sendable {
    /// Under which its place is kept.
    let name: String
    /// The kinds of leaves that are read, in the order in which they stand in the log.
    let kinds: [String]
    let house: House
    /// Leaves of one kind that are in memory at a time.
    var pageSize: Int64 = 256

    /// Gives the leaves that were added since the last time to `fold`, a page a transaction.
    ///
    /// - Parameter pages: how many at most.
    /// - Returns: whether the end of the log was reached.
    func goOn(
        pages: Int, _ fold: @escaping @Sendable ([Ledger.Leaf], any Transaction) throws -> Void
    ) async throws -> Bool {
        for _ in 0..<pages {
            // Leaves enter the index in order, so all before the newest one can be seen by every query that follows.
            let end = try await house.ledger.leaves(LeafQuery(limit: 1)).first?.position ?? -1
            let start = try await place()
            guard start < end else { return try await house.ledger.isIndexed() }
            let (leaves, through) = try await page(after: start, to: end)
            try await house.store.write { [name] tx in
                try tx.execute(
                    "INSERT INTO access_cursors (name, position) VALUES (?, -1) ON CONFLICT (name) DO NOTHING",
                    [.text(name)])
                // Another process may have read this page meanwhile.
                let isOurs = try tx.execute(
                    "UPDATE access_cursors SET position = ? WHERE name = ? AND position = ?",
                    [.integer(through), .text(name), .integer(start)])
                if isOurs == 1 { try fold(leaves, tx) }
            }
            if through == end { return try await house.ledger.isIndexed() }
        }
        return false
    }

    private func place() async throws -> Int64 {
        try await house.store.read { [name] tx in
            try tx.row("SELECT position FROM access_cursors WHERE name = ?", [.text(name)])?.integer(0) ?? -1
        }
    }

    /// The next leaves in order, and the place up to which they are all that there are.
    private func page(after start: Int64, to end: Int64) async throws -> (leaves: [Ledger.Leaf], through: Int64) {
        var found: [PlacedLeaf] = []
        var through = end
        for kind in kinds {
            var query = LeafQuery(limit: pageSize)
            query.kind = kind
            query.after = start
            query.before = end + 1
            let leaves = try await house.ledger.leaves(query)
            if Int64(leaves.count) == pageSize, let last = leaves.last { through = min(through, last.position) }
            found += leaves
        }
        let page = found.filter { $0.position <= through }.sorted { $0.position < $1.position }
        return (page.map(\.leaf), through)
    }
}
