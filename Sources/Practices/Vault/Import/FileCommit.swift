// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Crypto
import FHIRBundle
import Kernel
import Keyring
import Ledger
import Store
import TransparencyLog

/// How many records of a file were taken in.
package struct ImportTally: Sendable, Equatable {
    /// Records that were not here before.
    package var added = 0
    /// Records of which this file brought a newer version.
    package var replaced = 0
    /// Records that were here already with the same bytes, or that `ifNoneExist` found.
    package var unchanged = 0
    /// Patients who were not here before.
    package var patients = 0

    /// Versions that were stored.
    package var stored: Int { added + replaced }
}

/// Takes one prepared file in, within one transaction.
struct FileCommit {
    private let prepared: PreparedFile
    private let records: RecordStore
    private let actor: EntityReference
    private let tx: any Transaction
    private var tally = ImportTally()
    private var owners: [PatientName: RecordOwner] = [:]
    private var batches: [Batch] = []
    private var batchByKey: [Identifier<DataKey>: Int] = [:]
    /// The patients whose charts changed.
    private var touched: Set<Identifier<Patient>> = []
    /// Whether a record was stored to which the charts of others may refer.
    private var isStaffTouched = false

    /// What one owner gets from the file.
    private struct Batch {
        let owner: RecordOwner
        var replaced: Int64 = 0
        var hashes: [MerkleHash] = []
    }

    init(_ prepared: PreparedFile, _ records: RecordStore, actor: EntityReference, in tx: any Transaction) {
        self.prepared = prepared
        self.records = records
        self.actor = actor
        self.tx = tx
    }

    /// Whether the file with this hash was taken in before.
    static func isKnown(_ mac: [UInt8], in tx: any ReadTransaction) throws -> Bool {
        try tx.row("SELECT at FROM vault_files WHERE mac = ?", [.bytes(mac)]) != nil
    }

    /// Stores all entries, their leaves and the file's hash; nil when the file was taken in before.
    ///
    /// - Throws: `ImportProblem` when an entry does not fit what is stored, and what the store throws.
    mutating func run() throws -> ImportTally? {
        if try Self.isKnown(prepared.mac, in: tx) { return nil }
        // Patients first: a file may name them before it brings them.
        for entry in prepared.entries where entry.type == "Patient" { try settlePatient(entry) }
        for entry in prepared.entries { try store(entry) }
        for batch in batches { try record(batch) }
        try RelationSheet.forget(touched, isStaff: isStaffTouched, in: tx)
        try tx.execute(
            "INSERT INTO vault_files (mac, resources, at) VALUES (?, ?, ?)",
            [.bytes(prepared.mac), .integer(Int64(prepared.entries.count)), .integer(tx.now.microseconds)])
        return tally
    }

    private func record(_ batch: Batch) throws {
        try tx.record(
            Fact(
                VaultFacts.imported, by: actor, on: batch.owner.subject,
                [
                    .init("count", .integer(Int64(batch.hashes.count))),
                    .init("replaced", .integer(batch.replaced)),
                    .init("key", .string(batch.owner.key.id.description)),
                    .init("root", .string(MerkleHash.root(of: batch.hashes).base64)),
                ]))
    }
}

extension FileCommit {
    /// Finds or makes the patient whom a Patient entry brings.
    private mutating func settlePatient(_ entry: PreparedEntry) throws {
        guard let name = entry.owner, owners[name] == nil else { return }
        if let condition = entry.condition, let known = try owner(named: .identifier(condition)) {
            owners[name] = known
        } else if let known = try owner(named: name) {
            owners[name] = known
        } else {
            owners[name] = try makePatient(card: entry.card ?? SearchCard())
        }
    }

    private mutating func makePatient(card: SearchCard) throws -> RecordOwner {
        let key = try records.house.keyring.makeDataKey(owner: "patient", in: tx)
        let id = Identifier<Patient>(at: tx.now)
        try tx.execute(
            "INSERT INTO vault_patients (id, key_id, subject, card, created) VALUES (?, ?, ?, ?, ?)",
            [
                .bytes(id.bytes), .bytes(key.id.bytes), .bytes(key.ownerPseudonym),
                .bytes(try card.seal(records.cardKey, for: id)), .integer(tx.now.microseconds),
            ])
        tally.patients += 1
        return RecordOwner(patient: id, key: key)
    }

    /// The patient of this name, if there is one in the store.
    private func owner(named name: PatientName) throws -> RecordOwner? {
        let lookup: [UInt8]
        switch name {
        case .record(let known): lookup = known
        case .identifier(let mac):
            guard let row = try tx.row("SELECT record FROM vault_identifiers WHERE mac = ?", [.bytes(mac)])
            else { return nil }
            lookup = try row.bytes(0)
        }
        guard let known = try StoredVersion.find(lookup, in: tx), let patient = known.patient else { return nil }
        return RecordOwner(patient: patient, key: try records.house.keyring.dataKey(known.key, in: tx))
    }

