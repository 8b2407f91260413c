// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// Emergencies as they are kept: act and leaf together, words sealed, decisions by the time itself.
struct EmergencyDeskTests {
    static let readChart = Action("vault.read-chart", "Read a patient's chart")
    static let secret = "Maria Muster is unconscious in room 4"

    static func note() throws -> EmergencyNote { try #require(EmergencyNote(secret)) }

    /// The leaves of a kind, newest first.
    static func leaves(_ kind: FactKind, _ house: AccessFixture) async throws -> [Ledger.Leaf] {
        try await house.house.ledger.settle()
        var query = LeafQuery(limit: 200)
        query.kind = kind.id
        return try await house.house.ledger.leaves(query).map(\.leaf)
    }

    private func code(_ body: () async throws -> Void) async -> Fault.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Fault)?.code
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aChartOpensAtOnceForThePersonAndThePatientOnlyAndClosesToTheSecond(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, other) = (house.person("Mara", .nurse), house.person("Omar", .nurse))
            let (patient, neighbour) = (house.patient(), house.patient())
            let start = house.now
            _ = try await desk.open(patient, for: nurse, .lifeThreatening, try Self.note())
            func isAllowed(_ person: Identifier<Kernel.Person>, _ patient: Identifier<Kernel.Patient>) async throws
                -> Bool
            { try await house.decide(Self.readChart, person, on: patient).isAllowed }
            #expect(try await isAllowed(nurse, patient))
            #expect(try await !isAllowed(nurse, neighbour))
            #expect(try await !isAllowed(other, patient))
            house.clock.set(start.advanced(by: .minutes(60) - .seconds(1)))
            #expect(try await isAllowed(nurse, patient))
            // No job ran meanwhile.
            house.clock.set(start.advanced(by: .minutes(60)))
            #expect(try await !isAllowed(nurse, patient))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func eachStepIsALeafWithoutWords(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, officer) = (house.person("Mara", .nurse), house.person("Petra", .privacyOfficer))
            let patient = house.patient()
            let emergency = try await desk.open(patient, for: nurse, .unreachable, try Self.note())
            let again = try await desk.open(patient, for: nurse, .other, try Self.note())
            #expect(again == emergency, "the button was pressed twice")
            try await desk.end(emergency.id, of: nurse)
            try await desk.end(emergency.id, of: nurse)
            try await desk.review(emergency.id, .justified, try Self.note(), by: officer)

