// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct RetentionTests {
    private static func snapshots(_ times: [String], tags: [String] = []) -> [Snapshot] {
        times.map { text in
            var snapshot = Snapshot(
                time: Timestamp(text.utf8) ?? Timestamp(seconds: 0), tree: .zero, paths: ["/srv"])
            snapshot.tags = tags
            return snapshot
        }
    }

    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func kept(_ policy: RetentionPolicy, _ snapshots: [Snapshot]) -> [Int] {
        policy.apply(to: snapshots, now: now).filter(\.isKept).map(\.place).sorted()
    }

    @Test
    func eachPeriodKeepsItsNewest() {
        let list = Self.snapshots([
            "2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z", "2026-01-01T09:30:00Z", "2026-01-02T00:00:00Z",
            "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2025-12-31T23:59:59Z",
        ])
        var policy = RetentionPolicy()
        policy.counts[.last] = .last(2)
        #expect(Self.kept(policy, list) == [4, 5])
        policy.counts = [.hourly: .last(4)]
        #expect(Self.kept(policy, list) == [2, 3, 4, 5])
        policy.counts = [.daily: .last(3)]
        #expect(Self.kept(policy, list) == [3, 4, 5])
        policy.counts = [.monthly: .all]
        #expect(Self.kept(policy, list) == [4, 5, 6])
        policy.counts = [.yearly: .last(1)]
        #expect(Self.kept(policy, list) == [5])
    }

    @Test
    func theOldestStaysWhileARuleHasCountsLeft() {
        let list = Self.snapshots(["2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z"])
        var policy = RetentionPolicy()
        policy.counts[.daily] = .last(5)
        let verdicts = policy.apply(to: list, now: Self.now)
        #expect(verdicts.map(\.place) == [1, 0])
        #expect(verdicts.map(\.reasons) == [["daily snapshot"], ["oldest daily snapshot"]])
        policy.counts[.daily] = .last(1)
        #expect(Self.kept(policy, list) == [1])
    }

    @Test
    func weeksAreThoseOfISO8601() {
        let weeks = [
            ("2020-12-31T00:00:00Z", 202_053), ("2021-01-03T23:00:00Z", 202_053), ("2021-01-04T00:00:00Z", 202_101),
            ("2024-12-30T00:00:00Z", 202_501), ("2023-01-01T00:00:00Z", 202_252), ("1969-12-29T00:00:00Z", 197_001),
        ]
        for (text, week) in weeks { #expect(Timestamp(text.utf8)?.clock.isoWeek == week) }
    }

    /// The clock of the snapshot decides its day, not that of whoever looks.
    @Test
    func aDayIsThatOfTheClockThatMadeTheSnapshot() {
        let list = Self.snapshots(["2026-03-01T23:30:00-05:00", "2026-03-02T00:30:00-05:00"])
        var policy = RetentionPolicy()
        policy.counts[.daily] = .all
        #expect(Self.kept(policy, list) == [0, 1])
    }

    @Test
    func spansCountBackFromTheNewestThatIsNotOfTheFuture() {
        let list = Self.snapshots([
            "2026-05-31T12:00:00Z", "2026-04-30T13:00:00Z", "2026-03-01T00:00:00Z", "2999-01-01T00:00:00Z",
        ])
        var policy = RetentionPolicy()
        policy.within = CalendarSpan("1m")
        // A month before 31 May is 31 April, which is 1 May; what is of the future is always within.
        #expect(Self.kept(policy, list) == [0, 3])
        policy.within = CalendarSpan("1m1d")
        #expect(Self.kept(policy, list) == [0, 1, 3])
        policy.within = nil
        policy.withinPeriod[.yearly] = CalendarSpan("1y")
        #expect(Self.kept(policy, list) == [0, 2, 3])
        // All of the future: nothing can be told, so everything stays.
        #expect(Self.kept(policy, Self.snapshots(["2998-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])) == [0, 1])
    }

    @Test
    func tagsKeepWhateverHasThemAll() {
        var policy = RetentionPolicy()
        policy.tags = [["a", "b"], [""]]
        let list =
            Self.snapshots(["2026-01-01T00:00:00Z"], tags: ["a"])
            + Self.snapshots(["2026-01-02T00:00:00Z"], tags: ["b", "a", "c"])
            + Self.snapshots(["2026-01-03T00:00:00Z"])
        #expect(Self.kept(policy, list) == [1, 2])
        #expect(!policy.isEmpty && RetentionPolicy().isEmpty)
        #expect(Self.kept(RetentionPolicy(), list).isEmpty)
    }

    @Test
    func equalTimesKeepTheirOrder() {
        var policy = RetentionPolicy()
        policy.counts[.last] = .last(1)
        #expect(Self.kept(policy, Self.snapshots(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"])) == [0])
        #expect(policy.apply(to: [], now: Self.now).isEmpty)
    }

    @Test(arguments: ["", "5", "y", "5x", "1y1y", "-1y", "1000001d", "99999999999999999999d", "1 y"])
    func spansThatSayNothingAreRefused(text: String) {
        #expect(CalendarSpan(text) == nil)
    }

    @Test
    func spansAreWrittenAsTheyAreRead() {
        #expect(CalendarSpan("2h7d5m1y").map { "\($0)" } == "1y5m7d2h")
    }
}
