// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import FHIRBundle
import Kernel
import Ledger
import Store
import TransparencyLog
import Vault

/// Takes one file into the unsealed twin, statement by statement as the vault does it.
struct PlainCommit {
    private let file: PlainFile
    private let tx: any Transaction
    private var patients: [PatientKey: Identifier<Patient>] = [:]
    private var hashes: [[UInt8]: [MerkleHash]] = [:]

    init(_ file: PlainFile, in tx: any Transaction) {
        self.file = file
        self.tx = tx
    }

    mutating func run() throws {
        guard try tx.row("SELECT at FROM vault_files WHERE mac = ?", [.bytes(file.digest)]) == nil else { return }
        let entries = Array(zip(file.bundle.entries, file.owners))
        for (entry, owner) in entries where entry.resourceType == "Patient" { try settlePatient(entry, owner) }
        for (entry, owner) in entries { try store(entry, owner) }
        for (subject, leaves) in hashes {
            try tx.record(
                Fact(
                    VaultFacts.imported, by: .system, on: subject,
                    [
                        .init("count", .integer(Int64(leaves.count))), .init("replaced", 0),
                        .init("root", .string(MerkleHash.root(of: leaves).base64)),
                    ]))
        }
        try tx.execute(
            "INSERT INTO vault_files (mac, resources, at) VALUES (?, ?, ?)",
            [.bytes(file.digest), .integer(Int64(entries.count)), .integer(tx.now.microseconds)])
    }

    private static func lookup(_ type: String, _ id: String) -> [UInt8] {
        Array(type.utf8) + [0] + Array(id.utf8)
    }

    private func known(_ lookup: [UInt8]) throws -> Row? {
        try tx.row(
            "SELECT id, version, patient, key_id, digest FROM vault_records WHERE lookup = ? AND current = 1",
            [.bytes(lookup)])
    }

    private mutating func settlePatient(_ entry: BundleEntry, _ owner: Owner) throws {
        guard case .patient(let key) = owner, patients[key] == nil else { return }
        let id = Identifier<Patient>(at: tx.now)
        let card = PatientCard.extract(entry.node)
        let words = [card.family ?? "", card.given.joined(separator: " "), "\(card.birthDate.map { "\($0)" } ?? "")"]
        try tx.execute(
            "INSERT INTO vault_patients (id, key_id, subject, card, created) VALUES (?, ?, ?, ?, ?)",
            [
                .bytes(id.bytes), .bytes([]), .bytes(id.bytes), .bytes(Array(words.joined(separator: "\n").utf8)),
                .integer(tx.now.microseconds),
            ])
        patients[key] = id
    }

    private mutating func store(_ entry: BundleEntry, _ owner: Owner) throws {
        var patient: Identifier<Patient>?
        if case .patient(let key) = owner { patient = patients[key] }
        let bytes = Array(file.bundle.resource(entry))
        let digest = Array(SHA256.hash(data: bytes))
        let lookup = entry.recordKey.map { Self.lookup(entry.resourceType, $0) } ?? Identifier<Record>(at: tx.now).bytes
        let former = try known(lookup)
        if let former {
            guard try former.bytes(4) != digest else { return }
            try tx.execute("UPDATE vault_records SET current = 0 WHERE id = ?", [.bytes(try former.bytes(0))])
        }
        try tx.execute(
            """
            INSERT INTO vault_records
                (id, lookup, version, type, patient, key_id, digest, size, created, current, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
            """,
            [
                .bytes(Identifier<Record>(at: tx.now).bytes), .bytes(lookup),
                .integer(try former?.integer(1) ?? 0 + 1), .text(entry.resourceType), StoreValue(patient?.bytes),
                .bytes([]), .bytes(digest), .integer(Int64(bytes.count)), .integer(tx.now.microseconds),
                .bytes(bytes),
            ])
        try index(entry, lookup)
        hashes[patient?.bytes ?? [], default: []].append(MerkleHash.leaf(digest))
    }

    private func index(_ entry: BundleEntry, _ lookup: [UInt8]) throws {
        guard let list = entry.node["identifier"] else { return }
        let all = list.kind == .array ? Array(list.elements) : [list]
        for identifier in all {
            guard let value = identifier["value"]?.utf8 else { continue }
            let name = Self.lookup(entry.resourceType, "") + (identifier["system"]?.utf8 ?? []) + [0] + value
            try tx.execute(
                "INSERT INTO vault_identifiers (mac, record) VALUES (?, ?) ON CONFLICT (mac) DO NOTHING",
                [.bytes(name), .bytes(lookup)])
        }
    }
}
