// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Store

/// A row of `vault_records` as it lies in the store.
struct SealedRow: Sendable {
    let id: Identifier<Record>
    let type: String
    let version: Int64
    let patient: Identifier<Patient>?
    let key: Identifier<DataKey>
    let created: Instant
    let sealed: [UInt8]

    /// The columns that `init` reads, in its order.
    static let columns = "id, type, version, patient, key_id, created, sealed"

    init(_ row: Row) throws {
        let patientBytes = try row.optionalBytes(3)
        let patient = patientBytes.flatMap { Identifier<Patient>(bytes: $0) }
        guard let id = Identifier<Record>(bytes: try row.bytes(0)),
            let key = Identifier<DataKey>(bytes: try row.bytes(4)), (patient == nil) == (patientBytes == nil)
        else { throw Fault(.damaged, "A row of the records has ids that are none.") }
        self.id = id
        type = try row.text(1)
        version = try row.integer(2)
        self.patient = patient
        self.key = key
        created = Instant(microseconds: try row.integer(5))
        sealed = try row.bytes(6)
    }

    /// The row of one record version.
    static func find(_ id: Identifier<Record>, in tx: any ReadTransaction) throws -> SealedRow? {
        try tx.row("SELECT \(columns) FROM vault_records WHERE id = ?", [.bytes(id.bytes)]).map(SealedRow.init)
    }

    /// The row of the newest version of the record of which this is one.
    static func findCurrent(_ id: Identifier<Record>, in tx: any ReadTransaction) throws -> SealedRow? {
        guard let row = try tx.row("SELECT lookup FROM vault_records WHERE id = ?", [.bytes(id.bytes)]) else {
            return nil
        }
        return try find(lookup: try row.bytes(0), in: tx)
    }

    /// The newest version of the record that `lookup` leads to.
    static func find(lookup: [UInt8], in tx: any ReadTransaction) throws -> SealedRow? {
        try tx.row(
            "SELECT \(columns) FROM vault_records WHERE lookup = ? AND current = 1", [.bytes(lookup)]
        ).map(SealedRow.init)
    }

    /// The newest versions of a patient's records of one type, as they lie there.
    static func all(
        of patient: Identifier<Patient>, type: String, limit: Int64 = .max, in tx: any ReadTransaction
    ) throws -> [Row] {
        try tx.rows(
            """
            SELECT \(columns) FROM vault_records WHERE patient = ? AND type = ? AND current = 1 ORDER BY id LIMIT ?
            """,
            [.bytes(patient.bytes), .text(type), .integer(limit)])
    }

    /// What a record version is sealed for. On disk for ever.
    static func context(_ id: Identifier<Record>, version: Int64) -> SealingContext {
        SealingContext(kind: "record", id: id.bytes, version: version)
    }
}

/// A sealed row together with the key that opens it.
struct SealedRecord: Sendable {
    let row: SealedRow
    let key: OpenKey

    /// Opens it.
    ///
    /// - Throws: `Fault.damaged` when it was changed or moved.
    func open() throws -> StoredRecord {
        StoredRecord(
            id: row.id, type: row.type, version: row.version, patient: row.patient, created: row.created,
            bytes: try key.open(row.sealed, SealedRow.context(row.id, version: row.version)))
    }
}
