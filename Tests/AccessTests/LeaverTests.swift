// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// What people who left can still do: nothing.
struct LeaverTests {
    private static let npi = "http://hl7.org/fhir/sid/us-npi|9999900001"

    @Test(arguments: StoreFixture.dialects)
    func whoLeftIsRefusedEveryAct(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let all = StaffRole.allCases
            let id = try await house.invite("Mara")
            house.set(id, "Mara", all)
            let patient = house.patient(care: [
                CareRelation(practitioner: Self.npi, kind: .generalPractitioner, from: house.now, until: nil)
            ])
            try await house.know(id, as: Self.npi)
            let acts = try Leavers.acts()
            #expect(acts.count >= 28 && acts.contains { $0.id == "vault.read-psychotherapy" })
            let institution = Kernel.EntityReference(type: "institution", id: "this")
            let about = [institution, Kernel.EntityReference(type: "patient", id: patient.description)]
            func allowed() async throws -> Set<String> {
                var allowed: Set<String> = []
                for act in acts {
                    for resource in about {
                        let decision = try await house.rules.decide(
                            AccessRequest(
                                principal: .person(id), action: act, resource: resource,
                                assurance: Assurance(secondFactor: true, at: house.now)))
                        if decision.isAllowed { allowed.insert(act.id) }
                    }
                }
                return allowed
            }
            #expect(try await allowed().isSuperset(of: ["vault.read-chart", "identity.manage-people", "console.open"]))
            house.set(id, "Mara", all, isEnabled: false)
            #expect(try await allowed().isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func accountsAreHeldAgainstTheLog(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            func counts() async throws -> [Int64] { try await house.counts(Leavers.read(house.house, house.rules)) }
            func wrong(_ id: AccessFixture.Who) async throws -> Leavers.Wrong? {
                try #require(try await Leavers.findings(house.house, house.rules)).first { $0.person == id }?.wrong
            }
            // An empty house has nobody to count: nothing is known, and nothing is claimed.
            #expect(try await counts() == [0, 0, 0])
            _ = try await house.invite("Ines", .administrator)
            let mara = try await house.invite("Mara", .nurse)
            #expect(try await counts() == [2, 2, 0])

            // Closed in the log alone.
            try await house.tell("identity.person-disabled.v1", [.init("person", .string(mara.description))])
            #expect(try await counts() == [2, 1, 0])
            #expect(try await wrong(mara) == .stillOpen)
            house.set(mara, "Mara", [.nurse], isEnabled: false)
            #expect(try await counts() == [2, 2, 0])
            // Opened again, first in the directory alone, then with its trace.
            house.set(mara, "Mara", [.nurse])
            #expect(try await wrong(mara) == .stillOpen)
            try await house.close(mara, "Mara", .nurse, isOpen: true)
            #expect(try await wrong(mara) == nil)
            house.set(mara, "Mara", [.nurse], isEnabled: false)
            #expect(try await wrong(mara) == .closedUntold)

            let stranger = house.person("Eve", .administrator)
            #expect(try await wrong(stranger) == .untold)
            #expect(try await counts() == [3, 1, 0])
            let missing = AccessFixture.Who(at: house.now)
            try await house.tell("identity.person-invited.v1", [.init("person", .string(missing.description))])
            #expect(try await wrong(missing) == .missing)
        }
    }

    @Test func rulesThatForgetWhoLeftAreFound() async throws {
        try await AccessFixture.with { house in
            let mara = try await house.invite("Mara", .nurse)
            try await house.close(mara, "Mara", .nurse)
            let rules = "@id(\"all\") permit (principal, action == Action::\"vault.read-chart\", resource is Patient);"
            try await house.house.store.write { tx in
                try tx.execute(
                    "INSERT INTO access_rules (id, version, policies, note, created) VALUES (?, 1, ?, ?, 0)",
                    [.bytes(Identifier<Record>(at: tx.now).bytes), .bytes(Array(rules.utf8)), .bytes([])])
            }
            func wrong() async throws -> Leavers.Wrong? {
                try await Leavers.findings(house.house, house.rules)?.first?.wrong
            }
            #expect(try await wrong() == .allowed(action: "vault.read-chart"))
            house.clock.advance(by: .days(400))
            #expect(try await wrong() == nil)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatIsKeptForALeaverGoes(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let mara = try await house.invite("Mara", .nurse)
            let tom = try await house.invite("Tom", .nurse)
            let hour = house.now.advanced(by: .hours(1)).microseconds
            for (person, number) in [(mara, Self.npi), (tom, "urn:house|7")] {
                try await house.know(person, as: number)
                try await house.put(person, in: "Ward 3")
                try await house.house.store.write { tx in
                    let key = StoreValue.bytes(person.bytes)
                    try tx.execute(
                        "INSERT INTO access_shifts (person, starts, ends) VALUES (?, 0, ?)", [key, .integer(hour)])
                    try tx.execute(
                        """
                        INSERT INTO access_emergencies (id, person, patient, reason, words, opened, until, many)
                        VALUES (?, ?, ?, 'life-threatening', ?, 0, ?, 0)
                        """, [key, key, key, .bytes([]), .integer(hour)])
                }
            }
            try await Leavers.clear(house.house)
            try await house.ledger(has: 0, GrantFacts.leaverCleared)
            try await house.close(mara, "Mara", .nurse)
            try await Leavers.clear(house.house)
            try await Leavers.clear(house.house)
            try await house.ledger(has: 1, GrantFacts.leaverCleared)
            let members = try await house.rules.census().staff
            let gone = try #require(members.first { $0.summary.id == mara })
            #expect(gone.department == nil && gone.shifts.isEmpty && gone.emergencies.isEmpty)
            let stays = try #require(members.first { $0.summary.id == tom })
            #expect(stays.department == "Ward 3" && stays.shifts.count == 1 && stays.emergencies.count == 1)
            let numbers = try await house.rules.census().practitioners
            #expect(numbers == ["urn:house|7": [tom]])
        }
    }
}
