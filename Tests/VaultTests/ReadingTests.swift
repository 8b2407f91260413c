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

@Suite("Reading")
struct ReadingTests {
    private static let reader = EntityReference(type: "person", id: "r")

    @Test(arguments: StoreFixture.dialects)
    func aReadLeavesATrace(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let observation = Sample.observation("o1", of: "p1")
            try await vault.take(Sample.collection(Sample.patient("p1"), observation))
            let patient = try #require(try await vault.patient("muster 1980-05-31"))
            let chart = try await vault.records.chart(of: patient.id, .results, actor: Self.reader, sight: .full)
            let shown = try #require(chart.all("Observation").first)
            let record = try await vault.records.read(record: shown.stored.id, actor: Self.reader)
            #expect(record.bytes == Array(observation.utf8))
            let read = try #require(try await vault.leaves(VaultFacts.recordRead).first)
            #expect(read.actor == Self.reader)
            #expect(read.data["record"]?.stringValue == record.id.description)
            let opened = try #require(try await vault.leaves(VaultFacts.chartRead).first)
            #expect(opened.on == read.on)
            #expect(opened.on?.count == 16)
            #expect(try await vault.leaves(VaultFacts.patientsSearched).first?.data["results"]?.integerValue == 1)
        }
    }

    @Test func anotherPatientsRecordIsNotThere() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Sample.collection(Sample.patient("p1"), Sample.observation("o1", of: "p1")))
            try await vault.take(Sample.patient("p2", family: "Other"))
            let one = try #require(try await vault.patient("muster"))
            let other = try #require(try await vault.patient("other"))
            let chart = try await vault.records.chart(of: one.id, .results, actor: Self.reader, sight: .full)
            let id = try #require(chart.all("Observation").first).stored.id
            let before = try await vault.leaves(VaultFacts.recordRead).count
            await #expect(throws: Fault.self) {
                try await vault.records.read(record: id, in: other.id, actor: Self.reader, sight: .full)
            }
            #expect(try await vault.leaves(VaultFacts.recordRead).count == before)
            await #expect(throws: Fault.self) {
                try await vault.records.chart(
                    of: Identifier(at: vault.clock.now()), .summary, actor: Self.reader, sight: .full)
            }
        }
    }

    @Test func swappedCiphertextsDoNotOpen() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1"), Sample.observation("o1", of: "p1"), Sample.observation("o2", of: "p1")))
            let ids = try await vault.house.store.write { tx in
                let rows = try tx.rows(
                    "SELECT id, sealed FROM vault_records WHERE type = ? ORDER BY id", ["Observation"])
                let (one, two) = (rows[0], rows[1])
                for (from, to) in [(one, two), (two, one)] {
                    try tx.execute(
                        "UPDATE vault_records SET sealed = ? WHERE id = ?",
                        [.bytes(try from.bytes(1)), .bytes(try to.bytes(0))])
                }
                return try rows.map { try $0.bytes(0) }
            }
            for id in ids {
                let id = try #require(Identifier<Record>(bytes: id))
                await #expect { try await vault.records.read(record: id, actor: Self.reader) } throws: {
                    ($0 as? Fault)?.code == .damaged
                }
            }
            // Whoever treats the patient sees what opens, and is told that it is not all; a copy is whole or none.
            let patient = try #require(try await vault.patient("muster")).id
            let chart = try await vault.records.chart(of: patient, .results, actor: Self.reader, sight: .full)
            #expect(chart.unopened == 2 && chart.all("Observation").isEmpty)
            let page = ChartPage(chart: chart, today: nil).html.renderString()
            #expect(page.contains("Not complete: 2 records do not open."))
            await #expect(throws: Fault.self) {
                try await vault.records.chart(of: patient, .export, actor: Self.reader, sight: .full)
            }
            let reading = try #require(try await SealedAtRest.read(vault.house))
            #expect((reading.population, reading.fulfilling) == (3, 1))
        }
    }

    @Test func plaintextAndMissingRowsAreNoticed() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Sample.collection(Sample.patient("p1"), Sample.observation("o1", of: "p1")))
            try await vault.house.store.write { tx in
                let plain = Array(Sample.observation("o1", of: "p1").utf8)
                try tx.execute("UPDATE vault_records SET sealed = ? WHERE type = ?", [.bytes(plain), "Observation"])
            }
            #expect(try await SealedAtRest.read(vault.house)?.fulfilling == 1)
            try await vault.house.store.write { tx in
                _ = try tx.execute("DELETE FROM vault_records WHERE type = ?", ["Observation"])
            }
            let reading = try #require(try await SealedAtRest.read(vault.house))
            #expect((reading.population, reading.fulfilling) == (2, 1))
        }
    }

    @Test(arguments: ChartSection.tabs)
    func pagesEscapeWhatTheyShow(_ section: ChartSection) async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let attack = "<script>alert(1)</script>"
            let concept = "{\"text\":\"\(attack)\"}"
            let subject = "\"subject\":{\"reference\":\"Patient/p1\"}"
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1", family: attack, extra: ",\"deceasedDateTime\":\"2020-01-02T03:04:05Z\""),
                    "{\"resourceType\":\"Condition\",\"id\":\"1\",\"code\":\(concept),\(subject)}",
                    "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"1\",\"code\":\(concept),\"patient\":{\"reference\":\"Patient/p1\"}}",
                    "{\"resourceType\":\"MedicationRequest\",\"id\":\"1\",\"status\":\"active\",\"medicationReference\":{\"reference\":\"Medication/m\"},\(subject)}",
                    "{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":\(concept)}",
                    "{\"resourceType\":\"Encounter\",\"id\":\"1\",\"type\":[\(concept)],\(subject)}",
                    "{\"resourceType\":\"Immunization\",\"id\":\"1\",\"vaccineCode\":\(concept),\"patient\":{\"reference\":\"Patient/p1\"}}",
                    Sample.observation("o1", of: "p1", value: "5.4"), Sample.observation("o2", of: "p1", value: "6")))
            let patient = try #require(try await vault.patient("1980-05-31"))
            let pages = RecordPages(records: vault.records, house: vault.house)
            let path = "/records/\(patient.id)"
            let query = try #require(Fields(urlEncoded: Array("section=\(section.rawValue)&type=Condition".utf8)))
            let request = PageRequest(
                method: "GET", path: path, parameters: ["patient": patient.id.description], query: query)
            let answer = try await pages.chart(request)
            guard case .page(let page) = answer.body else {
                Issue.record("no page")
                return
            }
            let text = page.content.renderString()
            #expect(!text.contains("<script>"))
            #expect(text.contains("&lt;script&gt;"))
            #expect(text.contains("Died 2020-01-02"))
            #expect(text.contains("Allergy: "))
            if section == .results { #expect(text.contains("class=\"sparkline\"")) }
        }
    }
}
