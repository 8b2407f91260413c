// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Logging
import Posture
import Store
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

    /// What a chart reads of each day shows what all readings together show, also across a day of 23 hours.
    @Test(arguments: StoreFixture.dialects)
    func theLastReadingOfEachDayIsEnoughForAChart(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: Practices.migrations) { fixture in
            let clock = fixture.clock
            let posture = PostureBook(probes: [], store: fixture.database, logger: Logger(label: "test"))
            let start = clock.now()
            let ends = [24, 48, 71, 95, 119, 143, 150].map { start.advanced(by: .hours($0)) }
            // Again and again the same, changes at odd times, a silence of a day, and one at the very end of a day.
            let moments: [(minutes: Int64, good: Int64)] =
                (0..<40).map { ($0 * 41, $0 / 17 % 2 == 0 ? 10 : 4) }
                + [(2_880, 9), (4_200, 10), (4_259, 10), (4_261, 3), (7_130, 10), (7_145, 10), (8_990, 10)]
            for (minutes, good) in moments {
                clock.advance(by: start.advanced(by: .minutes(minutes)).since(clock.now()))
                try await posture.record(try Self.reading(good, clock))
            }
            let all = try await posture.history(of: Self.measure, since: start.advanced(by: .days(-9)))
            let whole = PostureTrend([(Self.measure, all)], at: ends).points(of: Self.measure.id)
            let trend = try await posture.trend(of: [Self.measure], at: ends).points(of: Self.measure.id)
            #expect(trend.map(\.state) == whole.map(\.state))
            #expect(trend.map(\.share) == whole.map(\.share))
            #expect(Set(trend.map(\.state)).count > 1)
        }
    }

    @Test func daysOfOneLengthAreOneSpan() {
        let start = Instant(microseconds: 1_800_000_000_000_000)
        let ends = [0, 24, 48, 71, 95, 119, 125].map { start.advanced(by: .hours($0)) }
        let spans = DaySpan.days(endingAt: ends, lead: .hours(2))
        let found = spans.map { [$0.start, $0.end].map { Int($0.since(start).components.seconds / 3_600) } }
        #expect(found == [[-2, 0], [0, 48], [48, 71], [71, 119], [119, 125]])
        #expect(spans.map(\.length) == [.hours(2), .hours(24), .hours(23), .hours(24), .hours(6)])
        #expect(DaySpan.days(endingAt: [], lead: .hours(2)).isEmpty)
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
