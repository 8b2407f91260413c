// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Vault

/// What is damaged is named as damaged, and keeps nobody from the rest.
@Suite("Damage")
struct DamageTests {
    private static let subject = "\"subject\":{\"reference\":\"Patient/p1\"}"
    private static let chart = Sample.collection(
        Sample.patient("p1"), Sample.observation("o1", of: "p1"),
        "{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{\"text\":\"Asthma\"},\(subject)}",
        "{\"resourceType\":\"Condition\",\"id\":\"c2\",\"code\":{\"text\":\"Gout\"},\(subject)}",
        "{\"resourceType\":\"Medication\",\"id\":\"m1\",\"code\":{\"text\":\"Aspirin\"}}",
        """
        {"resourceType":"MedicationRequest","id":"r1","status":"active","intent":"order",\(subject),\
        "medicationReference":{"reference":"Medication/m1"}}
        """)

    private func html(_ answer: Answer) -> String {
        if case .page(let page) = answer.body { page.content.renderString() } else { "" }
    }

    private func chart(
        _ vault: VaultFixture, _ patient: Identifier<Patient>, _ section: String
    ) async throws -> String {
        let pages = RecordPages(records: vault.records, house: vault.house)
        return html(
            try await pages.chart(
                PageRequest(
                    method: "GET", path: "/records", parameters: ["patient": patient.description],
                    query: try #require(Fields(urlEncoded: Array("section=\(section)".utf8))))))
    }

    private func record(
        _ vault: VaultFixture, _ patient: Identifier<Patient>, _ record: Identifier<Record>
    ) async throws -> String {
        let pages = RecordPages(records: vault.records, house: vault.house)
        return html(
            try await pages.record(
                PageRequest(
                    method: "GET", path: "/records",
                    parameters: ["patient": patient.description, "record": record.description])))
    }

    private func search(_ vault: VaultFixture, _ query: String) async throws -> String {
        let matches = try await vault.records.search(query, actor: .system, masks: [])
        let list = PatientList(
            query: query, matches: matches, today: nil, csrf: CSRFField(value: "t"), time: .utc)
        return list.html.renderString()
    }

    /// The record with this id in FHIR.
    private func id(_ type: String, _ name: String, _ vault: VaultFixture) async throws -> Identifier<Record> {
        let lookup = vault.records.index.lookup(type: type, id: name)
        return try await vault.house.store.read { tx in try #require(try SealedRow.find(lookup: lookup, in: tx)).id }
    }

    private func set(_ column: String, _ bytes: [UInt8], of id: Identifier<Record>, _ vault: VaultFixture) async throws
    {
        try await vault.house.store.write { tx in
            _ = try tx.execute(
                "UPDATE vault_records SET \(column) = ? WHERE id = ?", [.bytes(bytes), .bytes(id.bytes)])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNameThatDoesNotOpenKeepsNobodyFromTheChart(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Self.chart)
            try await vault.take(Sample.patient("p2", family: "Other"))
            let patient = try #require(try await vault.patient("muster")).id
            let card = try await vault.house.store.write { tx in
                let row = try tx.row("SELECT card FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])
                let card = try #require(row).bytes(0)
                try tx.execute(
                    "UPDATE vault_patients SET card = ? WHERE id = ?",
                    [.bytes(card.dropLast() + [(card.last ?? 0) ^ 1]), .bytes(patient.bytes)])
                return card
            }
            let warning = "Name and birth date do not open. Make sure in another way whose chart this is."
            let condition = try await id("Condition", "c1", vault)
            for page in [
                try await chart(vault, patient, "problems"), try await record(vault, patient, condition),
            ] {
                #expect(page.contains(warning) && page.contains("Patient \(patient)") && page.contains("Asthma"))
                #expect(!page.contains(">Unknown<"))
            }
            // A list shows all others, and whom no search can find.
            for query in ["", "other", "muster"] {
                let list = try await search(vault, query)
                #expect(list.contains("The name of 1 patient does not open") && list.contains("/records/\(patient)\""))
                #expect(list.contains("Other, Anna") == (query != "muster"))
            }
            #expect(try await VaultRegister(vault.records).name(of: patient) == nil)
            #expect(try await VaultRegister(vault.records).subject(of: patient) != nil)
            // The log says it once, however often somebody searches, and again only after it was whole in between.
            #expect(try await vault.leaves(VaultFacts.cardDamaged).count == 1)
            let leaf = try #require(try await vault.leaves(VaultFacts.cardDamaged).first)
            #expect(try await leaf.on == VaultRegister(vault.records).subject(of: patient))
            #expect(leaf.data.objectValue?.isEmpty == true)
            try await vault.house.store.write { tx in
                _ = try tx.execute(
                    "UPDATE vault_patients SET card = ? WHERE id = ?", [.bytes(card), .bytes(patient.bytes)])
            }
            let whole = try await search(vault, "muster")
            #expect(whole.contains("Muster, Anna") && !whole.contains("does not open"))
            try await vault.house.store.write { tx in
                _ = try tx.execute(
                    "UPDATE vault_patients SET card = ? WHERE id = ?", [.bytes([0]), .bytes(patient.bytes)])
            }
            _ = try await search(vault, "")
            #expect(try await vault.leaves(VaultFacts.cardDamaged).count == 2)
        }
    }

    /// Its bytes were changed; its key is gone; its row names no key.
    @Test(
        arguments: [("sealed", [0]), ("key_id", Array(repeating: 7, count: 16)), ("key_id", [7])] as [(String, [UInt8])]
    )
    func aRecordThatDoesNotOpenIsNamedAndTheOthersShow(_ column: String, _ bytes: [UInt8]) async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Self.chart)
            let patient = try #require(try await vault.patient("muster")).id
            let damaged = try await id("Condition", "c1", vault)
            try await set(column, bytes, of: damaged, vault)
            let page = try await chart(vault, patient, "problems")
            #expect(page.contains("Gout") && !page.contains("Asthma"))
            #expect(page.contains("1 record does not open") && page.contains("<li>Problem \(damaged)</li>"))
            #expect(page.contains("Not complete: 1 record does not open."))
            #expect(!(try await chart(vault, patient, "results")).contains("does not open"))
            let fault = try #require(
                await #expect(throws: Fault.self) { _ = try await record(vault, patient, damaged) })
            #expect(fault.code == .damaged)
            if column == "sealed" { #expect(fault.ways.map(\.path) == ["/records/\(patient)"]) }
            // What is taken elsewhere is whole or not at all.
            await #expect(throws: Fault.self) {
                try await vault.records.chart(
                    of: patient, .export, type: "Condition", actor: .system, sight: .full)
            }
        }
    }

    @Test(
        arguments: [("sealed", [0]), ("key_id", Array(repeating: 7, count: 16)), ("key_id", [7])] as [(String, [UInt8])]
    )
    func wordsOfARecordThatDoesNotOpenAreItsId(_ column: String, _ bytes: [UInt8]) async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Self.chart)
            let patient = try #require(try await vault.patient("muster")).id
            let medication = try await id("Medication", "m1", vault)
            #expect(try await chart(vault, patient, "medications").contains("Aspirin"))
            try await set(column, bytes, of: medication, vault)
            let request = try await id("MedicationRequest", "r1", vault)
            let page = try await chart(vault, patient, "medications")
            #expect(!page.contains("Aspirin") && page.contains("\(request)"))
            let single = try await record(vault, patient, request)
            #expect(single.contains("Medication/m1"))
            // A row that names no key at all cannot even say whose it is.
            guard bytes != [7] else { return }
            #expect(page.contains("Medicine \(medication) (does not open)"))
            #expect(page.contains("<li>Medicine \(medication)</li>"))
            #expect(single.contains("Medicine: \(medication) (does not open)"))
        }
    }
}
