// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// When roles have to be confirmed, by whom, and what follows.
struct GrantReviewTests {
    @Test(arguments: StoreFixture.dialects)
    func aRoleIsDueToTheSecond(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let start = house.now
            let nurse = try await house.invite("Mara", .nurse)
            let lead = try await house.invite("Tom", .securityLead)
            func states(after days: Int64, _ more: Duration = .zero) async throws -> [Grant.State?] {
                house.clock.set(start.advanced(by: .days(days) + more))
                return [
                    try await house.grant(.nurse, of: nurse)?.state,
                    try await house.grant(.securityLead, of: lead)?.state,
                ]
            }
            #expect(try await states(after: 0) == [.settled, .settled])
            #expect(try await states(after: 16, .seconds(-1)) == [.settled, .settled])
            #expect(try await states(after: 16) == [.settled, .due])
            #expect(try await states(after: 30, .seconds(-1)) == [.settled, .due])
            #expect(try await states(after: 30) == [.settled, .overdue])
            #expect(try await states(after: 76, .seconds(-1)) == [.settled, .overdue])
            #expect(try await states(after: 90, .seconds(-1)) == [.due, .overdue])
            #expect(try await states(after: 90) == [.overdue, .overdue])

            try await house.desk.review("nurse", of: nurse, .keep, by: lead)
            try await house.desk.review("security-lead", of: lead, .keep, by: nurse)
            #expect(try await states(after: 120, .seconds(-1)) == [.settled, .due])
            #expect(try await states(after: 120) == [.settled, .overdue])
            #expect(try await states(after: 180) == [.overdue, .overdue])
        }
    }

    @Test func privilegedRolesAndUnknownOnesComeEveryMonth() {
        let monthly = StaffRole.allCases.filter { ReviewSchedule.interval(of: $0.rawValue) == .days(30) }
        #expect(Set(monthly) == [.administrator, .securityLead, .privacyOfficer])
        #expect(ReviewSchedule.interval(of: "a-role-of-tomorrow") == .days(30))
    }

    @Test(arguments: StoreFixture.dialects)
    func nobodyConfirmsTheirOwn(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let admin = try await house.invite("Ines", .administrator, .nurse)
            for outcome in GrantReview.Outcome.allCases {
                let fault = await #expect(throws: Fault.self) {
                    try await house.desk.review("nurse", of: admin, outcome, by: admin)
                }
                #expect(fault?.code == .refused)
            }
            let all = await #expect(throws: Fault.self) { try await house.desk.keepAll(of: admin, by: admin) }
            #expect(all?.code == .refused)
            #expect(try await house.desk.history(of: admin).isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRoleThatMustGoStaysRedUntilItIsGone(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let admin = try await house.invite("Ines", .administrator)
            let nurse = try await house.invite("Mara", .nurse, .billing)
            try await house.desk.review("billing", of: nurse, .remove, by: admin)
            try await house.desk.review("billing", of: nurse, .remove, by: admin)
            #expect(try await house.desk.history(of: nurse).count == 1)
            #expect(try await house.grant(.billing, of: nurse)?.state == .toRemove)

            // Neither time nor a word about everything else makes it better.
            try await house.desk.keepAll(of: nurse, by: admin)
            house.clock.advance(by: .days(1))
            #expect(try await house.grant(.billing, of: nurse)?.state == .toRemove)
            #expect(try await house.grant(.nurse, of: nurse)?.state == .settled)

            try await house.give(.nurse, to: nurse, "Mara")
            #expect(try await house.grant(.billing, of: nurse) == nil)
            let review = try #require(try await house.desk.history(of: nurse).first { $0.outcome == .remove })
            #expect(review.closed == house.now)
            try await house.ledger(has: 1, GrantFacts.removed)
            try await house.ledger(has: 2, GrantFacts.reviewed)

            // Given once more, it is a new role with all its time.
            house.clock.advance(by: .days(200))
            try await house.give(.nurse, .billing, to: nurse, "Mara")
            #expect(try await house.grant(.billing, of: nurse)?.state == .settled)
            #expect(try await house.grant(.nurse, of: nurse)?.state == .overdue)
        }
    }

    @Test func aRoleThatIsKeptAfterAllIsNoLongerRed() async throws {
        try await AccessFixture.with { house in
            let admin = try await house.invite("Ines", .administrator)
            let nurse = try await house.invite("Mara", .nurse)
            try await house.desk.review("nurse", of: nurse, .remove, by: admin)
            house.clock.advance(by: .seconds(1))
            try await house.desk.review("nurse", of: nurse, .keep, by: admin)
            #expect(try await house.grant(.nurse, of: nurse)?.state == .settled)
            try await house.ledger(has: 0, GrantFacts.removed)
        }
    }

    @Test func whatSomebodyDoesNotHaveCannotBeReviewed() async throws {
        try await AccessFixture.with { house in
            let admin = try await house.invite("Ines", .administrator)
            let nurse = try await house.invite("Mara", .nurse)
            let fault = await #expect(throws: Fault.self) {
                try await house.desk.review("billing", of: nurse, .keep, by: admin)
            }
            #expect(fault?.code == .conflict)
            try await house.close(nurse, "Mara", .nurse)
            let closed = await #expect(throws: Fault.self) {
                try await house.desk.review("nurse", of: nurse, .keep, by: admin)
            }
            #expect(closed?.code == .conflict)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func rolesGivenBehindTheLogCountAndNeverAsReviewed(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            #expect(try await GrantsReviewed.read(house.desk)?.population == 0)
            let admin = try await house.invite("Ines", .administrator)
            let nurse = try await house.invite("Mara", .nurse)
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [2, 2, 0])
            house.set(nurse, "Mara", [.nurse, .physician])
            #expect(try await house.grant(.physician, of: nurse)?.state == .untold)
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [3, 2, 0])
            try await house.desk.review("physician", of: nurse, .keep, by: admin)
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [3, 2, 0])
            // The log knows of a role that the directory lost: nobody can say how it stands.
            house.set(nurse, "Mara", [])
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [2, 1, 1])
            house.set(nurse, "Mara", [.nurse])
            house.clock.advance(by: .days(31))
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [2, 1, 0])
            try await house.close(nurse, "Mara", .nurse)
            #expect(try await house.counts(GrantsReviewed.read(house.desk)) == [1, 0, 0])
            // Whoever is let in again is given their roles anew.
            house.clock.advance(by: .days(100))
            try await house.close(nurse, "Mara", .nurse, isOpen: true)
            #expect(try await house.grant(.nurse, of: nurse)?.state == .settled)
        }
    }
}

extension AccessFixture {
    /// Population, fulfilling and unmeasured of a reading.
    func counts(_ reading: MeasureReading?) throws -> [Int64] {
        let reading = try #require(reading)
        return [reading.population, reading.fulfilling, reading.unmeasured]
    }

    /// Checks how many leaves of a kind the log has.
    func ledger(has count: Int, _ kind: FactKind) async throws {
        try await house.ledger.settle()
        var query = LeafQuery()
        query.kind = kind.id
        #expect(try await house.ledger.leaves(query).count == count)
    }
}
