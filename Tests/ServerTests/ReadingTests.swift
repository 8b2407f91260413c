// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Posture
import TestSupport
import Testing

@testable import Server

@Suite struct ReadingTests {
    private static let measure = PlatformProbes.recoveryConfirmed

    /// A reading that finds so many of ten, at the time of the clock.
    private static func reading(_ good: Int64, _ clock: ManualClock) throws -> MeasureReading {
        try #require(
            MeasureReading(
                of: measure, population: 10, fulfilling: good, effectiveAt: clock.now(), collectedAt: clock.now(),
                source: "found at \(clock.now().rfc3339)"))
    }

    private static func leaves(_ estate: Estate) async throws -> [PlacedLeaf] {
        try await estate.house.ledger.settle()
        var query = LeafQuery()
        query.kind = PostureFacts.reading.id
        return try await estate.house.ledger.leaves(query)
    }

    @Test func theSameFiguresAreToldOnceAnHourAndStayFresh() async throws {
        let clock = ManualClock()
        try await EstateFixture.withEstate(clock: clock) { estate in
            for _ in 0..<59 {
                try await estate.posture.record(try Self.reading(7, clock))
                clock.advance(by: .minutes(1))
            }
            let told = try await Self.leaves(estate)
            #expect(told.count == 1)
            let newest = try #require(try await estate.posture.newest()[Self.measure.id])
            #expect(newest.leaf == told[0].leaf.id)
            // As fresh as the last look at it, and found as it was found then.
            #expect(newest.reading.collectedAt == clock.now().advanced(by: .minutes(-1)))
            #expect(newest.reading.expiresAt == newest.reading.collectedAt.advanced(by: Self.measure.maximumAge))
            #expect(newest.reading.source == "found at \(newest.reading.collectedAt.rfc3339)")
            #expect(newest.logged == told[0].leaf.at)
            clock.advance(by: .minutes(1))
            try await estate.posture.record(try Self.reading(7, clock))
            let count = try await Self.leaves(estate).count
            #expect(count == 2)
            let start = clock.now().advanced(by: .hours(-2))
            let rows = try await estate.posture.history(of: Self.measure, since: start).count
            #expect(rows == 2)
        }
    }

    @Test func otherFiguresAreToldAtOnce() async throws {
        let clock = ManualClock()
        try await EstateFixture.withEstate(clock: clock) { estate in
            for good: Int64 in [7, 7, 8, 8, 7] {
                try await estate.posture.record(try Self.reading(good, clock))
                clock.advance(by: .minutes(1))
            }
            let told = try await Self.leaves(estate)
            #expect(told.map { $0.leaf.data["fulfilling"]?.integerValue } == [7, 8, 7])
            let newest = try await estate.posture.newest()[Self.measure.id]?.leaf
            #expect(newest == told[0].leaf.id)
        }
    }

    /// A row from a time that has yet to come proves nothing about now.
    @Test func aClockThatWasSetBackTellsAnew() async throws {
        let clock = ManualClock()
        try await EstateFixture.withEstate(clock: clock) { estate in
            try await estate.posture.record(try Self.reading(7, clock))
            clock.advance(by: .hours(-3))
            try await estate.posture.record(try Self.reading(7, clock))
            let count = try await Self.leaves(estate).count
            #expect(count == 2)
        }
    }

    @Test func theLogIsOpenedOnWhatPeopleDid() {
        let titles = ["identity.signed-in.v1": "Signed in"]
        #expect(LogChoice(nil, known: titles).without == PostureFacts.reading.id)
        #expect(LogChoice("made-up", known: titles).without == PostureFacts.reading.id)
        #expect(LogChoice("all", known: titles).without == nil && LogChoice("all", known: titles).kind == nil)
        let one = LogChoice("identity.signed-in.v1", known: titles)
        #expect(one.kind == "identity.signed-in.v1" && one.without == nil && one.text == "identity.signed-in.v1")
    }
}
