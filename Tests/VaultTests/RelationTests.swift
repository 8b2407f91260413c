// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Store
import TestSupport
import Testing

@testable import Vault

@Suite("Relations")
struct RelationTests {
    private static let npi = "http://hl7.org/fhir/sid/us-npi"

    /// Staff with a national number, a number of the house, and both.
    private static let staff = Sample.collection(
        """
        {"resourceType":"Practitioner","id":"d1","identifier":[{"system":"urn:house","value":"7"},\
        {"system":"\(npi)","value":"9999900001"}]}
        """,
        "{\"resourceType\":\"Practitioner\",\"id\":\"d2\",\"identifier\":[{\"system\":\"urn:house\",\"value\":\"8\"}]}",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"r2\",\"practitioner\":{\"reference\":\"Practitioner/d2\"}}",
        "{\"resourceType\":\"Location\",\"id\":\"l1\",\"name\":\"Maternity\"}")

    private static func encounter(
        _ id: String, _ status: String, _ period: String, who: String = "Practitioner/d1", extra: String = ""
    ) -> String {
        """
        {"resourceType":"Encounter","id":"\(id)","status":"\(status)","period":{\(period)},\
        "subject":{"reference":"Patient/p1"},"participant":[{"individual":{"reference":"\(who)"}}]\(extra)}
        """
    }

    private static func team(_ id: String, _ status: String, _ period: String = "") -> String {
        """
        {"resourceType":"CareTeam","id":"\(id)"\(status),"subject":{"reference":"Patient/p1"},"participant":[\
        {"member":{"reference":"PractitionerRole/r2"}\(period)},{"member":{"reference":"Patient/p1"}}]}
        """
    }

    private func relations(_ vault: VaultFixture) async throws -> PatientRelations {
        let patient = try #require(try await vault.patient("muster")).id
        return try #require(try await VaultRegister(vault.records).relations(of: patient))
    }

    private func kept(_ vault: VaultFixture) async throws -> Int {
        try await vault.house.store.read { tx in try tx.rows("SELECT sealed FROM vault_relations").count }
    }

    private func day(_ text: String) throws -> Instant {
        Instant(microseconds: try RFC3339.parse("\(text)T00:00:00Z"))
    }

