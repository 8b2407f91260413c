// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TransparencyLog

/// The leaves that got their places together and are being published: from the moment they have a place until the
/// console finds each of them. There is one at most.
///
/// INVARIANT: of a round in the store, the leaves from `LogState.indexed` on still wait in `ledger_pending`. They are
/// taken out in the transaction that puts them into the index, and only after a checkpoint covers them.
struct LogRound: Sendable {
    /// A leaf as it waits.
    struct Entry: Sendable {
        let id: [UInt8]
        let bytes: [UInt8]
    }

    /// The place of the round's first leaf.
    let first: UInt64
    /// The leaves that are not in the index yet, in the order of their places, which begin at `start`.
    let entries: [Entry]
    /// The place of the first of `entries`.
    let start: UInt64
    /// The state of the log once all of the round's leaves have their places.
    let state: LogState

    /// The round in the store that is not finished; nil when there is none.
    ///
    /// - Throws: `Fault.damaged` when leaves of it are missing.
    static func open(_ state: LogState, _ tx: any ReadTransaction) throws -> LogRound? {
        let lost = Fault(.damaged, "Leaves that have a place in the log but were not published are missing.")
        guard let row = try tx.row("SELECT first, ids FROM ledger_round ORDER BY first LIMIT 1", []) else {
            guard state.indexed == state.frontier.size else { throw lost }
            return nil
        }
        let first = UInt64(clamping: try row.integer(0))
        let ids = try row.bytes(1)
        guard ids.count.isMultiple(of: idLength), first + UInt64(ids.count / idLength) == state.frontier.size,
            first <= state.indexed, state.indexed < state.frontier.size
        else { throw lost }
        let entries = try stride(from: Int(state.indexed - first) * idLength, to: ids.count, by: idLength).map {
            place in
            let id = Array(ids[place..<place + idLength])
            guard let leaf = try tx.row("SELECT leaf FROM ledger_pending WHERE id = ?", [.bytes(id)]) else {
                throw lost
            }
            return Entry(id: id, bytes: try leaf.bytes(0))
        }
        return LogRound(first: first, entries: entries, start: state.indexed, state: state)
    }

    /// The oldest leaves that wait for a place.
    static func waiting(limit: Int64, _ tx: any ReadTransaction) throws -> [Entry] {
        let entries = try tx.rows("SELECT id, leaf FROM ledger_pending ORDER BY id LIMIT ?", [.integer(limit)]).map {
            Entry(id: try $0.bytes(0), bytes: try $0.bytes(1))
        }
        guard entries.allSatisfy({ $0.id.count == idLength }) else {
            throw Fault(.damaged, "The id of a waiting leaf is no identifier.")
        }
        return entries
    }

    /// When the leaf that has waited longest was recorded; nil when none waits.
    static func oldestWaiting(_ tx: any ReadTransaction) throws -> Instant? {
        guard let id = try tx.row("SELECT id FROM ledger_pending ORDER BY id LIMIT 1", [])?.bytes(0) else { return nil }
        // The milliseconds since 1970 with which each id begins (RFC 9562 section 5.7).
        let milliseconds = id.prefix(6).reduce(0) { $0 << 8 | Int64($1) }
        return Instant(microseconds: milliseconds * 1_000)
    }

    /// The round that places `entries` behind the leaves of `old`, so that the log ends in `frontier`. Nothing is
    /// written yet.
    static func placing(_ entries: [Entry], after old: LogState, frontier: Frontier) -> LogRound {
        LogRound(
            first: old.frontier.size, entries: entries, start: old.frontier.size,
            state: LogState(frontier: frontier, indexed: old.indexed))
    }

    /// Gives the leaves of a round that is not in the store yet their places for ever.
    ///
    /// - Throws: `Fault.conflict` when another sequencer, which got the lock when this one lost it, was faster.
    func begin(after old: LogState, _ tx: any Transaction) throws {
        guard try LogState.read(tx).frontier == old.frontier else {
            throw Fault(.conflict, "Another process gives leaves their places in the log.")
        }
        try tx.execute(
            "INSERT INTO ledger_round (first, ids) VALUES (?, ?)",
            [.integer(Int64(clamping: first)), .bytes(entries.flatMap(\.id))])
        try state.write(tx)
    }

    /// Moves `part` of the entries from the waiting ones into the index; with the last one the round is over.
    ///
    /// - Throws: `Fault.conflict` as `begin` does.
    func finish(_ part: Range<Int>, _ rows: [[StoreValue]], _ tx: any Transaction) throws {
        var known = try LogState.read(tx)
        guard known.indexed == start + UInt64(part.lowerBound) else {
            throw Fault(.conflict, "Another process finishes a round of the log.")
        }
        try Self.remove(entries[part], tx)
        try LeafIndex.put(rows, tx)
        known.indexed = start + UInt64(part.upperBound)
        try known.write(tx)
        if part.upperBound == entries.count { try tx.execute("DELETE FROM ledger_round") }
    }

    /// Removes `entries`, which are in the order of their ids, from those that wait.
    private static func remove(_ entries: ArraySlice<Entry>, _ tx: any Transaction) throws {
        guard let first = entries.first, let last = entries.last else { return }
        let ends: [StoreValue] = [.bytes(first.id), .bytes(last.id)]
        let between = "FROM ledger_pending WHERE id >= ? AND id <= ?"
        // Another process may have committed leaves between them since, which wait on.
        let found = try tx.rows("SELECT id \(between) ORDER BY id", ends).map { try $0.bytes(0) }
        if found == entries.map(\.id) {
            try tx.execute("DELETE \(between)", ends)
        } else {
            for entry in entries { try tx.execute("DELETE FROM ledger_pending WHERE id = ?", [.bytes(entry.id)]) }
        }
    }

    private static let idLength = 16
}
