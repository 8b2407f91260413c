// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// The index by which the console finds leaves: rows in the store, made from the leaves and compared with them.
enum LeafIndex {
    /// The row of the leaf whose bytes these are, at `position`.
    static func row(_ bytes: [UInt8], at position: Int64) throws -> [StoreValue] {
        if let outline = LeafOutline(scanning: bytes) {
            return [
                .integer(position), .bytes(outline.id), .text(outline.kind), .integer(outline.at),
                .text(outline.actor), StoreValue(outline.on),
            ]
        }
        let leaf = try Leaf(decoding: bytes)
        return [
            .integer(position), .bytes(leaf.id.bytes), .text(leaf.kind), .integer(leaf.at.microseconds),
            .text("\(leaf.actor.type):\(leaf.actor.id)"), leaf.on.map { .bytes($0) } ?? .null,
        ]
    }

    /// Puts rows into the index.
    static func put(_ rows: some Collection<[StoreValue]>, _ tx: any Transaction) throws {
        var rest = rows[...]
        while rest.count >= together {
            try tx.execute(insertTogether, rest.prefix(together).flatMap(\.self))
            rest = rest.dropFirst(together)
        }
        for row in rest { try tx.execute(insertOne, row) }
    }

    /// How many rows one statement inserts where there are as many.
    private static let together = 32

    private static let insertOne =
        "INSERT INTO ledger_leaves (position, id, kind, at, actor, subject) VALUES (?, ?, ?, ?, ?, ?)"
    private static let insertTogether = insertOne + String(repeating: ", (?, ?, ?, ?, ?, ?)", count: together - 1)

    /// The rows of the leaves from `first` on, before `end`.
    static func rows(from first: Int64, before end: Int64, _ tx: any ReadTransaction) throws -> [[StoreValue]] {
        try tx.rows(
            """
            SELECT position, id, kind, at, actor, subject FROM ledger_leaves
            WHERE position >= ? AND position < ? ORDER BY position
            """, [.integer(first), .integer(end)]
        ).map(\.values)
    }

    /// Those of `rows`, which begin at `first`, that the sequencer has put into the index.
    static func expected(
        _ rows: [[StoreValue]], from first: Int64, _ tx: any ReadTransaction
    ) throws -> [[StoreValue]] {
        let indexed = Int64(clamping: try LogState.read(tx).indexed)
        return Array(rows.prefix(Int(max(0, min(indexed - first, Int64(rows.count))))))
    }

    /// Calls `body` with the rows that each bundle of the log asks for, in order.
    static func eachBundle(
        _ tiles: any TileStore, size: UInt64, _ body: (Int64, [[StoreValue]]) async throws -> Bool
    ) async throws {
        var first: UInt64 = 0
        while let path = TilePath.holding(first, of: .entries, inTreeOf: size) {
            let start = Int64(clamping: first)
            let rows = try await tiles.reading { read in
                try EntryBundle.decode(try read(path), at: path).enumerated().map { offset, bytes in
                    try row(bytes, at: start + Int64(offset))
                }
            }
            guard try await body(start, rows) else { return }
            first += 256
        }
    }
}

extension EvidenceLog {
    /// Makes the index of the leaves anew from the log itself.
    ///
    /// - Returns: how many leaves it holds now.
    /// - Throws: `Fault.damaged` when the log itself cannot be read.
    package func rebuildIndex() async throws -> Int64 {
        guard let size = try await checkpoint()?.checkpoint.size else { return 0 }
        try await LeafIndex.eachBundle(tiles, size: size) { start, rows in
            try await store.write { tx in
                // What the sequencer has not put into the index yet, it will.
                let rows = try LeafIndex.expected(rows, from: start, tx)
                try tx.execute(
                    "DELETE FROM ledger_leaves WHERE position >= ? AND position < ?",
                    [.integer(start), .integer(start + Int64(rows.count))])
                for row in rows {
                    // A row that stands at a wrong place would keep the right one out.
                    try tx.execute("DELETE FROM ledger_leaves WHERE id = ?", [row[1]])
                }
                try LeafIndex.put(rows, tx)
            }
            return true
        }
        return Int64(clamping: size)
    }
}

extension LogCheck {
    /// Whether the console finds every leaf of the log, and finds it as what it is.
    ///
    /// - Parameter isDelayed: whether leaves wait so long that those which are missing are not just being put in.
    mutating func index(_ store: Database, _ tiles: any TileStore, size: UInt64, isDelayed: Bool) async throws {
        let indexed = try await store.read { tx in try LogState.read(tx).indexed }
        if isDelayed, indexed < size {
            notes.append("entries \(indexed) to \(size - 1) are published, but the console does not find them yet")
        }
        var place: Int64?
        try await LeafIndex.eachBundle(tiles, size: size) { start, rows in
            place = try await store.read { tx in
                let expected = try LeafIndex.expected(rows, from: start, tx)
                let found = try LeafIndex.rows(from: start, before: start + Int64(expected.count), tx)
                return found == expected ? nil : start + Int64(zip(found, expected).prefix { $0 == $1 }.count)
            }
            return place == nil
        }
        guard let place else { return }
        problems.append(
            """
            the store's index of entries differs from the log at entry \(place); the log itself is whole, \
            and salus ledger reindex makes the index anew
            """)
    }
}