    @Test(arguments: StoreFixture.dialects)
    func relationsFollowFromRecords(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Self.staff)
            let doctor = ",\"generalPractitioner\":[{\"reference\":\"Practitioner/d2\"}]"
            let place = ",\"location\":[{\"location\":{\"reference\":\"Location/l1\"}}]"
            let conditional = "Practitioner?identifier=\(Self.npi)|9999900002"
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1", extra: doctor),
                    Self.encounter("e1", "finished", "\"start\":\"2020-03-01\",\"end\":\"2020-03\""),
                    Self.encounter("e2", "in-progress", "\"start\":\"2025-12-31\"", who: conditional, extra: place),
                    Self.encounter("e3", "cancelled", "\"start\":\"2021-01-01\"", who: "Practitioner/d2"),
                    Self.team("t1", ",\"status\":\"inactive\"", ",\"period\":{\"end\":\"2019\"}"),
                    Self.team("t2", ",\"status\":\"inactive\""),
                    Sample.observation("o1", of: "p1").replacing(
                        "\"id\"", with: "\"meta\":{\"security\":[{\"code\":\"HIV\"}]},\"id\"")))
            let found = try await relations(vault)
            let care = found.care.map { "\($0.kind.rawValue) \($0.practitioner)" }
            #expect(
                Set(care) == [
                    "encounter \(Self.npi)|9999900001", "encounter urn:house|7", "encounter \(Self.npi)|9999900002",
                    "care-team urn:house|8", "general-practitioner urn:house|8",
                ])
            #expect(care.count == 5)
            let visit = try #require(found.care.first { $0.practitioner == "\(Self.npi)|9999900001" })
            let ends = [visit.from, visit.until, found.care.first { $0.kind == .careTeam }?.until]
            #expect(ends == [try day("2020-03-01"), try day("2020-04-01"), try day("2020-01-01")])
            let open = found.care.filter { $0.until == nil }.map(\.practitioner)
            #expect(Set(open) == ["\(Self.npi)|9999900002", "urn:house|8"])
            #expect(found.department == "Maternity")
            #expect(found.protected == [.hiv])
            #expect(try await kept(vault) == 1)
            #expect(try await relations(vault) == found, "as it is kept")
            #expect(try await VaultRegister(vault.records).allRelations() == [found])
        }
    }

    @Test func aTeamWithoutStatusWorks() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Self.staff)
            try await vault.take(Sample.collection(Sample.patient("p1"), Self.team("t1", "")))
            #expect(try await relations(vault).care.map(\.practitioner) == ["urn:house|8"])
        }
    }

    @Test func theDepartmentEndsWithTheVisit() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let service = ",\"serviceType\":{\"text\":\"Emergency\"}"
            let period = "\"start\":\"2025-12-31T10:00:00Z\",\"end\":\"2026-01-02T10:00:00Z\""
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1"), Self.encounter("e1", "in-progress", period, extra: service),
                    Self.encounter("e2", "finished", period, extra: ",\"serviceType\":{\"text\":\"Surgery\"}")))
            #expect(try await relations(vault).department == "Emergency")
            #expect(try await kept(vault) == 1)
            vault.clock.advance(by: .days(2))
            #expect(try await relations(vault).department == nil)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func anImportForgetsWhatItTouches(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(
                Sample.collection(Sample.patient("p1"), Self.encounter("e1", "finished", "\"start\":\"2020-01-01\"")))
            try await vault.take(Sample.patient("p2", family: "Other"))
            #expect(try await VaultRegister(vault.records).allRelations().map(\.care) == [[], []])
            #expect(try await kept(vault) == 2)
            try await vault.take(Sample.observation("o9", of: "p1"))
            #expect(try await kept(vault) == 1, "the other patient's row stays")
            _ = try await relations(vault)
            try await vault.take(Self.staff)
            #expect(try await kept(vault) == 0, "who a reference means can change for everybody")
            #expect(try await relations(vault).care.count == 2)
            #expect(try await kept(vault) == 1)
            #expect(try await vault.take(Self.staff + " ") == .imported(ImportTally(unchanged: 4)))
            #expect(try await kept(vault) == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatAnImportOvertookIsNotKept(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Sample.patient("p1"))
            let patient = try #require(try await vault.patient("muster")).id
            let early = try await vault.house.store.read { tx in try vault.records.foundSheet(of: patient, in: tx) }
            try await vault.take(Self.encounter("e1", "finished", "\"start\":\"2020-01-01\"", who: "Practitioner/d1"))
            await vault.records.keep([early])
            #expect(try await kept(vault) == 0)
            let later = try await vault.house.store.read { tx in try vault.records.foundSheet(of: patient, in: tx) }
            await vault.records.keep([later])
            #expect(try await kept(vault) == 1)
        }
    }

    @Test func aRowThatCannotBeWrittenOrReadIsMadeAnew() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Self.staff)
            try await vault.take(
                Sample.collection(Sample.patient("p1"), Self.encounter("e1", "finished", "\"start\":\"2020-01-01\"")))
            try await vault.house.store.write { tx in
                try tx.execute("DROP TABLE vault_relations")
                try tx.execute(
                    "CREATE TABLE vault_relations (patient BYTES PRIMARY KEY, sealed BYTES NOT NULL, x BIGINT NOT NULL)"
                )
            }
            #expect(try await relations(vault).care.count == 2)
            #expect(try await kept(vault) == 0)
            let patient = try #require(try await vault.patient("muster")).id
            try await vault.house.store.write { tx in
                _ = try tx.execute(
                    "INSERT INTO vault_relations (patient, sealed, x) VALUES (?, ?, 0)",
                    [.bytes(patient.bytes), .bytes([1, 2, 3])])
            }
            #expect(try await relations(vault).care.count == 2)
            #expect(try await VaultRegister(vault.records).allRelations().first?.care.count == 2)
        }
    }

    @Test func aChartWithDamageIsLookedThroughEachTime() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let label = "\"meta\":{\"security\":[{\"code\":\"SUD\"}]},\"id\""
            try await vault.take(
                Sample.collection(
                    Sample.patient("p1"), Sample.observation("o1", of: "p1").replacing("\"id\"", with: label)))
            let sealed = try await vault.house.store.write { tx in
                let sealed = try tx.row("SELECT sealed FROM vault_records WHERE type = ?", ["Observation"])?.bytes(0)
                try tx.execute("UPDATE vault_records SET sealed = ? WHERE type = ?", [.bytes([0]), "Observation"])
                return try #require(sealed)
            }
            let patient = try #require(try await vault.patient("muster")).id
            #expect(try await vault.records.sheet(of: patient)?.unopened == 1)
            #expect(try await relations(vault).protected.isEmpty)
            #expect(try await kept(vault) == 0)
            try await vault.house.store.write { tx in
                _ = try tx.execute(
                    "UPDATE vault_records SET sealed = ? WHERE type = ?", [.bytes(sealed), "Observation"])
            }
            #expect(try await relations(vault).protected == [.substanceUse])
            #expect(try await kept(vault) == 1)
        }
    }

    @Test func thePatientIsKnownByPseudonymAndName() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Sample.patient("p1"))
            let register = VaultRegister(vault.records)
            let patient = try #require(try await vault.patient("muster")).id
            let nobody = Identifier<Patient>(at: vault.clock.now())
            #expect(try await register.name(of: patient) == "Muster, Anna, born 1980-05-31")
            #expect(try await register.subject(of: patient)?.count == 16)
            #expect(try await register.relations(of: nobody) == nil)
            #expect(try await register.name(of: nobody) == nil)
            #expect(try await register.subject(of: nobody) == nil)
        }
    }

    @Test func theCorpusSaysWhoCares() async throws {
        guard let corpora = Corpora.folder else { return }
        try await VaultFixture.with(.sqlite) { vault in
            let files = try SourceFile.find([corpora + "/synthea"])
            #expect(try await vault.take(files: files).allSatisfy { $0.isImported })
            let register = VaultRegister(vault.records)
            let start = ContinuousClock.now
            let computed = try await register.allRelations()
            let between = ContinuousClock.now
            #expect(try await register.allRelations() == computed)
            print("40 charts looked through in \(between - start), remembered in \(ContinuousClock.now - between)")
            #expect(computed.count == 40)
            let care = computed.flatMap(\.care)
            #expect(computed.allSatisfy { !$0.care.isEmpty })
            #expect(care.allSatisfy { $0.practitioner.hasPrefix("\(Self.npi)|") })
            #expect(Set(care.map(\.kind)).isSuperset(of: [.encounter, .careTeam]))
        }
    }
}
