// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Vault

@Suite("Days and plain words")
struct WordsTests {
    /// What is written, and the day that is shown in Berlin and in New York.
    @Test(arguments: [
        ("1980-05-31", "1980-05-31", "1980-05-31"), ("1980-05", "1980-05", "1980-05"), ("1980", "1980", "1980"),
        // Written at a place, with its offset: that place's day.
        ("2021-04-03T23:30:00-05:00", "2021-04-03", "2021-04-03"),
        ("2021-04-03T00:30:00+02:00", "2021-04-03", "2021-04-03"),
        // Written in UTC, of no place: the institution's day.
        ("2021-04-03T23:30:00Z", "2021-04-04", "2021-04-03"), ("2021-04-03T03:30:00.5Z", "2021-04-03", "2021-04-02"),
        ("2021-04-03T23:30:00+00:00", "2021-04-04", "2021-04-03"),
        // A date to which a program added zeros stays.
        ("2021-04-03T00:00:00Z", "2021-04-03", "2021-04-03"), ("2021-04-03T00:00:00.000Z", "2021-04-03", "2021-04-03"),
        ("2021-04-03Z", "2021-04-03", "2021-04-03"), ("about Easter, Z", "about East", "about East"),
    ])
    func datesDoNotShift(_ text: String, _ berlin: String, _ newYork: String) throws {
        let time = ClinicalTime(text)
        #expect(time.day(in: try #require(LocalTime(named: "Europe/Berlin"))) == berlin)
        #expect(time.day(in: try #require(LocalTime(named: "America/New_York"))) == newYork)
    }

    @Test(arguments: [
        ("Body mass index (BMI) [Ratio]", "Body mass index"), ("Hemoglobin A1c/Hemoglobin.total in Blood", "HbA1c"),
        ("HbA1c", "HbA1c"), ("Odor of Urine", "Odor of Urine"),
        ("body mass index (bmi) [ratio]", "body mass index (bmi) [ratio]"),
    ])
    func testsHavePlainNames(_ long: String, _ plain: String) {
        #expect(PlainWords.test(long) == plain)
    }

    @Test(arguments: [("MedicationRequest", "Prescription"), ("Encounter", "Visit"), ("Basic", "Basic")])
    func typesHavePlainNames(_ type: String, _ plain: String) {
        #expect(PlainWords.type(type) == plain)
    }

    private func page(_ vault: VaultFixture, _ record: String, of patient: FoundPatient) async throws -> String {
        let pages = RecordPages(records: vault.records, house: vault.house)
        let answer = try await pages.record(
            PageRequest(
                method: "GET", path: "/", parameters: ["patient": patient.id.description, "record": record]))
        guard case .page(let page) = answer.body else { return "" }
        return page.content.renderString()
    }

    @Test(arguments: StoreFixture.dialects)
    func aRecordSaysWhoseItIs(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let number = ",\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"MR\"}]},\"value\":\"4711\"}]"
            let allergy =
                "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"1\",\"code\":{\"text\":\"penicillin\"},"
                + "\"patient\":{\"reference\":\"Patient/p1\"}}"
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1", extra: number), allergy, Sample.observation("o1", of: "p1"),
                    "{\"resourceType\":\"Organization\",\"id\":\"org\",\"name\":\"Lindenhof\"}"))
            try await vault.take(Sample.patient("p2", family: "Other"))
            let (one, other) = (
                try #require(try await vault.patient("muster")), try #require(try await vault.patient("other"))
            )
            let ids = try await vault.house.store.read { tx in
                try tx.rows("SELECT type, id FROM vault_records ORDER BY id").reduce(into: [String: String]()) {
                    ids, row in
                    ids[try row.text(0)] = Identifier<Record>(bytes: try row.bytes(1))?.description
                }
            }
            let result = try await page(vault, try #require(ids["Observation"]), of: one)
            for part in ["<strong>Muster</strong>, Anna", "1980-05-31", "Female", "4711", "Allergy: penicillin"] {
                #expect(result.contains(part), "\(part)")
            }
            #expect(result.contains("Result (in FHIR: Observation)"))

            // Leaves of one moment stand in the log in any order.
            vault.clock.advance(by: .seconds(1))
            // What belongs to nobody shows the patient too, so reading it there is a reading about the patient.
            let organization = try await page(vault, try #require(ids["Organization"]), of: other)
            #expect(organization.contains("<strong>Other</strong>, Anna"))
            let chart = try await vault.records.chart(of: other.id, .summary, actor: .system, sight: .full)
            #expect(chart.patient == other.id)
            let opened = try #require(try await vault.leaves(VaultFacts.chartRead).first?.on)
            #expect(try await vault.leaves(VaultFacts.recordRead).first?.on == opened)
            await #expect(throws: Fault.self) { try await page(vault, try #require(ids["Observation"]), of: other) }
        }
    }
}
