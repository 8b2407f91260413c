// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Keyring
import Ledger
import Store

extension OpeningRounds {
    /// A stretch of records that was opened just now.
    struct Page: Sendable {
        private let after: [UInt8]
        private var through: [UInt8]
        private var opened: Int64 = 0
        private var failing: [[UInt8]] = []
        /// Whether no row follows.
        private var isLast: Bool

        /// Opens what follows after the id `after`.
        init(
            after: [UInt8], limit: Int64, bytes: Int, _ keyring: Keyring, _ tx: any ReadTransaction
        ) throws {
            self.after = after
            through = after
            var (rows, size): ([(id: [UInt8], row: SealedRow?, size: Int64)], Int) = ([], 0)
            try tx.forEachRow(
                "SELECT \(SealedRow.columns), size FROM vault_records WHERE id > ? ORDER BY id LIMIT ?",
                [.bytes(after), .integer(limit)]
            ) { row in
                let sealed = try? SealedRow(row)
                rows.append((try row.bytes(0), sealed, try row.integer(7)))
                size += sealed?.sealed.count ?? 0
                return size < bytes
            }
            isLast = Int64(rows.count) < limit && size < bytes
            for (id, row, size) in rows {
                through = id
                opened += 1
                if row.map({ !Self.opens($0, size, keyring, tx) }) ?? true { failing.append(id) }
            }
        }

        private static func opens(
            _ row: SealedRow, _ size: Int64, _ keyring: Keyring, _ tx: any ReadTransaction
        ) -> Bool {
            // A statement that fails fails the transaction too, so the store's troubles are not taken for a record's.
            guard SealedForm.fits(row.sealed, size), let key = try? keyring.dataKey(row.key, in: tx),
                let opened = try? SealedRecord(row: row, key: key).open()
            else { return false }
            return opened.bytes.count == Int(size)
        }

        /// Keeps what was found, in place of what was known of these records before.
        func keep(_ tx: any Transaction) throws {
            // Another process may have opened here meanwhile, and may have cut the pages differently.
            guard try isBoundary(tx) else { return }
            try name(tx)
            if isLast {
                try tx.execute("DELETE FROM vault_openings WHERE after >= ?", [.bytes(after)])
            } else {
                try tx.execute(
                    "DELETE FROM vault_openings WHERE after >= ? AND through <= ?", [.bytes(after), .bytes(through)])
                try tx.execute(
                    """
                    UPDATE vault_openings SET after = ?, opened = opened -
                        (SELECT count(*) FROM vault_records WHERE id > vault_openings.after AND id <= ?)
                    WHERE after >= ? AND after < ?
                    """, [.bytes(through), .bytes(through), .bytes(after), .bytes(through)])
            }
            guard opened > 0 else { return }
            try tx.execute(
                "INSERT INTO vault_openings (through, after, opened, at) VALUES (?, ?, ?, ?)",
                [.bytes(through), .bytes(after), .integer(opened), .integer(tx.now.microseconds)])
        }

        private func isBoundary(_ tx: any ReadTransaction) throws -> Bool {
            if after.isEmpty { return true }
            return try tx.row("SELECT 1 FROM vault_openings WHERE through = ?", [.bytes(after)]) != nil
        }

        /// Writes down which records do not open, each once in the log, and forgets those that do again.
        private func name(_ tx: any Transaction) throws {
            let end: [UInt8] = isLast ? Array(repeating: 0xFF, count: 17) : through
            let known = try tx.rows(
                "SELECT record FROM vault_unopenable WHERE record > ? AND record <= ? ORDER BY record",
                [.bytes(after), .bytes(end)]
            ).map { try $0.bytes(0) }
            for id in known where !failing.contains(id) {
                try tx.execute("DELETE FROM vault_unopenable WHERE record = ?", [.bytes(id)])
            }
            for id in failing {
                let isNew =
                    try tx.execute(
                        "INSERT INTO vault_unopenable (record, at) VALUES (?, ?) ON CONFLICT (record) DO NOTHING",
                        [.bytes(id), .integer(tx.now.microseconds)]) > 0
                guard isNew else { continue }
                try tx.record(Fact(VaultFacts.recordDamaged, by: .system, [.init("record", .string(Self.name(id)))]))
            }
        }

        /// The id of a record in words; bytes that are no id in hexadecimal.
        static func name(_ id: [UInt8]) -> String {
            Identifier<Record>(bytes: id)?.description ?? Hex.encode(id)
        }
    }
}
