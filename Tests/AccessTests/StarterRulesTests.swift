// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Kernel
import Store
import TestSupport
import Testing

@testable import Access

/// What the rules with which a clinic starts say, in the situations of a hospital.
struct StarterRulesTests {
    private static let readChart = Action("vault.read-chart", "Read a patient's chart")
    private static let npi = "http://hl7.org/fhir/sid/us-npi|9999900001"

    @Test func rulesAndSchemaCanBeRead() throws {
        let book = try RuleBook.builtIn()
        #expect(book.policies.policies.count > 20)
        for policy in book.policies.policies { #expect(policy.annotation("title") != nil, "\(policy.id)") }
        #expect(try HouseSchema.schema().actions.count > 20)
    }

    @Test(arguments: StoreFixture.dialects)
    func aCareTeamReadsUntilSeventyTwoHoursAfterToTheMinute(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let nurse = house.person("Mara", .nurse)
            try await house.know(nurse, as: Self.npi)
            let start = house.now.advanced(by: .seconds(3_600))
            let end = house.now.advanced(by: .seconds(7_200))
            let patient = house.patient(care: [
                CareRelation(practitioner: Self.npi, kind: .encounter, from: start, until: end)
            ])
            func isAllowed(at instant: Instant) async throws -> Bool {
                house.clock.set(instant)
                return try await house.decide(Self.readChart, nurse, on: patient).isAllowed
            }
            #expect(try await !isAllowed(at: start.advanced(by: .milliseconds(-1))))
            #expect(try await isAllowed(at: start))
            let last = end.advanced(by: .seconds(72 * 3_600))
            #expect(try await isAllowed(at: last.advanced(by: .milliseconds(-1))))
            #expect(try await !isAllowed(at: last))
        }
    }

