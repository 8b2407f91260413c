// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing
import Web

@testable import Backup

/// When jobs are due, also in the nights in which clocks change.
struct BackupScheduleTests {
    private static let berlin = LocalTime(named: "Europe/Berlin") ?? .utc

    /// The times after `start`, as the clock on the wall shows them.
    private static func times(_ text: String, after start: String, count: Int = 3) throws -> [String] {
        let schedule = try #require(BackupSchedule(text))
        var (now, times) = (try #require(berlin.instant(start)), [String]())
        for _ in 0..<count {
            now = try #require(schedule.next(after: now, in: berlin))
            times.append(berlin.text(now))
        }
        return times
    }

    @Test(arguments: [
        ("every 15 minutes", "2026-11-30 10:14", ["2026-11-30 10:15", "2026-11-30 10:30", "2026-11-30 10:45"]),
        ("every 30 minutes", "2026-11-30 23:30", ["2026-12-01 00:00", "2026-12-01 00:30", "2026-12-01 01:00"]),
        ("hourly", "2026-11-30 10:00", ["2026-11-30 11:00", "2026-11-30 12:00", "2026-11-30 13:00"]),
        ("hourly :15", "2026-11-30 10:14", ["2026-11-30 10:15", "2026-11-30 11:15", "2026-11-30 12:15"]),
        ("daily 02:30", "2026-11-30 02:30", ["2026-12-01 02:30", "2026-12-02 02:30", "2026-12-03 02:30"]),
        ("weekdays 20:00", "2026-11-27 19:59", ["2026-11-27 20:00", "2026-11-30 20:00", "2026-12-01 20:00"]),
        ("weekly sun 03:00", "2026-11-30 10:00", ["2026-12-06 03:00", "2026-12-13 03:00", "2026-12-20 03:00"]),
        ("monthly 1 03:00", "2026-11-30 10:00", ["2026-12-01 03:00", "2027-01-01 03:00", "2027-02-01 03:00"]),
        ("monthly 31 00:00", "2027-01-30 10:00", ["2027-01-31 00:00", "2027-02-28 00:00", "2027-03-31 00:00"]),
    ])
    func timesComeByTheClockOnTheWall(_ text: String, _ start: String, _ expected: [String]) throws {
        let times = try Self.times(text, after: start)
        #expect(times.map { String($0.prefix(16)) } == expected)
    }

    @Test func aTimeThatTheClocksSkipComesLaterAndOnce() throws {
        // 2027-03-28: 02:00 becomes 03:00.
        let times = try Self.times("daily 02:30", after: "2027-03-27 03:00")
        #expect(times == ["2027-03-28 03:30 UTC+2", "2027-03-29 02:30 UTC+2", "2027-03-30 02:30 UTC+2"])
    }

    @Test func aTimeThatComesTwiceCountsOnce() throws {
        // 2026-10-25: 03:00 becomes 02:00.
        let times = try Self.times("daily 02:30", after: "2026-10-24 03:00")
        #expect(times == ["2026-10-25 02:30 UTC+2", "2026-10-26 02:30 UTC+1", "2026-10-27 02:30 UTC+1"])
        let hours = try Self.times("hourly", after: "2026-10-25 01:30", count: 4)
        #expect(hours.map { String($0.dropFirst(11)) } == ["02:00 UTC+2", "02:00 UTC+1", "03:00 UTC+1", "04:00 UTC+1"])
    }

    @Test(arguments: [("every 5 minutes", 300), ("hourly :15", 3_600), ("daily 02:30", 86_400)])
    func theSpreadIsNeverLongerThanTheTimeBetween(_ text: String, _ period: Int64) throws {
        let schedule = try #require(BackupSchedule(text))
        let start = try #require(Self.berlin.instant("2026-11-30 10:01"))
        let slot = try #require(schedule.next(after: start, in: Self.berlin))
        for number in 0..<50 {
            let job = BackupJob(
                id: Identifier(at: start), name: "Job \(number)", kind: .files, schedule: schedule, jitter: 86_400,
                drills: .never, isEnabled: true, created: start, repositories: [])
            let due = try #require(job.next(after: start, schedule, in: Self.berlin))
            #expect(due >= slot && due < slot.advanced(by: .seconds(period)))
        }
    }

    @Test func neverIsNever() throws {
        #expect(BackupSchedule.never.next(after: Instant(microseconds: 0), in: .utc) == nil)
    }

    @Test(arguments: [
        "every 5 minutes", "hourly", "hourly :15", "daily 02:30", "weekdays 20:00", "weekly sun 03:00",
        "monthly 31 03:00", "never",
    ])
    func whatIsTypedIsSaidAgain(_ text: String) throws {
        #expect(try #require(BackupSchedule(text)).text == text)
    }

    @Test(arguments: [
        "", "daily", "daily 24:00", "daily 2:30", "daily 02:60", "weekly sunday 03:00", "monthly 0 03:00",
        "monthly 32 03:00", "hourly 15", "hourly :60", "hourly :1x", "never 02:00", "yearly 02:00", "daily 02:30 03:30",
        "every 7 minutes", "every 0 minutes", "every 15", "every 60 minutes", "every 15 hours",
    ])
    func whatIsNoScheduleIsRefused(_ text: String) {
        #expect(BackupSchedule(text) == nil)
    }
}
