// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
package import Kernel
import Keyring
import Ledger
import Store

/// The sealed records of the house.
package struct RecordStore: Sendable {
    let house: House
    let index: IndexKey
    /// Seals what belongs to nobody in particular.
    let institutionKey: OpenKey
    /// Seals the patients' cards.
    let cardKey: OpenKey

    /// The records of `house`; makes the keys that all patients share at its first use.
    ///
    /// - Throws: `Fault` when the keyring cannot be read.
    package init(_ house: House) async throws {
        self.house = house
        index = IndexKey(try await house.keyring.secret(named: "vault-index"))
        institutionKey = try await house.keyring.sharedKey(owner: "institution")
        cardKey = try await house.keyring.sharedKey(owner: "vault-cards")
    }

    /// Reads one record whole, for somebody from whom nothing is hidden. Reading and its leaf are one transaction; it is
    /// opened after both are on the disk.
    ///
    /// - Throws: `Fault.notFound` when there is no such record, `Fault.damaged` when it does not open.
    package func read(record id: Identifier<Record>, actor: EntityReference) async throws -> StoredRecord {
        let sealed = try await house.care { [house] tx in
            guard let row = try SealedRow.find(id, in: tx) else { throw Self.missing }
            let key = try house.keyring.dataKey(row.key, in: tx)
            try Self.recordReading(row, on: row.patient == nil ? nil : key.ownerPseudonym, [], .full, actor, in: tx)
            return SealedRecord(row: row, key: key)
        }
        return try sealed.open()
    }

    /// As above, but only a record of this patient's chart (the patient's own, or one that belongs to nobody), and of it
    /// what the reader may see; with the lens through which everything around it has to be looked at.
    func read(
        record id: Identifier<Record>, in patient: Identifier<Patient>, actor: EntityReference, sight: ChartSight
    ) async throws -> (record: ChartRecord, lens: ChartLens) {
        let (sealed, lens) = try await house.care { [self] tx in
            // An address that leads to an earlier version shows the current one: its labels and corrections count.
            guard let row = try SealedRow.findCurrent(id, in: tx) else { throw Self.missing }
            if let owner = row.patient, owner != patient { throw Self.missing }
            let lens = try ChartLens(sight, of: patient, try foundSheet(of: patient, in: tx).sheet, self, in: tx)
            let sealed = SealedRecord(row: row, key: try house.keyring.dataKey(row.key, in: tx))
            // What the reader must not know of is not there, and asking for it leaves no trace of a reading.
            guard let classes = try lens.classes(opening: sealed, in: tx) else { throw Self.missing }
            // What belongs to nobody is shown in somebody's chart, under that patient's name.
            let subject = try Self.subject(of: patient, in: tx)
            try Self.recordReading(row, on: subject, classes, sight, actor, in: tx)
            return (sealed, lens)
        }
        guard let record = try lens.show(try sealed.open()) else { throw Self.missing }
        return (record, lens)
    }

    private static func recordReading(
        _ row: SealedRow, on subject: [UInt8]?, _ classes: Set<ProtectedClass>, _ sight: ChartSight,
        _ actor: EntityReference, in tx: any Transaction
    ) throws {
        try tx.record(
            Fact(
                VaultFacts.recordRead, by: actor, on: subject,
                [
                    .init("protected", .array(classes.sorted().map { .string($0.rawValue) })),
                    .init("record", .string(row.id.description)),
                    .init("rules", .array(sight.rules(for: classes).map { .string($0) })),
                    .init("version", .integer(row.version)),
                ]))
    }

    private static func subject(of patient: Identifier<Patient>, in tx: any ReadTransaction) throws -> [UInt8] {
        guard let row = try tx.row("SELECT subject FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])
        else { throw noPatient }
        return try row.bytes(0)
    }

    static let missing = Fault(.notFound, "There is no such record here. Go back to the patient's chart.")
    static let notWhole = Fault(
        .damaged, "A record of this chart does not open, and a copy is whole or none. The evidence log names it.")
    static let noPatient = Fault(.notFound, "There is no such patient here. Search again: /records")
}

/// A record as it was read: its bytes are exactly those that were taken in.
package struct StoredRecord: Sendable {
    /// Its id in this house.
    package let id: Identifier<Record>
    /// The FHIR resource type.
    package let type: String
    /// Which version of the record it is, from 1.
    package let version: Int64
    /// Whose it is; nil for what belongs to nobody in particular.
    package let patient: Identifier<Patient>?
    /// When it was taken in.
    package let created: Instant
    /// The resource as JSON.
    package let bytes: [UInt8]
}
