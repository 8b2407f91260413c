// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Store

/// The reserve of a shared database: a table of noise in it, which frees its pages when it is dropped.
///
/// Dropping a table needs no new page, and PostgreSQL gives the space back when the drop commits, not at the next
/// checkpoint only: it cuts the file to nothing at once and removes its name later.
package struct TableReserve: EvidenceReserve {
    package let size: Int64
    package let place = "the disk of the database server"
    private let store: Database

    /// A row fills a page of 8 KiB, and stays in it: PLAIN is neither compressed nor moved elsewhere.
    private static let row: Int64 = 8_000
    private static let page: Int64 = 8_192
    /// Rows that one statement brings.
    private static let batch: Int64 = 128
    /// How long after an attempt to make it the next one may follow: an attempt fills the disk for a moment.
    private static let pause = Duration.minutes(1)

    /// The reserve in `store`, which must be PostgreSQL.
    package init(_ store: Database, size: Int64 = 16 << 20) {
        self.store = store
        self.size = size
    }

    package func state() async throws -> ReserveState {
        try await store.read { tx in
            if try isHeld(tx) { return .held }
            let made = try tx.row("SELECT made FROM ledger_reserve_state WHERE one = 1")?.optionalInteger(0)
            return made == nil ? .absent : .released
        }
    }

    /// Whether the table is there; it is filled in the transaction that makes it. Asks nothing that a lock on the
    /// table could hold up.
    private func isHeld(_ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT to_regclass('ledger_reserve') IS NOT NULL")?.integer(0) == 1
    }

    @discardableResult
    package func release() async throws -> Bool {
        try await store.write { tx in
            // Also waits for an attempt to make it: what that has taken comes back with its end.
            try tx.execute("SELECT pg_advisory_xact_lock(?)", [.integer(Self.lock)])
            let isHeld = try isHeld(tx)
            // A backup by pg_dump locks every table for hours; the act of care must be answered meanwhile.
            try tx.execute("SELECT set_config('lock_timeout', '3s', true)")
            try tx.execute("DROP TABLE IF EXISTS ledger_reserve")
            return isHeld
        }
    }

    package func restore() async throws {
        guard try await isDue() else {
            // Not asked again so soon: what ran full is still taken for full, what was never made for nothing.
            guard try await state() == .released else { return }
            throw full
        }
        let noise = Self.noise()
        try await store.write { tx in
            guard try takesLock(tx), try !isHeld(tx) else { return }
            // The second half of the room that is asked for; not logged, so that a try that fails costs little.
            try tx.execute("CREATE UNLOGGED TABLE ledger_reserve_probe (bytes BYTES NOT NULL)")
            try fill("ledger_reserve_probe", noise, tx)
            try tx.execute("CREATE TABLE ledger_reserve (bytes BYTES NOT NULL)")
            try fill("ledger_reserve", noise, tx)
            try tx.execute("DROP TABLE ledger_reserve_probe")
            try tx.execute("UPDATE ledger_reserve_state SET made = ?", [.integer(tx.now.microseconds)])
        }
    }

    /// Whether an attempt is due; notes it for all processes then.
    private func isDue() async throws -> Bool {
        try await store.write { tx in
            guard try !isHeld(tx) else { return false }
            let due = tx.now.advanced(by: .zero - Self.pause)
            return try tx.execute(
                """
                INSERT INTO ledger_reserve_state (one, tried) VALUES (1, ?)
                ON CONFLICT (one) DO UPDATE SET tried = excluded.tried
                    WHERE ledger_reserve_state.tried <= ? OR ledger_reserve_state.tried > excluded.tried
                """,
                [.integer(tx.now.microseconds), .integer(due.microseconds)]) > 0
        }
    }

    private func takesLock(_ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT pg_try_advisory_xact_lock(?)", [.integer(Self.lock)])?.integer(0) == 1
    }

    /// "salus:re" as a number; no other lock of ours has it.
    private static let lock: Int64 = 0x7361_6C75_733A_7265

    private func fill(_ table: String, _ noise: [UInt8], _ tx: any Transaction) throws {
        try tx.execute("ALTER TABLE \(table) ALTER COLUMN bytes SET STORAGE PLAIN")
        var left = (size + Self.page - 1) / Self.page
        while left > 0 {
            let count = min(left, Self.batch)
            left -= count
            try tx.execute(
                """
                INSERT INTO \(table) (bytes)
                SELECT substr(?, turn * \(Self.row) + 1, \(Self.row)) FROM generate_series(0, \(count - 1)) AS turn
                """, [.bytes(noise)])
        }
    }

    /// Bytes for one batch that no file system makes smaller.
    private static func noise() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<batch * row / 8).map { _ in generator.next() as UInt64 }
        // Unsafe claim: the bytes are copied while `words` lives.
        return unsafe words.withUnsafeBytes { unsafe Array($0) }
    }
}
