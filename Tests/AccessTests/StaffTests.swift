// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Access

/// Departments, numbers and shifts.
struct StaffTests {
    @Test(arguments: StoreFixture.dialects)
    func eachChangeIsKeptWithItsLeafAndOneThatChangesNothingHasNone(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (nurse, boss) = (house.person("Mara", .nurse), house.person("Ines", .administrator))
            let desk = try await StaffDesk(house.house, house.rules)
            let number = try #require(PractitionerNumber("1234567893"))
            let shift = StaffMember.Shift(from: house.now, until: house.now.advanced(by: .hours(8)))
            let changes: [StaffDesk.Change] = [
                .department("Emergency"), .addNumber(number), .addShift(shift), .removeShift(from: shift.from),
                .removeNumber(number), .department(nil),
            ]
            for change in changes {
                try await desk.make(change, for: nurse, by: .person(boss))
                try await desk.make(change, for: nurse, by: .person(boss))
                // Entries that wait together may be placed in any order, because the tests share one counter.
                try await house.house.ledger.settle()
            }
            try await house.house.ledger.settle()
            var query = LeafQuery()
            query.kind = AccountingFacts.staffChanged.id
            let leaves = try await house.house.ledger.leaves(query).reversed()
            let said = leaves.map { $0.leaf.data["change"]?.stringValue }
            #expect(
                said == [
                    "department-set", "number-added", "shift-added", "shift-removed", "number-removed",
                    "department-cleared",
                ])
            for leaf in leaves {
                let text = String(decoding: leaf.bytes, as: UTF8.self)
                #expect(text.contains(nurse.description) && text.contains(boss.description))
                #expect(!text.contains("Emergency") && !text.contains("1234567893"))
            }
        }
    }

    @Test func whatWasSavedIsSaid() async throws {
        try await AccessFixture.with { house in
            let (nurse, boss) = (house.person("Mara", .nurse), house.person("Ines", .administrator))
            house.people.prove("c")
            let path = "/access/staff/\(nurse)"
            for (form, words) in [
                ([("act", "department"), ("department", "Emergency")], "The department is saved."),
                ([("act", "add-number"), ("number", "1234567893")], "The number is added."),
                ([("act", "remove-number"), ("number", "1234567893")], "The number is removed."),
            ] {
                let answer = try await house.ask("POST", path, as: boss, form: form)
                let page = try await house.page(try #require(answer.location), as: boss)
                #expect(page.contains("callout is-success") && page.contains("<strong>\(words)</strong>"))
            }
            for query in ["", "?saved=", "?saved=everything"] {
                #expect(try await !house.page("\(path)\(query)", as: boss).contains("is-success"))
            }
        }
    }

    @Test func whatIsEnteredOpensCharts() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let nurse = house.person("Mara", .nurse)
            let patient = house.patient(care: [
                CareRelation(
                    practitioner: "http://hl7.org/fhir/sid/us-npi|1234567893", kind: .encounter, from: house.now,
                    until: nil)
            ])
            func reads() async throws -> Bool {
                try await house.decide(ReadingKind.chart.action, nurse, on: patient).isAllowed
            }
            #expect(try await !reads())
            let number = try #require(PractitionerNumber("1234567893"))
            let desk = try await StaffDesk(house.house, house.rules)
            try await desk.make(.addNumber(number), for: nurse, by: .system)
            #expect(try await reads())
            try await desk.make(.removeNumber(number), for: nurse, by: .system)
            #expect(try await !reads())
        }
    }

    @Test(arguments: [
        ("1234567893", false), ("1234567890", true), ("http://hl7.org/fhir/sid/us-npi|1234567893", false),
        ("http://hl7.org/fhir/sid/us-npi|123", true), ("http://hl7.org/fhir/sid/us-npi|9999999999", true),
        ("urn:house|7", false),
    ])
    func aWrongNationalNumberIsDoubted(typed: String, isDoubtful: Bool) throws {
        #expect(try #require(PractitionerNumber(typed)).isDoubtful == isDoubtful)
    }

    @Test func whatIsConfirmedIsNamed() throws {
        let time = try #require(LocalTime(named: "Europe/Berlin"))
        func words(_ change: StaffDesk.Change) -> String { change.words(about: "Mara", time) }
        let national = try #require(PractitionerNumber("1234567893"))
        #expect(words(.addNumber(national)) == "Mara is given NPI 1234567893.")
        #expect(words(.removeNumber(PractitionerNumber(stored: "urn:house|7"))) == "urn:house|7 is taken from Mara.")
        #expect(words(.department("Emergency")) == "Mara works in the department Emergency.")
        let shift = StaffMember.Shift(
            from: Instant(microseconds: 1_767_225_600_000_000), until: Instant(microseconds: 1_767_247_200_000_000))
        let (from, until) = (time.text(shift.from), time.text(shift.until))
        #expect(words(.addShift(shift)) == "Mara works from \(from) until \(until).")
    }

    @Test(arguments: [
        "", "123", "|7", "urn:house|", "urn:house|a b", "urn\u{0}|7", String(repeating: "a", count: 400) + "|1",
    ])
    func whatIsNoNumberIsRefused(typed: String) {
        #expect(PractitionerNumber(typed) == nil)
    }

    @Test func shiftsAreReadOnTheClockOnTheWall() throws {
        let time = try #require(LocalTime(named: "Europe/Berlin"))
        func form(_ from: String, _ until: String) throws -> StaffForm {
            let text = "act=add-shift&from=\(PercentCoding.encode(from))&until=\(PercentCoding.encode(until))"
            return StaffForm(try #require(Fields(urlEncoded: Array(text.utf8))), time)
        }
        let shift = StaffMember.Shift(
            from: Instant(microseconds: 1_767_225_600_000_000), until: Instant(microseconds: 1_767_247_200_000_000))
        #expect(try form("2026-01-01 01:00", " 2026-01-01 07:00 ").change == .addShift(shift))
        for (from, until) in [
            ("2026-01-01 07:00", "2026-01-01 01:00"), ("2026-01-01 07:00", "2026-03-01 07:00"), ("tomorrow", ""),
            ("2026-13-01 07:00", "2026-01-01 09:00"),
        ] {
            let wrong = try form(from, until)
            #expect(wrong.change == nil && !wrong.errors.isEmpty, "\(from)")
        }
    }

    @Test func recordsKnowANumberOrDoNot() {
        let now = Instant(microseconds: 1_767_225_600_000_000)
        func patient(_ number: String, until: Instant?) -> PatientRelations {
            PatientRelations(
                patient: Identifier(at: now),
                care: [
                    CareRelation(
                        practitioner: number, kind: .encounter, from: now.advanced(by: .hours(-2)), until: until)
                ], department: "Emergency")
        }
        let workload = Workload(
            [
                patient("a|1", until: nil), patient("a|1", until: now.advanced(by: .hours(1))),
                patient("a|1", until: now), patient("a|2", until: now.advanced(by: .hours(-1))),
            ], at: now)
        #expect(workload.patients(of: [PractitionerNumber(stored: "a|1")]) == 2)
        #expect(workload.patients(of: [PractitionerNumber(stored: "a|2")]) == 0)
        #expect(workload.patients(of: [PractitionerNumber(stored: "a|3")]) == nil)
        #expect(workload.departments == ["Emergency"])
    }
}
