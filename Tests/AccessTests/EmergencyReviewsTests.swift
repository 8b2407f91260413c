// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// What the posture says of emergencies.
struct EmergencyReviewsTests {
    private func state(_ house: AccessFixture) async throws -> PostureState {
        PostureState.of(EmergencyReviews.measure, try await EmergencyReviews.read(house.house), now: house.now)
    }

    private func pass(_ duration: Duration, _ house: AccessFixture) {
        house.clock.set(house.now.advanced(by: duration))
    }

    /// A house whose log began ten days ago.
    private func with(
        _ dialect: StoreDialect = .sqlite, careTeams: Bool = true,
        _ body: (AccessFixture, EmergencyDesk) async throws -> Void
    ) async throws {
        try await AccessFixture.with(dialect) { house in
            if careTeams { try await house.useCareTeams() }
            try await house.house.store.write { tx in
                try tx.record(Fact(FactKind("test.began.v1", "Began"), by: .system))
            }
            try await house.house.ledger.settle()
            pass(.days(10), house)
            try await body(house, try await EmergencyDesk(house.house, patients: house.rules.patients))
        }
    }

    @Test func withoutAnyEmergencyEveryDayIsAsItShouldBe() async throws {
        try await with { house, _ in
            let reading = try #require(try await EmergencyReviews.read(house.house))
            #expect(reading.population == 11 && reading.fulfilling == 11 && reading.unmeasured == 0)
            #expect(try await state(house) == .met)
            pass(.days(400), house)
            #expect(try await EmergencyReviews.read(house.house)?.population == 90)
        }
    }

    @Test func whileCareTeamsAreOffNothingIsProved() async throws {
        try await with(careTeams: false) { house, desk in
            #expect(try await state(house) == .unknown)
            _ = try await desk.open(
                house.patient(), for: house.person("Mara", .nurse), .other, try EmergencyDeskTests.note())
            pass(.hours(72), house)
            #expect(try await state(house) == .notMet, "what is overdue is overdue all the same")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func anOverdueReviewTurnsItRedAndTheReviewTurnsItBack(dialect: StoreDialect) async throws {
        try await with(dialect) { house, desk in
            let (nurse, officer) = (house.person("Mara", .nurse), house.person("Petra", .privacyOfficer))
            let emergency = try await desk.open(house.patient(), for: nurse, .other, try EmergencyDeskTests.note())
            #expect(try await state(house) == .met)
            pass(.hours(72) - .microseconds(1), house)
            #expect(try await state(house) == .met, "it is not due yet")
            pass(.microseconds(1), house)
            let reading = try #require(try await EmergencyReviews.read(house.house))
            #expect(reading.population - reading.fulfilling == 1 && reading.unmeasured == 0)
            #expect(reading.source == "1 opened by the log, 1 overdue")
            #expect(try await state(house) == .notMet)
            pass(.days(200), house)
            #expect(try await state(house) == .notMet, "it does not become good by growing old")
            try await desk.review(emergency.id, .notJustified, nil, by: officer)
            #expect(try await state(house) == .met)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func anOpenFollowUpWaitsAndTurnsItRedAfterItsTime(dialect: StoreDialect) async throws {
        try await with(dialect) { house, desk in
            let (nurse, officer) = (house.person("Mara", .nurse), house.person("Petra", .privacyOfficer))
            func waiting() async throws -> Int64 {
                try await house.house.store.read { tx in try tx.waitingEmergencies() }
            }
            let emergency = try await desk.open(house.patient(), for: nurse, .other, try EmergencyDeskTests.note())
            pass(.hours(2), house)
            try await desk.review(emergency.id, .followUp, nil, by: officer)
            #expect(try await waiting() == 1)
            #expect(try await state(house) == .met, "it was reviewed in time")
            pass(.days(14) - .microseconds(1), house)
            #expect(try await state(house) == .met)
            pass(.microseconds(1), house)
            #expect(try await state(house) == .notMet)
            let reading = try await EmergencyReviews.read(house.house)
            #expect(reading?.source == "1 opened by the log, 1 with a follow-up that is overdue")
            pass(.days(200), house)
            #expect(try await state(house) == .notMet, "it does not become good by growing old")
            #expect(try await waiting() == 1)
            try await desk.closeFollowUp(emergency.id, .justified, try EmergencyDeskTests.note(), by: officer)
            #expect(try await state(house) == .met)
            #expect(try await waiting() == 0)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRowThatWasTakenAwayStaysMissing(dialect: StoreDialect) async throws {
        try await with(dialect) { house, desk in
            _ = try await desk.open(
                house.patient(), for: house.person("Mara", .nurse), .other, try EmergencyDeskTests.note())
            try await house.house.store.write { tx in try tx.execute("DELETE FROM access_emergencies", []) }
            pass(.hours(72), house)
            #expect(try await state(house) == .notMet)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRowThatTheLogDoesNotKnowCountsAgainstItsDay(dialect: StoreDialect) async throws {
        try await with(dialect) { house, _ in
            let emergency = Emergency(
                Identifier(at: house.now), by: house.person("Mara", .nurse), on: house.patient(), for: .other,
                at: house.now, isOneOfMany: false)
            try await house.house.store.write { tx in try tx.insert(emergency, sealed: [0]) }
            #expect(try await state(house) == .met, "its leaf may be on the way")
            pass(.hours(1), house)
            #expect(try await state(house) == .notMet)
            let reading = try await EmergencyReviews.read(house.house)
            #expect(reading?.source == "0 opened by the log, 1 that the log does not know")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func careTeamsAreSwitchedWithALeaf(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (nurse, _) = (house.person("Mara", .nurse), house.person("Omar", .physician))
            _ = house.person("Fritz", .frontDesk)
            try await house.know(nurse, as: "npi|1")
            func care(_ until: Instant?) -> CareRelation {
                CareRelation(
                    practitioner: "npi|1", kind: .encounter, from: house.now.advanced(by: .zero - .hours(9)),
                    until: until
                )
            }
            _ = house.patient(care: [care(nil)])
            _ = house.patient(care: [care(house.now)])
            let teams = CareTeams(house.house)
            let figures = try await teams.figures()
            #expect(figures.practitioners == 1 && figures.treating == 2)
            #expect(figures.caredFor == 1 && figures.patients == 2)
            #expect(figures.warning != nil)
            #expect(try await !teams.areOn())
            let actor = EntityReference.operator(uid: 0)
            try await teams.set(true, figures, by: actor)
            try await teams.set(true, figures, by: actor)
            #expect(try await teams.areOn())
            pass(.seconds(1), house)
            try await teams.set(false, figures, by: actor)
            #expect(try await !teams.areOn())
            let leaves = try await EmergencyDeskTests.leaves(EmergencyFacts.careTeams, house)
            #expect(Set(leaves.map { $0.data["on"]?.booleanValue }) == [false, true] && leaves.count == 2)
            #expect(leaves.first?.actor == actor)
        }
    }
}
