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

/// The page of people who left.
struct LeaverPageTests {
    private static let path = "/access/reviews/leavers"

    @Test(arguments: StoreFixture.dialects)
    func itSaysWhoLeftWhatWasKeptAndWhoClosedIt(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let ines = try await house.invite("Ines", .administrator)
            #expect(try await house.page(Self.path, as: ines).contains("Nobody has left"))

            let (mara, tom) = (try await house.invite("Mara", .nurse), try await house.invite("Tom", .nurse))
            try await house.put(mara, in: "Ward 3")
            for number in ["urn:house|7", "urn:house|8"] { try await house.know(mara, as: number) }
            for (person, name) in [(mara, "Mara"), (tom, "Tom")] {
                house.clock.advance(by: .hours(1))
                house.set(person, name, [.nurse], isEnabled: false)
                try await house.tell(
                    "identity.person-disabled.v1", by: .person(ines), [.init("person", .string(person.description))])
            }
            house.clock.advance(by: .minutes(1))
            let page = try await house.page(Self.path, as: ines)
            #expect(!page.contains("Nobody has left") && !page.contains("Not as it should be"))
            // The newest first.
            let rows = page.split(separator: "<tr role=\"row\">").dropFirst(2)
            #expect(rows.count == 2)
            let (first, second) = (try #require(rows.first), try #require(rows.last))
            #expect(first.contains("Tom") && first.contains("2026-01-01 02:00") && first.contains("Nothing"))
            #expect(second.contains("Mara") && second.contains("2026-01-01 01:00") && second.contains("Ines<div"))
            #expect(second.contains("1 department, 2 numbers") && second.contains("cleared away by Salus"))
            #expect(rows.allSatisfy { $0.contains("Can do nothing") })
        }
    }

    @Test func whatIsWrongStandsFirstWithTheWayToPutItRight() async throws {
        try await AccessFixture.with { house in
            let ines = try await house.invite("Ines", .administrator)
            let (mara, tom) = (try await house.invite("Mara", .nurse), try await house.invite("Tom", .nurse))
            try await house.close(tom, "Tom", .nurse)
            try await house.tell("identity.person-disabled.v1", [.init("person", .string(mara.description))])
            let page = try await house.page(Self.path, as: ines)
            #expect(page.contains("1 account is not as the evidence log says"))
            #expect(page.contains("it is open: disable it under People"))
            #expect(page.contains("href=\"/people/\(mara)\"") && !page.contains("href=\"/people/\(tom)\""))
            let (alarm, left) = (page.firstRange(of: "Not as it should be"), page.firstRange(of: "Left, and in order"))
            #expect(try #require(alarm).lowerBound < (try #require(left)).lowerBound)
        }
    }

    @Test func aLeavingThatCameAfterAReturnCountsByItself() async throws {
        try await AccessFixture.with { house in
            let ines = try await house.invite("Ines", .administrator)
            let mara = try await house.invite("Mara", .nurse)
            try await house.put(mara, in: "Ward 3")
            try await house.close(mara, "Mara", .nurse)
            #expect(try await house.page(Self.path, as: ines).contains("1 department"))
            house.clock.advance(by: .hours(1))
            try await house.close(mara, "Mara", .nurse, isOpen: true)
            #expect(try await house.page(Self.path, as: ines).contains("Nobody has left"))
            house.clock.advance(by: .hours(1))
            try await house.close(mara, "Mara", .nurse)
            let page = try await house.page(Self.path, as: ines)
            #expect(page.contains("Mara") && !page.contains("1 department"))
        }
    }

    @Test func ofWhatWasNotTriedNothingIsSaid() async throws {
        try await AccessFixture.with { house in
            let (ines, mara) = (try await house.invite("Ines", .administrator), try await house.invite("Mara", .nurse))
            try await house.close(mara, "Mara", .nurse)
            #expect(try await house.page(Self.path, as: ines).contains("Can do nothing"))
            house.clock.advance(by: .days(400))
            let page = try await house.page(Self.path, as: ines)
            #expect(page.contains("Not looked at any more") && !page.contains("Can do nothing"))
            #expect(!page.contains("Not as it should be"))
        }
    }

    @Test func anAccountThatWasClosedPastTheLogIsClosed() async throws {
        try await AccessFixture.with { house in
            let (ines, mara) = (try await house.invite("Ines", .administrator), try await house.invite("Mara", .nurse))
            // Neither invited nor closed by anybody whom the log names.
            house.set(AccessFixture.Who(at: house.now), "Zoe", [.nurse], isEnabled: false)
            house.set(mara, "Mara", [.nurse], isEnabled: false)
            let page = try await house.page(Self.path, as: ines)
            #expect(page.ranges(of: "Closed; the log does not say when").count == 2 && !page.contains("Not closed"))
        }
    }

    @Test func manyLeaversComeInPages() async throws {
        try await AccessFixture.with { house in
            let ines = try await house.invite("Ines", .administrator)
            for number in 1...201 {
                let id = Identifier<Kernel.Person>(at: house.now)
                house.set(id, "Person \(number)", [.nurse], isEnabled: false)
                let data: [CanonicalMember] = [.init("person", .string(id.description))]
                try await house.house.store.write { tx in
                    for kind in ["identity.person-invited.v1", "identity.person-disabled.v1"] {
                        try tx.record(Fact(FactKind(kind, "Test"), by: .system, data))
                    }
                }
            }
            let page = try await house.page(Self.path, as: ines)
            #expect(page.contains("1 to 200 of 201.") && page.contains("left=2#left"))
            #expect(try await house.page("\(Self.path)?left=2", as: ines).contains("201 to 201 of 201."))
        }
    }
}
