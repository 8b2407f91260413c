// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Store

/// Looks once through the records that were taken in before there was an index of files.
///
/// The list of those that are left is in the store: a round that was cut short goes on where it was, and doing a record
/// twice changes nothing. One that does not open stays on the list, and is tried again.
struct FilePointerRound: Sendable {
    private let records: RecordStore
    private let pageSize: Int64

    /// Bytes of records that one page may hold in memory.
    private static let largestPage = 32 << 20

    /// The round over `records`, so many of them in one transaction.
    init(_ records: RecordStore, pageSize: Int64 = 200) {
        (self.records, self.pageSize) = (records, pageSize)
    }

    /// The scheduled work.
    static func job(_ records: RecordStore) -> Job {
        Job("vault/files", every: .minutes(1)) { try await FilePointerRound(records).run() }
    }

    /// Looks through all that is left.
    func run() async throws {
        let isDone = try await records.house.store.read { tx in
            try tx.row("SELECT 1 FROM vault_pointers_pending LIMIT 1") == nil
        }
        if isDone { return }
        // A row that is gone, or that a newer version replaced, has nothing to say.
        try await records.house.store.write { tx in
            _ = try tx.execute(
                """
                DELETE FROM vault_pointers_pending
                WHERE record NOT IN (SELECT id FROM vault_records WHERE current = 1)
                """)
        }
        var after: [UInt8] = []
        while let through = try await step(after: after) { after = through }
    }

    /// Looks through one page of what is left behind the id `after`.
    ///
    /// - Returns: the last id of the page; nil where nothing is left.
    func step(after: [UInt8]) async throws -> [UInt8]? {
        guard let page = try await read(after: after) else { return nil }
        try await records.house.store.write { tx in
            for record in page.read { try record.keep(tx) }
            for id in page.damaged {
                try tx.execute("UPDATE vault_pointers_pending SET tried = 1 WHERE record = ?", [.bytes(id)])
            }
        }
        return page.through
    }

    private struct Page: Sendable {
        var read: [Read] = []
        var damaged: [[UInt8]] = []
        var through: [UInt8] = []
    }

    private struct Read: Sendable {
        let id: [UInt8]
        let lookup: [UInt8]
        let pointers: FilePointers

        /// Unless an import replaced the record meanwhile, and told what the newer version says.
        func keep(_ tx: any Transaction) throws {
            let isCurrent =
                try tx.row("SELECT 1 FROM vault_records WHERE id = ? AND current = 1", [.bytes(id)]) != nil
            if isCurrent { try FilePointerRows.tell(pointers, by: lookup, in: tx) }
            try FilePointerRows.settle(id, in: tx)
        }
    }

    private func read(after: [UInt8]) async throws -> Page? {
        try await records.house.store.read { [self] tx in
            var (page, size) = (Page(), 0)
            try tx.forEachRow(
                """
                SELECT \(SealedRow.columns), lookup FROM vault_records
                WHERE id IN (SELECT record FROM vault_pointers_pending WHERE record > ? ORDER BY record LIMIT ?)
                ORDER BY id
                """, [.bytes(after), .integer(pageSize)]
            ) { row in
                let id = try row.bytes(0)
                page.through = id
                // A statement that fails fails the transaction too, so the store's troubles are not taken for a record's.
                guard let sealed = try? SealedRow(row),
                    let key = try? records.house.keyring.dataKey(sealed.key, in: tx),
                    let record = try? ChartRecord(try SealedRecord(row: sealed, key: key).open())
                else {
                    page.damaged.append(id)
                    return true
                }
                var pointers = FilePointerReader(index: records.index).read(record.root, type: sealed.type)
                pointers.guesses = try pointers.guesses.filter { try Self.isRecord($0, tx) }
                page.read.append(Read(id: id, lookup: try row.bytes(7), pointers: pointers))
                size += sealed.sealed.count
                return size < Self.largestPage
            }
            return page.through.isEmpty ? nil : page
        }
    }

    private static func isRecord(_ lookup: [UInt8], _ tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT 1 FROM vault_records WHERE lookup = ? LIMIT 1", [.bytes(lookup)]) != nil
    }
}
