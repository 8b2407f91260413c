// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Vault

@Suite("Import")
struct ImportTests {
    @Test(arguments: StoreFixture.dialects)
    func newBytesAreANewVersion(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let first = Sample.collection(Sample.patient("p1"), Sample.observation("o1", of: "p1"))
            #expect(try await vault.take(first) == .imported(ImportTally(added: 2, patients: 1)))
            #expect(try await vault.take(first) == .known)
            let second = Sample.collection(Sample.patient("p1"), Sample.observation("o1", of: "p1", value: "6.1"))
            #expect(try await vault.take(second) == .imported(ImportTally(replaced: 1, unchanged: 1)))
            #expect(try await vault.inventory().resources == 2)
            let versions = try await vault.house.store.read { tx in
                try tx.rows(
                    "SELECT version, current FROM vault_records WHERE type = ? ORDER BY version", ["Observation"]
                ).map { try $0.integer(0) * 10 + $0.integer(1) }
            }
            #expect(versions == [10, 21])
            let leaf = try #require(try await vault.leaves(VaultFacts.imported).first)
            #expect(leaf.data["count"]?.integerValue == 1)
            #expect(leaf.data["replaced"]?.integerValue == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func patientsAreFoundAcrossFiles(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let number = ",\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"4711\"}]"
            try await vault.take(Sample.patient("p1", extra: number))
            try await vault.take(Sample.patient("p2", family: "Other"))
            try await vault.take(Sample.observation("o1", of: "p1"))
            let byNumber = Sample.observation("o2", of: "p1").replacing(
                "Patient/p1", with: "Patient?identifier=urn:mrn|4711")
            #expect(try await vault.take(byNumber) == .imported(ImportTally(added: 1)))
            let anna = try #require(try await vault.patient("4711"))
            let chart = try await vault.records.chart(
                of: anna.id, .results, actor: VaultFixture.operatorReference, sight: .full)
            #expect(chart.counts.map { "\($0.type) \($0.count)" } == ["Observation 2", "Patient 1"])
            let keys = try await vault.house.store.read { tx in
                try tx.rows("SELECT DISTINCT key_id FROM vault_records ORDER BY key_id").count
            }
            #expect(keys == 2)
        }
    }

    @Test(arguments: [
        (Sample.observation("o1", of: "nobody"), "unknown-patient", 1),
        (Sample.collection(Sample.patient("p2"), Sample.observation("o0", of: "p2")), "other-patient", 2),
    ])
    func aRecordHasOnePatient(_ content: String, _ code: String, _ entry: Int) async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Sample.collection(Sample.patient("p1"), Sample.observation("o0", of: "p1")))
            let before = try await vault.inventory()
            guard case .refused(let problem) = try await vault.take(content) else {
                Issue.record("it was taken in")
                return
            }
            #expect(problem.code == code)
            #expect(problem.entry == entry)
            #expect(try await vault.inventory() == before)
            let leaf = try #require(try await vault.leaves(VaultFacts.importRefused).first)
            #expect(leaf.data["reason"]?.stringValue == code)
            #expect(leaf.data["entry"]?.integerValue == Int64(entry))
        }
    }

    @Test func whatManyPatientsBringBelongsToNobody() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            for (number, name) in [("1", "Clinic"), ("2", "Clinic"), ("3", "Clinic and Hospital")] {
                let patient = Sample.patient(
                    "p\(number)", extra: ",\"managingOrganization\":{\"reference\":\"Organization/x\"}")
                try await vault.take(
                    Sample.collection(patient, "{\"resourceType\":\"Organization\",\"id\":\"x\",\"name\":\"\(name)\"}"))
            }
            let owners = try await vault.house.store.read { tx in
                try tx.rows(
                    "SELECT patient FROM vault_records WHERE type = ? ORDER BY version", ["Organization"]
                ).map { try $0.optionalBytes(0) == nil }
            }
            #expect(owners == [false, true])
        }
    }

    private func entry(_ id: String) -> String {
        """
        {"fullUrl":"urn:uuid:\(id)","resource":{"resourceType":"Practitioner","id":"\(id)",\
        "identifier":[{"system":"urn:npi","value":"99"}]},\
        "request":{"method":"POST","url":"Practitioner","ifNoneExist":"identifier=urn:npi|99"}}
        """
    }

    @Test(arguments: StoreFixture.dialects)
    func ifNoneExistCreatesOnce(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let first = try await vault.take(Sample.transaction(entry("a")))
            #expect(first == .imported(ImportTally(added: 1)))
            #expect(try await vault.take(Sample.transaction(entry("b"))) == .imported(ImportTally(unchanged: 1)))
            #expect(try await vault.inventory().resources == 1)
            let search = entry("c").replacing("identifier=urn:npi|99", with: "name=Smith")
            #expect(try await vault.take(Sample.transaction(search)) == .refused(.unsupportedCondition(entry: 1)))
        }
    }

    @Test func createdWithoutAnyNameIsNewEachTime() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let entry = """
                {"resource":{"resourceType":"Organization","name":"X"},\
                "request":{"method":"POST","url":"Organization"}}
                """
            try await vault.take(Sample.transaction(entry))
            try await vault.take(Sample.transaction(entry) + " ")
            #expect(try await vault.inventory().resources == 2)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func linesOfManyPatients(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            let patients = (0..<50).map { Sample.patient("p\($0)", family: "Family\($0)") }
            try await vault.take(patients.joined(separator: "\n"))
            let results = (0..<200).map { Sample.observation("o\($0)", of: "p\($0 % 50)") }
            #expect(try await vault.take(results.joined(separator: "\n")) == .imported(ImportTally(added: 200)))
            #expect(try await vault.leaves(VaultFacts.imported).count == 100)
        }
    }
}
