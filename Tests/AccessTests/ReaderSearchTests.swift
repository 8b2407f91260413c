// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import TestSupport
import Testing
import Web

@testable import Access

/// Who can see a patient's records: everybody who can, nobody else, or no list.
struct ReaderSearchTests {
    private static let departments = ["Emergency", "Maternity"]

    /// Random people: with roles, departments, numbers and emergencies, some of them with closed accounts.
    private static func directory(
        in house: AccessFixture, _ generator: inout SplitMix64
    ) async throws -> [Identifier<Kernel.Person>] {
        var people: [Identifier<Kernel.Person>] = []
        for number in 0..<25 {
            let roles = StaffRole.allCases.filter { _ in generator.next() % 5 == 0 }
            let id = Identifier<Kernel.Person>(at: house.now)
            house.people.set(
                PersonSummary(
                    id: id, name: "Person \(number)", login: "p\(number)", roles: roles.map(\.rawValue).sorted(),
                    isEnabled: generator.next() % 6 != 0, hasSecondFactor: true))
            if generator.next() % 2 == 0 {
                try await house.put(id, in: departments[Int(generator.next() % 2)])
            }
            if generator.next() % 3 != 0 { try await house.know(id, as: "urn:test|\(generator.next() % 12)") }
            people.append(id)
        }
        return people
    }

    private static func patient(in house: AccessFixture, _ generator: inout SplitMix64) -> Identifier<Kernel.Patient> {
        let care = (0..<4).map { _ in
            CareRelation(
                practitioner: "urn:test|\(generator.next() % 15)", kind: .careTeam,
                from: house.now.advanced(by: .seconds(Int64(generator.next() % 7_200) - 3_600)),
                until: generator.next() % 2 == 0
                    ? nil : house.now.advanced(by: .hours(Int64(generator.next() % 160) - 80)))
        }
        return house.patient(
            care: care, department: generator.next() % 2 == 0 ? departments[Int(generator.next() % 2)] : nil,
            protected: generator.next() % 2 == 0 ? [.hiv] : [])
    }

    private static func emergency(
        of person: Identifier<Kernel.Person>, on patient: Identifier<Kernel.Patient>, in house: AccessFixture
    ) async throws {
        let now = house.now
        try await house.house.store.write { tx in
            try tx.execute(
                """
                INSERT INTO access_emergencies (id, person, patient, reason, words, opened, until, many)
                VALUES (?, ?, ?, 'cover', ?, ?, ?, 0)
                """,
                [
                    .bytes(Identifier<Kernel.Record>(at: now).bytes), .bytes(person.bytes), .bytes(patient.bytes),
                    .bytes([0]), .integer(now.microseconds), .integer(now.advanced(by: .hours(1)).microseconds),
                ])
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func theListIsWhatTheAuthorizerSaysToEachOne(seed: UInt64) async throws {
        try await AccessFixture.with { house in
            var generator = SplitMix64(seed: seed)
            if seed % 2 == 0 { try await house.useCareTeams() }
            let people = try await Self.directory(in: house, &generator)
            var (readers, opening) = (0, 0)
            for _ in 0..<6 {
                let patient = Self.patient(in: house, &generator)
                let one = try #require(people.randomElement(using: &generator))
                try await Self.emergency(of: one, on: patient, in: house)
                let relations = try #require(try await house.patients.relations(of: patient))
                let search = try ReaderSearch(try await house.rules.census(), on: relations)
                #expect(Set(search.people.map(\.member.summary.id)) == Set(people))
                #expect(search.active.count + search.closed.count == people.count)
                for reader in search.people {
                    let person = reader.member.summary.id
                    let chart = try await house.decide(ReadingKind.chart.action, person, on: patient)
                    #expect(reader.canRead == chart.isAllowed)
                    #expect(reader.rules == (chart.isAllowed ? chart.rules : []))
                    let answers = try search.answers(to: reader)
                    #expect(answers.chart.isAllowed == chart.isAllowed && answers.chart.rules == chart.rules)
                    #expect(answers.chart.nearest == chart.nearest)
                    #expect(reader.opensInEmergency == (chart.opensByBreakGlass && !chart.isAllowed))
                    for (kind, reads) in zip(ReadingKind.protected, answers.readsProtected) {
                        let decision = try await house.decide(kind.action, person, on: patient)
                        #expect(reads == (decision.isAllowed && chart.isAllowed), "\(kind.title)")
                    }
                }
                readers += search.readers.count
                opening += search.people.count { $0.opensInEmergency }
            }
            #expect(readers > 5 && readers < 6 * people.count)
            #expect(seed % 2 == 1 || opening > 5)
        }
    }

    @Test func theRelationIsSaidInPlainWords() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let patient = house.patient(
                care: [
                    CareRelation(
                        practitioner: "urn:test|1", kind: .careTeam, from: house.now.advanced(by: .hours(-1)),
                        until: nil)
                ], department: "Emergency")
            let (team, ward) = (house.person("Ada", .physician), house.person("Ben", .nurse))
            let (opener, biller) = (house.person("Cem", .nurse), house.person("Dan", .billing))
            try await house.know(team, as: "urn:test|1")
            try await house.put(ward, in: "Emergency")
            try await Self.emergency(of: opener, on: patient, in: house)
            let relations = try #require(try await house.patients.relations(of: patient))
            let search = try ReaderSearch(try await house.rules.census(), on: relations)
            let said = Dictionary(
                uniqueKeysWithValues: search.readers.map {
                    ($0.member.summary.id, RelationWords(time: .utc).words($0, search.book, on: patient))
                })
            #expect(said[team] == "On the care team from 2025-12-31 23:00 UTC without end. Role: Physician.")
            #expect(said[ward] == "Works in Emergency, where the patient is. Role: Nurse.")
            #expect(said[opener] == "Opened in an emergency, until 2026-01-01 01:00 UTC. Role: Nurse.")
            #expect(said[biller] == "Role: Billing.")
            #expect(search.byRole.first { $0.role == "nurse" }.map { [$0.readers, $0.people] } == [2, 2])
        }
    }

    @Test(arguments: [
        (Int64?.none, Int64?.none, "General practitioner, for as long as the records name them."),
        (nil, 0, "General practitioner until 1970-01-01 00:00 UTC; the records name no start."),
        // Somebody wrote that.
        (-31_556_908_800_000_000, nil, "General practitioner from 0970-01-01 00:00 UTC without end."),
    ])
    func aRelationWithoutAStartIsNotSaidToBeginInTheYearOne(_ start: Int64?, _ end: Int64?, _ words: String) {
        let care = CareRelation(
            practitioner: "urn:test|1", kind: .generalPractitioner, from: start.map { Instant(microseconds: $0) },
            until: end.map { Instant(microseconds: $0) })
        #expect(RelationWords(time: .utc).words(care) == words)
    }

    @Test func whoCannotBeAskedAboutMakesTheWholeListFail() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .physician)
            let patient = house.patient()
            try await house.house.store.write { tx in
                try tx.execute(
                    "INSERT INTO access_practitioners (practitioner, person) VALUES (?, ?)", [.bytes([1]), .bytes([2])])
            }
            let relations = try #require(try await house.patients.relations(of: patient))
            await #expect(throws: Fault.self) {
                _ = try ReaderSearch(try await house.rules.census(), on: relations)
            }
        }
    }
}
