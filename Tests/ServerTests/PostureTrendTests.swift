// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture
import Testing
import Web

@testable import Server

/// How measures stood day by day, and what of it is drawn.
struct PostureTrendTests {
    private static let day = Duration.days(1)
    private static let start = Instant(microseconds: 1_760_000_000_000_000)
    private static let ends = (1...5).map { start.advanced(by: .days(Int64($0))) }

    private static func measure(_ id: String, _ practice: PracticeName) -> Measure {
        Measure(
            id: id, practice: practice, title: "All are well", population: "things", maximumAge: .days(2),
            nextStep: "Mend.")
    }

    /// A reading taken `hours` after the start.
    private static func reading(_ measure: Measure, _ fulfilling: Int64, of all: Int64, after hours: Int64) throws
        -> RecordedReading
    {
        let at = start.advanced(by: .hours(hours))
        let reading = try #require(
            MeasureReading(
                of: measure, population: all, fulfilling: fulfilling, effectiveAt: at, collectedAt: at, source: "test"))
        return RecordedReading(reading: reading, leaf: Identifier(at: at), logged: at)
    }

    @Test func aReadingHoldsUntilItExpiresAndNeverBefore() throws {
        let measure = Self.measure("test.one", .backup)
        // Read in the second day, and never again.
        let trend = PostureTrend(
            [(measure, [try Self.reading(measure, 3, of: 4, after: 30)])], at: Self.ends)
        #expect(trend.points(of: "test.one").map(\.state) == [.unknown, .notMet, .notMet, .unknown, .unknown])
        #expect(trend.points(of: "test.one").map(\.share) == [nil, 0.75, 0.75, nil, nil])
        #expect(trend.states(of: .backup) == [.unknown, .notMet, .notMet, .unknown, .unknown])
        #expect(trend.states(of: .patching) == Array(repeating: .unknown, count: 5))
    }

    @Test func theNewestReadingOfTheDayCounts() throws {
        let measure = Self.measure("test.one", .backup)
        let readings = try [(1, 1), (4, 20), (4, 100)].map {
            try Self.reading(measure, Int64($0.0), of: 4, after: Int64($0.1))
        }
        let trend = PostureTrend([(measure, readings)], at: Self.ends)
        #expect(trend.points(of: "test.one").map(\.state) == [.met, .met, .unknown, .unknown, .met])
    }

    @Test func everyDayCountsAllTenPractices() throws {
        let (one, two) = (Self.measure("test.one", .backup), Self.measure("test.two", .encryption))
        let trend = PostureTrend(
            [(one, [try Self.reading(one, 4, of: 4, after: 2)]), (two, [try Self.reading(two, 0, of: 4, after: 2)])],
            at: Self.ends)
        #expect(trend.counts.first == [.met: 1, .notMet: 1, .unknown: 8])
        #expect(trend.counts.allSatisfy { $0.values.reduce(0, +) == 10 })
        #expect(trend.counts.last == [.unknown: 10])
    }

    @Test func aBadDayDoesNotHideInItsStepAndTheLastStepIsNow() {
        var days = Array(repeating: PostureState.met, count: 90)
        days[4] = .notMet
        days[88] = .notMet
        let steps = TrendWindow.quarter.steps(days)
        #expect(steps.count == 30)
        #expect(steps[1] == .notMet)
        #expect(steps[29] == .met)
    }

    @Test(arguments: TrendWindow.allCases) func aWindowEndsNowAndGoesUp(window: TrendWindow) {
        let ends = window.ends(Self.start, in: .utc)
        #expect(ends.count == window.days)
        #expect(ends.last == Self.start)
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
        #expect(window.steps(ends.map { _ in .met }).count == window.days / window.daysInStep)
    }

    @Test func aStepIsCutAfterItsFirstSentence() {
        #expect(Words.firstSentence("Do this. Then that.") == "Do this.")
        #expect(Words.firstSentence("Wait 1.5 hours") == "Wait 1.5 hours")
    }

    @Test func aDayIsWhatItsLastReadingShowed() throws {
        let now = Instant(microseconds: 1_900_000_000_000_000)
        let measure = PlatformProbes.reserveHeld
        func row(_ good: Int64, hoursAgo: Int64, for length: Int64 = 0) throws -> RecordedReading {
            let at = now.advanced(by: .hours(-hoursAgo))
            let reading = MeasureReading(
                of: measure, population: 1, fulfilling: good, effectiveAt: at, collectedAt: at, source: "")
            return RecordedReading(
                reading: try #require(reading), leaf: Identifier(at: at), logged: at.advanced(by: .hours(-length)))
        }
        // Four days: nothing; a failure that was mended; good hours ago; one row that reaches over midnight.
        let readings = [
            try row(0, hoursAgo: 70), try row(1, hoursAgo: 60), try row(1, hoursAgo: 40),
            try row(0, hoursAgo: 20, for: 8),
        ]
        let ends = (0..<4).map { now.advanced(by: .days($0 - 3)) }
        let states = PostureTrend([(measure, readings)], at: ends).points(of: measure.id).map(\.state)
        // Today is what the board says: the last reading is believed no more.
        #expect(states == [.unknown, .met, .notMet, .unknown])
    }
}