    private mutating func owner(of entry: PreparedEntry) throws -> RecordOwner {
        guard let name = entry.owner else { return RecordOwner(patient: nil, key: records.institutionKey) }
        if let known = owners[name] { return known }
        guard let known = try owner(named: name) else { throw ImportProblem.unknownPatient(entry: entry.number) }
        owners[name] = known
        return known
    }
}

extension FileCommit {
    private mutating func store(_ entry: PreparedEntry) throws {
        var owner = try owner(of: entry)
        if let condition = entry.condition,
            try tx.row("SELECT record FROM vault_identifiers WHERE mac = ?", [.bytes(condition)]) != nil
        {
            tally.unchanged += 1
            return
        }
        let bytes = Array(prepared.file.bytes[entry.resource])
        let known = try entry.lookup.flatMap { try StoredVersion.find($0, in: tx) }
        if let known {
            let knownKey = try records.house.keyring.dataKey(known.key, in: tx)
            guard knownKey.pseudonym(of: bytes) != known.digest else {
                tally.unchanged += 1
                return
            }
            owner = try self.owner(of: entry, owner, after: known)
            if let former = known.patient { touched.insert(former) }
            try tx.execute("UPDATE vault_records SET current = 0 WHERE id = ?", [.bytes(known.id)])
            try FilePointerRows.settle(known.id, in: tx)
            if let card = entry.card, let patient = owner.patient { try replace(card, of: patient) }
        }
        try insert(entry, bytes, owner, version: (known?.version ?? 0) + 1)
        if known == nil { tally.added += 1 } else { tally.replaced += 1 }
    }

    /// Who owns the next version. What several patients' files bring, such as an Organization, comes to belong to
    /// nobody; a patient's own record never changes hands.
    private func owner(
        of entry: PreparedEntry, _ owner: RecordOwner, after known: StoredVersion
    ) throws -> RecordOwner {
        guard known.patient != owner.patient else { return owner }
        if Self.shared.contains(entry.type) { return RecordOwner(patient: nil, key: records.institutionKey) }
        guard known.patient == nil else { throw ImportProblem.otherPatient(entry: entry.number) }
        return owner
    }

    /// Types that say nothing about a patient by themselves.
    private static let shared: Set<String> = [
        "Endpoint", "HealthcareService", "Location", "Medication", "Organization", "Practitioner",
        "PractitionerRole", "Substance",
    ]

    private func replace(_ card: SearchCard, of patient: Identifier<Patient>) throws {
        try tx.execute(
            "UPDATE vault_patients SET card = ? WHERE id = ?",
            [.bytes(try card.seal(records.cardKey, for: patient)), .bytes(patient.bytes)])
    }

    private mutating func insert(
        _ entry: PreparedEntry, _ bytes: [UInt8], _ owner: RecordOwner, version: Int64
    ) throws {
        let id = Identifier<Record>(at: tx.now)
        // A record that nothing names is found by its row only.
        let lookup = entry.lookup ?? records.index.lookup(type: "", id: id.description)
        let sealed = try owner.key.seal(bytes, SealedRow.context(id, version: version))
        try tx.execute(
            """
            INSERT INTO vault_records
                (id, lookup, version, type, patient, key_id, digest, size, created, current, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
            """,
            [
                .bytes(id.bytes), .bytes(lookup), .integer(version), .text(entry.type),
                StoreValue(owner.patient?.bytes), .bytes(owner.key.id.bytes), .bytes(owner.key.pseudonym(of: bytes)),
                .integer(Int64(bytes.count)), .integer(tx.now.microseconds), .bytes(sealed),
            ])
        // A number that the newer version does not carry any more must not lead here: it may be somebody else's.
        if version > 1 { try tx.execute("DELETE FROM vault_identifiers WHERE record = ?", [.bytes(lookup)]) }
        for identifier in entry.identifiers {
            try tx.execute(
                "INSERT INTO vault_identifiers (mac, record) VALUES (?, ?) ON CONFLICT (mac) DO NOTHING",
                [.bytes(identifier), .bytes(lookup)])
        }
        if entry.type == PatientNumbers.type {
            try PatientNumbers.tell(entry.identifiers, by: lookup, isNew: version == 1, in: tx)
        }
        try FilePointerRows.tell(entry.pointers, by: lookup, isNew: version == 1, in: tx)
        if let patient = owner.patient { touched.insert(patient) }
        if RelationSheet.staffTypes.contains(entry.type) { isStaffTouched = true }
        count(sealed, of: owner, isReplacement: version > 1)
    }

    private mutating func count(_ sealed: [UInt8], of owner: RecordOwner, isReplacement: Bool) {
        let place = batchByKey[owner.key.id] ?? batches.count
        if place == batches.count {
            batches.append(Batch(owner: owner))
            batchByKey[owner.key.id] = place
        }
        batches[place].hashes.append(MerkleHash.leaf(Array(SHA256.hash(data: sealed))))
        if isReplacement { batches[place].replaced += 1 }
    }
}