    @Test func whoIsNotOnTheCareTeamIsToldSoAndOfferedTheEmergency() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let nurse = house.person("Mara", .nurse)
            let clerk = house.person("Fritz", .frontDesk)
            let patient = house.patient()
            let refused = try await house.decide(Self.readChart, nurse, on: patient)
            #expect(!refused.isAllowed && refused.opensByBreakGlass && refused.rules.isEmpty)
            #expect(refused.explanation == "You are not on this patient's care team.")
            #expect(refused.nearest?.rule == "care-team-reads-chart")
            #expect(refused.nearest?.condition == "when resource.hasTag(principal.key)")
            let atDesk = try await house.decide(Self.readChart, clerk, on: patient)
            #expect(!atDesk.isAllowed && !atDesk.opensByBreakGlass)
            #expect(atDesk.explanation.contains("this needs the role Physician or Nurse"), "\(atDesk.explanation)")
        }
    }

    @Test func ofAChartThatIsOpenInPartTheEmergencyShowsMore() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let (nurse, both) = (house.person("Mara", .nurse), house.person("Omar", .physician, .billing))
            let clerk = house.person("Bo", .billing)
            try await house.put(nurse, in: "Emergency")
            let patient = house.patient(department: "Emergency")
            func opens(_ action: Kernel.Action, _ person: Identifier<Kernel.Person>) async throws -> [Bool] {
                let decision = try await house.decide(action, person, on: patient)
                return [decision.isAllowed, decision.opensByBreakGlass]
            }
            #expect(try await opens(Self.readChart, nurse) == [true, false], "she sees what the emergency would show")
            for protected in ProtectedClass.allCases {
                #expect(try await opens(protected.action, nurse) == [false, protected != .psychotherapy])
            }
            #expect(try await opens(Self.readChart, both) == [true, true], "billing's view leaves findings out")
            #expect(try await opens(Self.readChart, clerk) == [true, false])
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            for person in [nurse, both] {
                _ = try await desk.open(patient, for: person, .other, try EmergencyDeskTests.note())
                #expect(try await opens(ProtectedClass.hiv.action, person) == [true, false])
                #expect(try await opens(Self.readChart, person) == [true, false])
            }
            #expect(try await house.decide(ProtectedClass.hiv.action, nurse, on: patient).rules == ["emergency"])
        }
    }

    @Test func departmentAndDutyOpenCharts() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let nurse = house.person("Mara", .nurse)
            try await house.put(nurse, in: "Emergency")
            let here = house.patient(department: "Emergency")
            let elsewhere = house.patient(department: "Maternity")
            let nowhere = house.patient()
            #expect(try await house.decide(Self.readChart, nurse, on: here).rules == ["department-reads-chart"])
            #expect(try await !house.decide(Self.readChart, nurse, on: elsewhere).isAllowed)
            #expect(try await !house.decide(Self.readChart, nurse, on: nowhere).isAllowed)
            let now = house.now
            try await house.house.store.write { tx in
                try tx.execute(
                    "INSERT INTO access_shifts (person, starts, ends) VALUES (?, ?, ?)",
                    [
                        .bytes(nurse.bytes), .integer(now.advanced(by: .seconds(60)).microseconds),
                        .integer(now.advanced(by: .seconds(120)).microseconds),
                    ])
            }
            #expect(try await !house.decide(Self.readChart, nurse, on: here).isAllowed)
            house.clock.advance(by: .seconds(60))
            #expect(try await house.decide(Self.readChart, nurse, on: here).isAllowed)
            // Overtime, and a roster that nobody went on with.
            house.clock.advance(by: .seconds(600))
            #expect(try await house.decide(Self.readChart, nurse, on: here).isAllowed)
        }
    }

    @Test func beforeCareTeamsWhoeverTreatsReads() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient(protected: [.hiv])
            for role in [StaffRole.physician, .nurse] {
                let person = house.person("A", role)
                let decision = try await house.decide(Self.readChart, person, on: patient)
                #expect(decision.rules == ["before-care-teams"])
            }
            for role in [StaffRole.administrator, .auditor, .privacyOfficer, .frontDesk, .securityLead] {
                let person = house.person("B", role)
                let decision = try await house.decide(Self.readChart, person, on: patient)
                #expect(!decision.isAllowed, "\(role)")
            }
        }
    }

    @Test func protectedClassesNeedTheCareTeamNotTheDepartment() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            let nurse = house.person("Mara", .nurse)
            let physician = house.person("Ada", .physician)
            try await house.put(nurse, in: "Emergency")
            try await house.put(physician, in: "Emergency")
            try await house.know(physician, as: Self.npi)
            let patient = house.patient(
                care: [CareRelation(practitioner: Self.npi, kind: .careTeam, from: house.now, until: nil)],
                department: "Emergency", protected: [.hiv, .psychotherapy, .substanceUse])
            for kind in ProtectedClass.allCases {
                #expect(try await !house.decide(kind.action, nurse, on: patient).isAllowed)
                #expect(try await house.decide(kind.action, physician, on: patient).isAllowed)
            }
            try await house.know(nurse, as: Self.npi)
            #expect(try await house.decide(ProtectedClass.hiv.action, nurse, on: patient).isAllowed)
            #expect(try await !house.decide(ProtectedClass.psychotherapy.action, nurse, on: patient).isAllowed)
        }
    }

    @Test func aClosedAccountAndAMissingFactorCloseEverything() async throws {
        try await AccessFixture.with { house in
            let physician = house.person("Ada", .physician)
            let patient = house.patient()
            let once = try await house.decide(Self.readChart, physician, on: patient, secondFactor: false)
            #expect(once.rules == ["second-factor"] && !once.isAllowed)
            house.people.set(
                PersonSummary(
                    id: physician, name: "Ada", login: "ada", roles: ["physician"], isEnabled: false,
                    hasSecondFactor: true))
            let gone = try await house.decide(Self.readChart, physician, on: patient)
            #expect(gone.rules == ["account-closed"] && !gone.isAllowed && !gone.opensByBreakGlass)
            let unknown = try await house.decide(Self.readChart, Identifier(at: house.now), on: patient)
            #expect(!unknown.isAllowed)
        }
    }

    @Test func masksAreTheViewOfOneRuleAsAWhole() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            func masks(_ roles: StaffRole...) async throws -> [String] {
                var found: [[String]] = []
                for role in roles {
                    found.append(try await house.decide(Self.readChart, house.person("L", role), on: patient).masks)
                }
                let all = house.person("Both", roles[0], roles[roles.count - 1])
                let together = try await house.decide(Self.readChart, all, on: patient).masks
                #expect(!together.isEmpty && found.contains(together), "\(roles)")
                return together
            }
            let laboratory = try await masks(.laboratory)
            #expect(laboratory.contains("Patient.telecom"))
            // Together they must not show findings under a name: billing has names, research has findings.
            _ = try await masks(.billing, .researcher)
            _ = try await masks(.billing, .laboratory)
            _ = try await masks(.laboratory, .researcher)
            let physician = house.person("Ada", .physician, .laboratory)
            let full = try await house.decide(Self.readChart, physician, on: patient)
            #expect(full.masks == [])
        }
    }

    @Test func aPatientWhoIsNotThereIsNotFoundByThoseWhoCouldRead() async throws {
        try await AccessFixture.with { house in
            let nobody = Identifier<Kernel.Patient>(at: house.now)
            let physician = house.person("Ada", .physician)
            let fault = await #expect(throws: Fault.self) {
                try await house.decide(Self.readChart, physician, on: nobody)
            }
            #expect(fault?.code == .notFound)
            let clerk = house.person("Fritz", .frontDesk)
            let refused = try await house.decide(Self.readChart, clerk, on: nobody)
            #expect(!refused.isAllowed)
        }
    }
}
