// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Store

/// Which patients' records carry which numbers of other systems, in keyed hashes: all of them, so that a number which
/// two patients have leads to nobody.
enum PatientNumbers {
    /// The type of records that it knows.
    static let type = "Patient"

    /// Puts the numbers of the newest version of a record in place of those of earlier ones.
    static func tell(_ macs: [[UInt8]], by record: [UInt8], isNew: Bool = false, in tx: any Transaction) throws {
        if !isNew { try tx.execute("DELETE FROM vault_patient_numbers WHERE record = ?", [.bytes(record)]) }
        for mac in macs {
            try tx.execute(
                "INSERT INTO vault_patient_numbers (mac, record) VALUES (?, ?) ON CONFLICT (mac, record) DO NOTHING",
                [.bytes(mac), .bytes(record)])
        }
    }

    /// The one patient with this number; nil when there is none, when there are several, and while there are records of
    /// before the index that nobody has read: one of them may carry the number too.
    static func patient(_ mac: [UInt8], in tx: any ReadTransaction) throws -> Identifier<Patient>? {
        let found = try tx.rows(
            """
            SELECT DISTINCT patient FROM vault_records
            WHERE current = 1 AND lookup IN (SELECT record FROM vault_patient_numbers WHERE mac = ?)
                AND NOT EXISTS (SELECT 1 FROM vault_numbers_pending)
            LIMIT 2
            """, [.bytes(mac)])
        guard found.count == 1, let bytes = try found[0].optionalBytes(0) else { return nil }
        return Identifier<Patient>(bytes: bytes)
    }
}

/// Looks once through the records of patients that were taken in before there was an index of their numbers.
///
/// The list of those that are left is in the store: a round that was cut short goes on where it was. One that does not
/// open stays on the list and is tried again: it may carry any number, so until it opens or a newer version takes its
/// place no number is known to be one patient's alone.
struct PatientNumberRound: Sendable {
    private let records: RecordStore
    private let pageSize: Int64

    /// The round over `records`, so many of them in one transaction.
    init(_ records: RecordStore, pageSize: Int64 = 50) {
        (self.records, self.pageSize) = (records, pageSize)
    }

    /// The scheduled work.
    static func job(_ records: RecordStore) -> Job {
        Job("vault/patient-numbers", every: .minutes(1)) { try await PatientNumberRound(records).run() }
    }

    /// Looks through all that is left.
    func run() async throws {
        var after: [UInt8] = []
        while let through = try await step(after: after) { after = through }
    }

    private struct Read: Sendable {
        let id: [UInt8]
        let lookup: [UInt8]
        /// Nil for a record that does not open, or is not the newest any more.
        let macs: [[UInt8]]?
    }

    /// Looks through one page of what is left behind the id `after`.
    ///
    /// - Returns: the last id of the page; nil where nothing is left.
    func step(after: [UInt8]) async throws -> [UInt8]? {
        let page = try await read(after: after)
        guard let through = page.last?.id else { return nil }
        try await records.house.store.write { tx in
            for record in page { try settle(record, tx) }
        }
        return through
    }

    /// Unless an import replaced the record meanwhile, and told the numbers of the newer version.
    private func settle(_ record: Read, _ tx: any Transaction) throws {
        if try tx.row("SELECT 1 FROM vault_records WHERE id = ? AND current = 1", [.bytes(record.id)]) != nil {
            guard let macs = record.macs else { return }
            try PatientNumbers.tell(macs, by: record.lookup, in: tx)
        }
        try tx.execute("DELETE FROM vault_numbers_pending WHERE record = ?", [.bytes(record.id)])
    }

    private func read(after: [UInt8]) async throws -> [Read] {
        try await records.house.store.read { [self] tx in
            let pending = try tx.rows(
                "SELECT record FROM vault_numbers_pending WHERE record > ? ORDER BY record LIMIT ?",
                [.bytes(after), .integer(pageSize)])
            return try pending.map { row in
                let id = try row.bytes(0)
                let found = try tx.row(
                    "SELECT \(SealedRow.columns), lookup FROM vault_records WHERE id = ? AND current = 1", [.bytes(id)])
                guard let found else { return Read(id: id, lookup: [], macs: nil) }
                // A statement that fails fails the transaction too, so the store's troubles are not taken for a record's.
                let record = (try? SealedRow(found)).flatMap { sealed in
                    (try? records.house.keyring.dataKey(sealed.key, in: tx)).flatMap {
                        try? ChartRecord(try SealedRecord(row: sealed, key: $0).open())
                    }
                }
                return Read(
                    id: id, lookup: try found.bytes(7),
                    macs: record.map { records.index.identifiers(of: $0.root, type: PatientNumbers.type) })
            }
        }
    }
}
