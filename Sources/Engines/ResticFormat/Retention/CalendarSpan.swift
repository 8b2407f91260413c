// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A time in years, months, days and hours, as `1y5m7d2h`.
public struct CalendarSpan: Equatable, Sendable, CustomStringConvertible {
    /// Years.
    public let years: Int
    /// Months.
    public let months: Int
    /// Days.
    public let days: Int
    /// Hours.
    public let hours: Int

    /// A span of these parts.
    public init(years: Int = 0, months: Int = 0, days: Int = 0, hours: Int = 0) {
        (self.years, self.months, self.days, self.hours) = (years, months, days, hours)
    }

    /// The span that a text names; nil for anything else, for nothing, and for more than 100,000 of a unit.
    public init?(_ text: String) {
        var parts: [UInt8: Int] = [:]
        var number: Int?
        for byte in text.utf8 {
            if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard let number, number <= 100_000 else { return nil }
            } else {
                guard let value = number, "ymdh".utf8.contains(byte), parts[byte] == nil else { return nil }
                parts[byte] = value
                number = nil
            }
        }
        guard number == nil, !parts.isEmpty else { return nil }
        let part = { (letter: Unicode.Scalar) in parts[UInt8(ascii: letter)] ?? 0 }
        self.init(years: part("y"), months: part("m"), days: part("d"), hours: part("h"))
    }

    /// As `init(_:)` reads it.
    public var description: String {
        [(years, "y"), (months, "m"), (days, "d"), (hours, "h")].filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    }

    /// The moment that lies so long before another, by the other's clock. A day that a month does not have runs over
    /// into the next, as in Go.
    public func before(_ time: Timestamp) -> Timestamp {
        let clock = time.clock
        let month = clock.year * 12 + clock.month - 1 - years * 12 - months
        let year = CivilDate.floorDivide(month, 12)
        let first = CivilDate.days(year, month - year * 12 + 1, 1)
        let day = first + clock.day - 1 - days
        return Timestamp(
            seconds: Int64(day * 86_400 + clock.second - hours * 3_600) - Int64(time.offset),
            nanoseconds: time.nanoseconds, offset: time.offset)
    }
}

extension Timestamp.Clock {
    /// The week by ISO 8601, after its year: 202053.
    var isoWeek: Int {
        let day = CivilDate.days(year, month, day)
        // Weeks begin on Monday; the day 0 of 1970 was a Thursday. A week belongs to the year of its Thursday.
        let weekday = ((day + 3) % 7 + 7) % 7
        let thursday = day - weekday + 3
        let owner = CivilDate.date(ofDay: thursday).year
        let week = (thursday - CivilDate.days(owner, 1, 1)) / 7 + 1
        return owner * 100 + week
    }
}
