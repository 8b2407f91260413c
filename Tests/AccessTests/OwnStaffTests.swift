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

/// Nobody gives themselves another's patients: whose entry it is, whose number, and what the log says.
struct OwnStaffTests {
    static let number = PractitionerNumber(stored: "http://hl7.org/fhir/sid/us-npi|1234567893")

    private func fault(_ body: () async throws -> Void) async -> Fault? {
        do {
            try await body()
            return nil
        } catch {
            return error as? Fault
        }
    }

    private func decide(
        _ person: Identifier<Kernel.Person>, _ entry: Identifier<Kernel.Person>, _ house: AccessFixture
    ) async throws -> Kernel.Decision {
        try await house.rules.decide(
            AccessRequest(
                principal: .person(person), action: AccessActions.manageStaff,
                resource: .staffEntry(entry.description),
                assurance: Assurance(secondFactor: true, at: house.now)))
    }

    @Test(arguments: StoreFixture.dialects)
    func whoManagesStaffLeavesTheirOwnEntryToSomebodyElse(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (boss, lead) = (house.person("Ines", .administrator, .physician), house.person("Lea", .securityLead))
            let nurse = house.person("Mara", .nurse)
            let own = try await decide(boss, boss, house)
            #expect(!own.isAllowed && own.rules == ["no-own-staff-entry"])
            #expect(own.explanation == "This is about yourself: somebody else must change it.")
            #expect(try await decide(boss, nurse, house).isAllowed)
            #expect(try await decide(lead, boss, house).isAllowed)
            #expect(try await !decide(nurse, boss, house).isAllowed)

            // Rules of a clinic from before this one let it through: the desk does not.
            let desk = try await StaffDesk(house.house, house.rules)
            for change in [StaffDesk.Change.addNumber(Self.number), .department("Emergency")] {
                let fault = await fault { try await desk.make(change, for: boss, by: .person(boss)) }
                #expect(fault?.code == .refused)
            }
            #expect(try await desk.numbers().isEmpty)
            try await desk.make(.addNumber(Self.number), for: boss, by: .person(lead))
            #expect(try await desk.numbers() == [boss: [Self.number]])
            #expect(try await OwnChanges.read(house.house).changes.isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whoIsAloneMayAndItIsShown(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let boss = house.person("Ines", .administrator, .physician)
            _ = house.person("Mara", .nurse)
            let closed = house.person("Lea", .securityLead, isEnabled: false)
            #expect(try await decide(boss, boss, house).isAllowed)
            #expect(try await !decide(closed, closed, house).isAllowed)
            let desk = try await StaffDesk(house.house, house.rules)
            try await desk.make(.addNumber(Self.number), for: boss, by: .person(boss))

            let shown = try await OwnChanges.read(house.house)
            #expect(shown.changes.map(\.person) == [boss] && shown.of(closed).changes.isEmpty)
            #expect(shown.changes.first?.words == "gave themselves a number in the records")
            let page = try #require(shown.callout([boss: "Ines"], house.house.localTime)).renderString()
            #expect(page.contains("Ines gave themselves a number") && !page.contains("1234567893"))
            let leaves = try await EmergencyDeskTests.leaves(StaffFacts.ownChange, house)
            #expect(leaves.map(\.actor) == [.person(boss)])
            #expect(try await EmergencyDeskTests.leaves(AccountingFacts.staffChanged, house).isEmpty)

            // As soon as somebody else could, it is theirs to do.
            _ = house.person("Olga", .securityLead)
            #expect(try await !decide(boss, boss, house).isAllowed)
            let fault = await fault { try await desk.make(.department("Emergency"), for: boss, by: .person(boss)) }
            #expect(fault?.code == .refused)
            house.clock.set(house.now.advanced(by: .days(OwnChanges.days)))
            #expect(try await OwnChanges.read(house.house).changes.isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNumberBelongsToOnePerson(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (boss, nurse) = (house.person("Ines", .administrator), house.person("Mara", .nurse))
            let physician = house.person("Hanna", .physician)
            let desk = try await StaffDesk(house.house, house.rules)
            try await desk.make(.addNumber(Self.number), for: physician, by: .person(boss))
            let fault = await fault { try await desk.make(.addNumber(Self.number), for: nurse, by: .person(boss)) }
            #expect(fault?.code == .conflict && fault?.message.contains("belongs to Hanna") == true)
            #expect(try await desk.numbers() == [physician: [Self.number]])
            #expect(try await desk.holder(of: Self.number, besides: physician) == nil)

            try await desk.make(.removeNumber(Self.number), for: physician, by: .person(boss))
            try await desk.make(.addNumber(Self.number), for: nurse, by: .person(boss))
            #expect(try await desk.numbers() == [nurse: [Self.number]])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNumberOfSomebodyWhoLeftGoesOverWithItsLeaf(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (boss, nurse) = (house.person("Ines", .administrator), house.person("Mara", .nurse))
            let gone = house.person("Hanna", .physician, isEnabled: false)
            try await house.know(gone, as: Self.number.text)
            let desk = try await StaffDesk(house.house, house.rules)
            try await desk.make(.addNumber(Self.number), for: nurse, by: .person(boss))
            #expect(try await desk.numbers() == [nurse: [Self.number]])
            let hash = try await StaffHash(house.house).hash(Self.number)
            let history = try await NumberHistory.entries(hash: hash, house.house)
            #expect(Set(history.map(\.change)) == ["number-removed", "number-added"] && history.count == 2)
            #expect(history.first { $0.change == "number-removed" }?.person == gone.description)
        }
    }

    @Test func theLogKnowsANumberByAHashOfThisHouseOnly() async throws {
        try await AccessFixture.with { house in
            let (boss, nurse) = (house.person("Ines", .administrator), house.person("Mara", .nurse))
            let desk = try await StaffDesk(house.house, house.rules)
            try await desk.make(.addNumber(Self.number), for: nurse, by: .person(boss))
            try await desk.make(.department("Emergency"), for: nurse, by: .person(boss))
            let hashes = try await StaffHash(house.house)
            let leaves = try await EmergencyDeskTests.leaves(AccountingFacts.staffChanged, house)
            let told = Set(leaves.compactMap { $0.data["hash"]?.stringValue })
            #expect(told == [hashes.hash(Self.number), hashes.hash(department: "Emergency")])
            #expect(hashes.hash(Self.number) != hashes.hash(department: Self.number.text))
            #expect(try await NumberHistory.entries(hash: hashes.hash(Self.number), house.house).count == 1)
            let other = PractitionerNumber(stored: "urn:house|7")
            #expect(try await NumberHistory.entries(hash: hashes.hash(other), house.house).isEmpty)
            try await AccessFixture.with { neighbour in
                let theirs = try await StaffHash(neighbour.house).hash(Self.number)
                #expect(!told.contains(theirs))
            }
        }
    }
}
