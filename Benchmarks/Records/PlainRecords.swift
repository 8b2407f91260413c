// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store
import Vault
import Web

/// Two routes that differ in one thing: what lies in the store is sealed, or not. Both write the leaf before the
/// record leaves, in the same transaction that finds it.
struct RecordRoutes {
    /// Adds `/bench/sealed/{record}`, the vault's own reading, and `/bench/plain/{record}`, its unsealed twin.
    static func add(to site: inout Site, of house: House) async throws {
        let records = try await RecordStore(house)
        let resource: @Sendable (PageRequest) -> EntityReference = { request in
            EntityReference(type: "record", id: request.parameters["record"] ?? "")
        }
        site.get("/bench/sealed/{record}", VaultActions.readChart, on: resource) { request in
            let record = try await records.read(
                record: try request.identifier("record"), actor: request.visitor.principal)
            return Answer(body: .bytes(record.bytes, mediaType: "application/fhir+json"))
        }
        site.get("/bench/plain/{record}", VaultActions.readChart, on: resource) { request in
            let bytes = try await PlainRecords.read(
                try request.identifier("record"), actor: request.visitor.principal, house.store)
            return Answer(body: .bytes(bytes, mediaType: "application/fhir+json"))
        }
    }
}

/// The records once more, not sealed, in a table of the same shape in the same store.
enum PlainRecords {
    /// Reads one as the vault does, except that there is no key to look up and nothing to open.
    static func read(_ id: Identifier<Record>, actor: EntityReference, _ store: Database) async throws -> [UInt8] {
        try await store.write { tx in
            guard
                let row = try tx.row(
                    "SELECT id, type, version, patient, subject, created, plain FROM bench_records WHERE id = ?",
                    [.bytes(id.bytes)])
            else { throw Fault(.notFound, "There is no such record.") }
            try tx.record(
                Fact(
                    VaultFacts.recordRead, by: actor, on: try row.optionalBytes(4),
                    [.init("record", .string(id.description)), .init("version", .integer(try row.integer(2)))]))
            return try row.bytes(6)
        }
    }

    /// Makes the table from the sealed records.
    ///
    /// - Returns: the ids of `count` records of patients, spread over all of them.
    static func copy(_ house: House, count: Int) async throws -> [Identifier<Record>] {
        try await house.store.write { tx in
            try tx.execute(
                """
                CREATE TABLE bench_records (
                    id BYTES PRIMARY KEY, lookup BYTES NOT NULL, version BIGINT NOT NULL, type TEXT NOT NULL,
                    patient BYTES, subject BYTES, digest BYTES NOT NULL, size BIGINT NOT NULL,
                    created BIGINT NOT NULL, current BIGINT NOT NULL, plain BYTES NOT NULL,
                    UNIQUE (lookup, version))
                """)
            try tx.execute("CREATE INDEX bench_records_patient ON bench_records (patient, type, current)")
            let ids = try tx.rows("SELECT id FROM vault_records ORDER BY id").map { try $0.bytes(0) }
            for id in ids { try copy(id, house, tx) }
            let step = max(1, ids.count / count)
            return stride(from: 0, to: ids.count, by: step).compactMap { Identifier<Record>(bytes: ids[$0]) }
        }
    }

    private static func copy(_ id: [UInt8], _ house: House, _ tx: any Transaction) throws {
        guard
            let row = try tx.row(
                """
                SELECT lookup, version, type, patient, key_id, digest, size, created, current, sealed
                FROM vault_records WHERE id = ?
                """, [.bytes(id)]),
            let key = Identifier<DataKey>(bytes: try row.bytes(4))
        else { throw BenchmarkError("a record is gone") }
        let open = try house.keyring.dataKey(key, in: tx)
        let context = SealingContext(kind: "record", id: id, version: try row.integer(1))
        let subject: StoreValue = try row.optionalBytes(3) == nil ? .null : .bytes(open.ownerPseudonym)
        var values = row.values
        values[4] = subject
        values[9] = .bytes(try open.open(try row.bytes(9), context))
        try tx.execute(
            """
            INSERT INTO bench_records
                (id, lookup, version, type, patient, subject, digest, size, created, current, plain)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, [.bytes(id)] + values)
    }
}