            let id = emergency.id.description
            let opened = try await Self.leaves(EmergencyFacts.opened, house)
            #expect(opened.count == 1 && opened[0].on == patient.bytes && opened[0].actor == .person(nurse))
            #expect(
                opened[0].data == [
                    "id": .string(id), "reason": "colleague-unreachable", "many": .boolean(false),
                    "until": .integer(emergency.until.microseconds),
                ])
            let ended = try await Self.leaves(EmergencyFacts.ended, house)
            #expect(ended.map(\.data) == [["id": .string(id), "by": "person"]])
            let reviewed = try await Self.leaves(EmergencyFacts.reviewed, house)
            #expect(reviewed.map(\.data) == [["id": .string(id), "finding": "justified"]])
            #expect(reviewed.first?.actor == .person(officer))

            for leaf in try await house.house.ledger.leaves(LeafQuery(limit: 200)) {
                #expect(!String(decoding: leaf.bytes, as: UTF8.self).contains("Muster"))
            }
            let stored = try await house.house.store.read { tx in
                try tx.rows("SELECT words, review_words FROM access_emergencies", []).flatMap {
                    [try $0.bytes(0), try $0.bytes(1)]
                }
            }
            #expect(stored.count == 2)
            for bytes in stored { #expect(!String(decoding: bytes, as: UTF8.self).contains("Muster")) }
        }
    }

    @Test func wordsOpenAsThoseOfTheirEmergencyAndPurposeOnly() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let first = try await desk.open(house.patient(), for: nurse, .other, try Self.note())
            let second = try await desk.open(house.patient(), for: nurse, .other, try Self.note())
            let sealed = try await house.house.store.read { tx in try tx.sealedNotes(of: first.id).opening }
            #expect(try EmergencyNote.open(sealed, desk.key, as: .opening, of: first.id) == Self.secret)
            for (purpose, id) in [(EmergencyNote.Purpose.review, first.id), (.opening, second.id)] {
                let fault = #expect(throws: Fault.self) {
                    try EmergencyNote.open(sealed, desk.key, as: purpose, of: id)
                }
                #expect(fault.map { "\($0)" }?.contains("Muster") == false)
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func withoutItsLeafNoChartOpens(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let patient = house.patient()
            // As if the program were killed between the row and the leaf.
            try await house.house.store.write { tx in try tx.execute("ALTER TABLE ledger_pending RENAME TO gone", []) }
            await #expect(throws: Fault.self) {
                _ = try await desk.open(patient, for: nurse, .other, try Self.note())
            }
            #expect(try await !house.decide(Self.readChart, nurse, on: patient).isAllowed)
            try await house.house.store.write { tx in try tx.execute("ALTER TABLE gone RENAME TO ledger_pending", []) }
            _ = try await desk.open(patient, for: nurse, .other, try Self.note())
            #expect(try await house.decide(Self.readChart, nurse, on: patient).isAllowed)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatIsEndedIsClosedAtOnce(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, officer) = (house.person("Mara", .nurse), house.person("Petra", .privacyOfficer))
            let patient = house.patient()
            let first = try await desk.open(patient, for: nurse, .other, try Self.note())
            #expect(await code { try await desk.end(first.id, of: officer) } == .notFound, "somebody else's")
            try await desk.end(first.id, of: nurse)
            #expect(try await !house.decide(Self.readChart, nurse, on: patient).isAllowed)
            house.clock.set(house.now.advanced(by: .seconds(1)))
            let second = try await desk.open(patient, for: nurse, .other, try Self.note())
            #expect(second.id != first.id)
            try await desk.end(second.id, byReviewer: officer)
            #expect(try await !house.decide(Self.readChart, nurse, on: patient).isAllowed)
            let ended = try await Self.leaves(EmergencyFacts.ended, house)
            #expect(Set(ended.map { $0.data["by"]?.stringValue }) == ["person", "reviewer"])
            let theirs = try await house.house.store.read { tx in try tx.emergencies(of: nurse) }
            #expect(theirs.map(\.end?.person) == [officer, nil], "they learn who took the chart away")
            #expect(ended.count == 2)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theJobWritesDownWhatTimeEnded(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let emergency = try await desk.open(house.patient(), for: nurse, .other, try Self.note())
            house.clock.set(emergency.until.advanced(by: .zero - .microseconds(1)))
            try await desk.endThoseWhoseTimeIsOver()
            #expect(try await Self.leaves(EmergencyFacts.ended, house).isEmpty)
            house.clock.set(emergency.until.advanced(by: .seconds(40)))
            #expect(try await house.house.store.read { tx in try tx.waitingEmergencies() } == 1)
            try await desk.endThoseWhoseTimeIsOver()
            try await desk.endThoseWhoseTimeIsOver()
            let ended = try await Self.leaves(EmergencyFacts.ended, house)
            #expect(ended.count == 1 && ended[0].data["by"] == "time" && ended[0].actor == .system)
            #expect(ended[0].effective == emergency.until)
            #expect(try await house.house.store.read { tx in try tx.waitingEmergencies() } == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theSixthAtOnceOpensAndIsSaidToBeOneOfMany(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, other) = (house.person("Mara", .nurse), house.person("Omar", .nurse))
            for _ in 0..<5 {
                let emergency = try await desk.open(house.patient(), for: nurse, .other, try Self.note())
                #expect(!emergency.isOneOfMany)
            }
            let patient = house.patient()
            #expect(try await desk.open(patient, for: nurse, .other, try Self.note()).isOneOfMany)
            #expect(try await house.decide(Self.readChart, nurse, on: patient).isAllowed)
            #expect(try await !desk.open(patient, for: other, .other, try Self.note()).isOneOfMany)
            let told = try await Self.leaves(EmergencyFacts.opened, house)
            #expect(told.count == 7 && told.count { $0.data["many"] == .boolean(true) } == 1)
        }
    }

    @Test func theTwentyFirstOfADayIsOneOfMany() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let nurse = house.person("Mara", .nurse)
            let start = house.now
            for hour in 0..<20 {
                house.clock.set(start.advanced(by: .hours(Int64(hour))))
                #expect(try await !desk.open(house.patient(), for: nurse, .other, try Self.note()).isOneOfMany)
            }
            house.clock.set(start.advanced(by: .hours(23)))
            #expect(try await desk.open(house.patient(), for: nurse, .other, try Self.note()).isOneOfMany)
            house.clock.set(start.advanced(by: .hours(48)))
            #expect(try await !desk.open(house.patient(), for: nurse, .other, try Self.note()).isOneOfMany)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func nobodyReviewsTheirOwnEmergency(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let both = house.person("Petra", .privacyOfficer, .physician)
            let officer = house.person("Paul", .privacyOfficer)
            let auditor = house.person("Anna", .auditor)
            let emergency = try await desk.open(house.patient(), for: both, .other, try Self.note())
            func decide(_ person: Identifier<Kernel.Person>, _ id: String) async throws -> Kernel.Decision {
                try await house.rules.decide(
                    AccessRequest(
                        principal: .person(person), action: AccessActions.reviewEmergency,
                        resource: EntityReference(type: "break-glass", id: id),
                        assurance: Assurance(secondFactor: true, at: house.now)))
            }
            let own = try await decide(both, emergency.id.description)
            #expect(!own.isAllowed && own.rules == ["no-own-review"])
            #expect(own.explanation == "You opened this chart: somebody else must review it.")
            #expect(try await decide(officer, emergency.id.description).isAllowed)
            #expect(try await !decide(auditor, emergency.id.description).isAllowed)
            // What is not there is told to those only who could review it.
            let none = Identifier<Emergency>(at: house.now).description
            #expect(await code { _ = try await decide(officer, none) } == .notFound)
            #expect(try await !decide(auditor, none).isAllowed)
            house.clock.set(emergency.until)
            #expect(await code { try await desk.review(emergency.id, .justified, nil, by: both) } == .refused)
            #expect(try await Self.leaves(EmergencyFacts.reviewed, house).isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aFollowUpIsClosedBesideItsReviewWithALeafWithoutWords(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let both = house.person("Sade", .physician, .privacyOfficer)
            let (officer, other) = (house.person("Paul", .privacyOfficer), house.person("Petra", .privacyOfficer))
            let emergency = try await desk.open(house.patient(), for: both, .other, try Self.note())
            house.clock.set(emergency.until)
            try await desk.review(emergency.id, .followUp, try Self.note(), by: officer)
            let reviewed = house.now
            house.clock.set(house.now.advanced(by: .days(3)))
            #expect(await code { try await desk.review(emergency.id, .followUp, nil, by: officer) } == .conflict)
            let note = try Self.note()
            #expect(await code { try await desk.closeFollowUp(emergency.id, .justified, note, by: both) } == .refused)
            try await desk.closeFollowUp(emergency.id, .notJustified, note, by: other)
            let stored = try await house.house.store.read { tx in try tx.emergency(emergency.id) }
            #expect(stored.review == Emergency.Review(by: officer, at: reviewed, finding: .followUp))
            #expect(stored.closing == Emergency.Review(by: other, at: house.now, finding: .notJustified))
            let sealed = try await house.house.store.read { tx in try tx.sealedNotes(of: emergency.id) }
            let closing = try #require(sealed.closing)
            #expect(try EmergencyNote.open(closing, desk.key, as: .closing, of: emergency.id) == Self.secret)
            #expect(throws: Fault.self) {
                try EmergencyNote.open(closing, desk.key, as: .review, of: emergency.id)
            }
            let leaves = try await Self.leaves(EmergencyFacts.followUpClosed, house)
            #expect(
                leaves.map(\.data) == [["id": .string(emergency.id.description), "finding": "not-justified"]])
            #expect(leaves.first?.actor == .person(other))
        }
    }

    @Test func whatWasReadMeanwhileIsFoundInTheLog() async throws {
        try await AccessFixture.with { house in
            let desk = try await EmergencyDesk(house.house, patients: house.rules.patients)
            let (nurse, other) = (house.person("Mara", .nurse), house.person("Omar", .nurse))
            let (patient, neighbour) = (house.patient(), house.patient())
            let read = FactKind("vault.chart-read.v1", "Chart read")
            func note(_ person: Identifier<Kernel.Person>, _ patient: Identifier<Kernel.Patient>) async throws {
                try await house.house.store.write { tx in
                    try tx.record(Fact(read, by: .person(person), on: patient.bytes))
                }
            }
            try await note(nurse, patient)
            house.clock.set(house.now.advanced(by: .seconds(1)))
            let emergency = try await desk.open(patient, for: nurse, .other, try Self.note())
            try await note(nurse, patient)
            try await note(nurse, neighbour)
            try await note(other, patient)
            house.clock.set(house.now.advanced(by: .minutes(5)))
            try await desk.end(emergency.id, of: nurse)
            house.clock.set(house.now.advanced(by: .seconds(1)))
            try await note(nurse, patient)
            let ended = try await house.house.store.read { tx in try tx.emergency(emergency.id) }
            let readings = try await EmergencyReadings.read(ended, house.house, house.rules.patients)
            #expect(readings?.map(\.title).sorted() == ["Chart read", "Emergency opened"])
        }
    }
}
