// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import TestSupport
import Testing

@testable import Vault

/// A number of another system leads to the one patient who has it, and to nobody else.
struct PatientNumberTests {
    private static func mrn(_ value: String, system: String = "urn:mrn") -> String {
        ",\"identifier\":[{\"system\":\"\(system)\",\"value\":\"\(value)\"},{\"value\":\"plain-\(value)\"}]"
    }

    /// Whose number it is, by family name.
    private static func family(_ vault: VaultFixture, _ system: String, _ number: String) async throws -> String? {
        let register = VaultRegister(vault.records)
        guard let patient = try await register.patient(system: system, number: number) else { return nil }
        return try await register.name(of: patient)?.split(separator: ",").first.map(String.init)
    }

    @Test(arguments: StoreFixture.dialects)
    func oneHasIt(dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Sample.patient("p1", family: "Muster", extra: Self.mrn("1")))
            try await vault.take(Sample.patient("p2", family: "Other", extra: Self.mrn("2")))
            #expect(try await Self.family(vault, "urn:mrn", "1") == "Muster")
            #expect(try await Self.family(vault, "", "plain-2") == "Other")
            for (system, number) in [("urn:mrn", "3"), ("urn:MRN", "1"), ("", "1"), ("urn:mrn", "plain-1"), ("", "")] {
                #expect(try await Self.family(vault, system, number) == nil, "\(system)|\(number)")
            }
            // A practitioner's number is no patient's.
            try await vault.take(
                "{\"resourceType\":\"Practitioner\",\"id\":\"d1\"\(Self.mrn("9"))}")
            #expect(try await Self.family(vault, "urn:mrn", "9") == nil)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatTwoHaveLeadsToNobodyUntilOneHasItAlone(dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Sample.patient("p1", family: "Muster", extra: Self.mrn("1")))
            try await vault.take(Sample.patient("p2", family: "Other", extra: Self.mrn("1")))
            #expect(try await Self.family(vault, "urn:mrn", "1") == nil)
            try await vault.take(Sample.patient("p1", family: "Muster", extra: Self.mrn("2")))
            #expect(try await Self.family(vault, "urn:mrn", "1") == "Other")
            #expect(try await Self.family(vault, "urn:mrn", "2") == "Muster")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func recordsOfBeforeTheIndexAreLookedThrough(dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            for (id, family, number) in [("p1", "Muster", "1"), ("p2", "Other", "2"), ("p3", "Third", "2")] {
                try await vault.take(Sample.patient(id, family: family, extra: Self.mrn(number)))
            }
            let migration = try #require(VaultMigrations.all.first { $0.name == "vault/0006_patient_numbers" })
            try await vault.house.store.write { tx in
                try tx.execute("DELETE FROM vault_patient_numbers")
                // What the migration does in a house that has records.
                try tx.execute(try #require(migration.statements.last))
                // A version that is gone.
                try tx.execute(
                    "INSERT INTO vault_numbers_pending (record) VALUES (?)", [.bytes(Array(repeating: 0, count: 16))])
            }
            let round = PatientNumberRound(vault.records, pageSize: 1)
            var after: [UInt8] = []
            for _ in 0..<4 {
                // Nobody can say yet that nobody else has it.
                #expect(try await Self.family(vault, "urn:mrn", "1") == nil)
                after = try #require(try await round.step(after: after))
            }
            #expect(try await round.step(after: after) == nil)
            #expect(try await Self.family(vault, "urn:mrn", "1") == "Muster")
            #expect(try await Self.family(vault, "urn:mrn", "2") == nil)
        }
    }

    private static let last = "SELECT id FROM vault_records ORDER BY id DESC LIMIT 1"

    /// It may carry any number, so nobody can say that one is another's alone.
    @Test(arguments: StoreFixture.dialects)
    func whileARecordDoesNotOpenNoNumberLeadsToAnybody(dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            for (id, family, number) in [("p1", "Muster", "1"), ("p2", "Other", "2"), ("p3", "Third", "2")] {
                try await vault.take(Sample.patient(id, family: family, extra: Self.mrn(number)))
            }
            let sealed = try await vault.house.store.write { tx in
                try tx.execute("DELETE FROM vault_patient_numbers")
                try tx.execute(
                    "INSERT INTO vault_numbers_pending (record) SELECT id FROM vault_records WHERE type = 'Patient'")
                return try #require(try tx.row("SELECT sealed FROM vault_records ORDER BY id DESC LIMIT 1")).bytes(0)
            }
            func put(_ bytes: [UInt8]) async throws {
                _ = try await vault.house.store.write { tx in
                    try tx.execute(
                        "UPDATE vault_records SET sealed = ? WHERE id = (\(Self.last))", [.bytes(bytes)])
                }
            }
            try await put([0])
            let round = PatientNumberRound(vault.records, pageSize: 1)
            for _ in 0..<2 {
                try await round.run()
                // Two patients have it, and of one of them it is not known.
                #expect(try await Self.family(vault, "urn:mrn", "2") == nil)
                #expect(try await Self.family(vault, "urn:mrn", "1") == nil)
            }
            try await put(sealed)
            try await round.run()
            #expect(try await Self.family(vault, "urn:mrn", "1") == "Muster")
            #expect(try await Self.family(vault, "urn:mrn", "2") == nil)

            // A newer version takes the place of one that never opens.
            try await vault.house.store.write { tx in
                try tx.execute("INSERT INTO vault_numbers_pending (record) \(Self.last)")
            }
            try await put([0])
            try await round.run()
            #expect(try await Self.family(vault, "urn:mrn", "1") == nil)
            try await vault.take(Sample.patient("p3", family: "Third", extra: Self.mrn("3")))
            try await round.run()
            #expect(try await Self.family(vault, "urn:mrn", "1") == "Muster")
            #expect(try await Self.family(vault, "urn:mrn", "2") == "Other")
        }
    }
}
