// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Store

/// A record that lies in the store and does not open: its kind and its id are all that can be said of it.
struct DamagedRecord: Sendable, Hashable {
    /// The id; bytes that are no id in hexadecimal.
    let id: String
    /// The FHIR resource type.
    let type: String

    /// Each of them once, in their order.
    static func each(_ records: [DamagedRecord]) -> [DamagedRecord] {
        var seen: Set<DamagedRecord> = []
        return records.filter { seen.insert($0).inserted }
    }
}

/// Records that can be tried, and those of which not even that can be done.
struct FoundRecords: Sendable {
    var records: [SealedRecord] = []
    var damaged: [DamagedRecord] = []
}

extension RecordStore {
    /// The newest versions of a patient's records of one type; one of them with a broken row or without its key does not
    /// keep anybody from the others.
    func sealedRecords(
        of patient: Identifier<Patient>, type: String, limit: Int64 = .max, in tx: any ReadTransaction
    ) throws -> FoundRecords {
        var found = FoundRecords()
        for row in try SealedRow.all(of: patient, type: type, limit: limit, in: tx) {
            // A statement that fails fails the transaction too, so the store's troubles are not taken for a record's.
            if let sealed = try? SealedRow(row), let key = try? house.keyring.dataKey(sealed.key, in: tx) {
                found.records.append(SealedRecord(row: sealed, key: key))
            } else {
                found.damaged.append(DamagedRecord(id: OpeningRounds.Page.name(try row.bytes(0)), type: type))
            }
        }
        return found
    }
}

/// Tells the log whose card does not open: each once, and again after it was restored in between.
enum DamagedCards {
    static func report(_ damaged: [Identifier<Patient>], in tx: any Transaction) throws {
        let known = try tx.rows("SELECT patient FROM vault_unopenable_cards ORDER BY patient").map { try $0.bytes(0) }
        let ids = damaged.map(\.bytes)
        for id in known where !ids.contains(id) {
            try tx.execute("DELETE FROM vault_unopenable_cards WHERE patient = ?", [.bytes(id)])
        }
        for id in ids where !known.contains(id) {
            let isNew =
                try tx.execute(
                    "INSERT INTO vault_unopenable_cards (patient, at) VALUES (?, ?) ON CONFLICT (patient) DO NOTHING",
                    [.bytes(id), .integer(tx.now.microseconds)]) > 0
            guard isNew, let row = try tx.row("SELECT subject FROM vault_patients WHERE id = ?", [.bytes(id)])
            else { continue }
            try tx.record(Fact(VaultFacts.cardDamaged, by: .system, on: try row.bytes(0), []))
        }
    }
}
