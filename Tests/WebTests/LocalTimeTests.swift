// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing
import Web

@Suite struct LocalTimeTests {
    /// 2026-01-01 00:00 in UTC.
    private static let newYear = Instant(microseconds: 1_767_225_600_000_000)

    private static let cases: [(zone: String, hours: Int64, text: String, day: String)] = [
        ("Europe/Berlin", 0, "2026-01-01 01:00 UTC+1", "2026-01-01"),
        ("America/New_York", 0, "2025-12-31 19:00 UTC-5", "2025-12-31"),
        ("America/St_Johns", 0, "2025-12-31 20:30 UTC-3:30", "2025-12-31"),
        ("Asia/Kolkata", 0, "2026-01-01 05:30 UTC+5:30", "2026-01-01"),
        ("Europe/London", 0, "2026-01-01 00:00 UTC", "2026-01-01"),
        ("UTC", 0, "2026-01-01 00:00 UTC", "2026-01-01"),
        // Summer time, and the hour that comes twice on 25 October 2026.
        ("Europe/Berlin", 180 * 24, "2026-06-30 02:00 UTC+2", "2026-06-30"),
        ("Europe/Berlin", 297 * 24, "2026-10-25 02:00 UTC+2", "2026-10-25"),
        ("Europe/Berlin", 297 * 24 + 1, "2026-10-25 02:00 UTC+1", "2026-10-25"),
    ]

    @Test(arguments: cases)
    func saysMomentsInItsZone(_ zone: String, _ hours: Int64, _ text: String, _ day: String) throws {
        let time = try #require(LocalTime(named: zone))
        let instant = Self.newYear.advanced(by: .hours(hours))
        #expect(time.text(instant) == text)
        #expect(time.day(instant) == day)
        let html = TimeText(instant, in: time).html.renderString()
        #expect(html.contains("datetime=\"\(instant.rfc3339)\"") && html.contains(">\(text)<"))
    }

    @Test(arguments: cases)
    func readsWhatItSays(_ zone: String, _ hours: Int64, _ text: String, _ day: String) throws {
        let time = try #require(LocalTime(named: zone))
        // Of the hour that comes twice, the first.
        let instant = Self.newYear.advanced(by: .hours(hours == 297 * 24 + 1 ? 297 * 24 : hours))
        #expect(time.instant(String(text.prefix(16))) == instant)
    }

    @Test(arguments: ["", "2026-03-29 02:30", "2026-02-30 12:00", "2026-01-01", "2026-01-01 24:00", "2026-01-01T12:00"])
    func aMinuteThatNeverComesIsNone(_ text: String) throws {
        #expect(try #require(LocalTime(named: "Europe/Berlin")).instant(text) == nil)
    }

    @Test(arguments: ["", "Nowhere/City", "europe/berlin", "../../etc/passwd", "Europe/Berlin\n"])
    func knowsNoOtherNames(_ name: String) {
        #expect(LocalTime(named: name) == nil)
    }

    @Test func theEndsOfTimeAreNoTrap() throws {
        let time = try #require(LocalTime(named: "Europe/Berlin"))
        for instant in [Instant(microseconds: .min), Instant(microseconds: .max)] {
            #expect(!time.text(instant).isEmpty && !time.day(instant).isEmpty)
        }
    }

    /// Zones in which the clocks change at midnight, too: São Paulo skipped it, Havana has it twice.
    @Test(arguments: [
        ("UTC", 0), ("Europe/Berlin", -60), ("America/Sao_Paulo", 180), ("America/Havana", 300),
        ("Asia/Kathmandu", -345),
    ])
    func aDayBegins(zone: String, minutesAfterUTC: Int64) throws {
        let time = try #require(LocalTime(named: zone))
        // 2020-03-08
        let begin = Instant(microseconds: (18_329 * 1_440 + minutesAfterUTC) * 60_000_000)
        #expect(time.beginning(ofDay: 18_329) == begin)
        for day in stride(from: -2_000, through: 30_000, by: 1) {
            let first = time.beginning(ofDay: day)
            #expect(time.dayNumber(first) == day)
            #expect(time.dayNumber(first.advanced(by: .seconds(-1))) == day - 1)
        }
    }
}
