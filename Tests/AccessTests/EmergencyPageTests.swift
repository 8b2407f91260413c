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

/// What is said while a chart is open in an emergency, and whose chart it is.
struct EmergencyPageTests {
    private static let npi = "http://hl7.org/fhir/sid/us-npi|9999900001"
    private static let readHIV = ProtectedClass.hiv.action

    @Test(arguments: StoreFixture.dialects)
    func theAnswerSaysUntilWhenWhereTheEmergencyIsWhy(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, other) = (house.person("Mara", .nurse), house.person("Omar", .nurse))
            let (patient, neighbour) = (house.patient(), house.patient())
            func until(
                _ person: Identifier<Kernel.Person>, _ patient: Identifier<Kernel.Patient>,
                _ action: Action = EmergencyDeskTests.readChart
            ) async throws -> Instant? {
                try await house.decide(action, person, on: patient).emergencyUntil
            }
            #expect(try await until(nurse, patient) == nil)
            let emergency = try await desk.open(patient, for: nurse, .other, try EmergencyDeskTests.note())
            #expect(try await until(nurse, patient) == emergency.until)
            #expect(try await until(nurse, patient, Self.readHIV) == emergency.until)
            // Refused all the same, and nothing of others.
            #expect(try await until(nurse, patient, ProtectedClass.psychotherapy.action) == nil)
            #expect(try await until(nurse, neighbour) == nil)
            #expect(try await until(other, patient) == nil)
            try await desk.end(emergency.id, of: nurse)
            #expect(try await until(nurse, patient) == nil)
        }
    }

    @Test func whoWouldSeeItAnywayIsNotToldOfTheEmergency() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let patient = house.patient()
            let emergency = try await desk.open(patient, for: nurse, .other, try EmergencyDeskTests.note())
            // Without care teams every nurse reads charts, but no records of HIV.
            let (chart, hiv) = (
                try await house.decide(EmergencyDeskTests.readChart, nurse, on: patient),
                try await house.decide(Self.readHIV, nurse, on: patient)
            )
            #expect(chart.isAllowed && chart.emergencyUntil == nil)
            #expect(hiv.isAllowed && hiv.emergencyUntil == emergency.until)
        }
    }

    @Test func ownEmergenciesNameThePatientsOfOpenChartsAndTheLogKnows() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let (first, second) = (house.patient(), house.patient())
            for patient in [first, second] {
                _ = try await desk.open(patient, for: nurse, .other, try EmergencyDeskTests.note())
            }
            let open = try await house.ask("GET", "/access/emergency/\(first)", as: nurse)
            guard case .page(let content) = open.body else { throw Fault(.internal, "no page") }
            let there = content.content.renderString()
            #expect(there.contains("Maria Muster") && there.contains("End now"))

            let id = try #require(
                try await house.house.store.read { tx in try tx.openEmergencies(of: nurse) }
                    .first { $0.patient == second }
            ).id
            let ended = try await house.ask(
                "POST", "/access/emergencies/mine/end", as: nurse, form: [("emergency", id.description)])
            #expect(ended.location == "/access/emergencies/mine")
            let before = try await EmergencyDeskTests.leaves(EmergencyFacts.shown, house).count
            let page = try await house.page("/access/emergencies/mine", as: nurse)
            #expect(page.contains("<h3>Maria Muster</h3>"), "the one that is open")
            #expect(page.contains("<a href=\"/records/\(second)\">Patient \(second)</a>"), "the one that is over")
            let shown = try await EmergencyDeskTests.leaves(EmergencyFacts.shown, house)
            #expect(shown.count == before + 1)
            #expect(shown.first?.on == first.bytes && shown.first?.actor == .person(nurse))
            #expect(shown.first?.data == ["page": "own"])
            // What is over names nobody, and leaves nothing.
            house.clock.advance(by: .minutes(61))
            #expect(try await !house.page("/access/emergencies/mine", as: nurse).contains("Muster"))
            #expect(try await EmergencyDeskTests.leaves(EmergencyFacts.shown, house).count == before + 1)
        }
    }

    @Test func whoIsToldNoNamesFindsTheWayByNumber() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let patient = house.patient()
            _ = try await desk.open(patient, for: nurse, .other, try EmergencyDeskTests.note())
            // The role was taken away meanwhile.
            house.set(nurse, "Mara", [.auditor])
            let open = try await house.page("/access/emergencies/mine", as: nurse)
            #expect(!open.contains("Muster") && open.contains("<h3>Patient \(patient)</h3>"))
            #expect(open.contains("the name is hidden from your role"))
            house.clock.advance(by: .minutes(61))
            let page = try await house.page("/access/emergencies/mine", as: nurse)
            #expect(!page.contains("Muster") && page.contains("Patient \(patient)</a>"))
            #expect(page.contains("by the patient's number") || page.contains("by the patient&#39;s number"))
            #expect(try await EmergencyDeskTests.leaves(EmergencyFacts.shown, house).isEmpty)
        }
    }
}
