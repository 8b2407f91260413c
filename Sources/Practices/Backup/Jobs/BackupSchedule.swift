// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// When something is done again and again, by the clock on the institution's wall.
///
/// `every 15 minutes`, `hourly`, `hourly :15`, `daily 02:30`, `weekdays 20:00`, `weekly sun 03:00`, `monthly 1 03:00`, or
/// `never`: only when somebody says so. A time that the clocks skip comes as much later as they skip; one that comes twice counts once.
struct BackupSchedule: Sendable, Equatable {
    private enum Rhythm: Equatable {
        case never
        /// On every whole multiple of so many minutes in an hour.
        case every(minutes: Int)
        case hourly(minute: Int)
        case daily(minute: Int)
        case weekdays(minute: Int)
        /// Monday is 0.
        case weekly(day: Int, minute: Int)
        /// In months without that day, the last one.
        case monthly(day: Int, minute: Int)
    }

    private let rhythm: Rhythm

    /// Nothing by itself.
    static let never = BackupSchedule(rhythm: .never)

    /// What schedules look like, for messages.
    static let hint = """
        every 15 minutes, hourly, hourly :15, daily 02:30, weekdays 20:00, weekly sun 03:00, monthly 1 03:00, or never
        """

    private init(rhythm: Rhythm) {
        self.rhythm = rhythm
    }

    /// Nil for a text that is no schedule.
    init?(_ text: String) {
        let words = text.split(separator: " ").map { Array($0.utf8) }
        switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
        case ("never", 1): rhythm = .never
        case ("every", 3):
            guard let minutes = Self.number(words[1][...], below: 31), [5, 10, 15, 20, 30].contains(minutes),
                words[2].elementsEqual("minutes".utf8)
            else { return nil }
            rhythm = .every(minutes: minutes)
        case ("hourly", 1): rhythm = .hourly(minute: 0)
        case ("hourly", 2):
            guard words[1].first == UInt8(ascii: ":"), let minute = Self.number(words[1].dropFirst(), below: 60) else {
                return nil
            }
            rhythm = .hourly(minute: minute)
        case ("daily", 2), ("weekdays", 2):
            guard let minute = Self.minute(words[1]) else { return nil }
            rhythm = words[0].count == 5 ? .daily(minute: minute) : .weekdays(minute: minute)
        case ("weekly", 3):
            guard let day = Self.days.firstIndex(where: { Array($0.utf8) == words[1] }),
                let minute = Self.minute(words[2])
            else { return nil }
            rhythm = .weekly(day: day, minute: minute)
        case ("monthly", 3):
            guard let day = Self.number(words[1][...], below: 32), day > 0, let minute = Self.minute(words[2]) else {
                return nil
            }
            rhythm = .monthly(day: day, minute: minute)
        default: return nil
        }
    }

    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private static func number(_ digits: ArraySlice<UInt8>, below limit: Int) -> Int? {
        guard (1...2).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value < limit ? value : nil
    }

    /// The minute of the day that `02:30` means.
    private static func minute(_ text: [UInt8]) -> Int? {
        guard text.count == 5, text[2] == UInt8(ascii: ":"), let hour = number(text[..<2], below: 24),
            let minute = number(text[3...], below: 60)
        else { return nil }
        return hour * 60 + minute
    }

    /// As it is typed.
    var text: String {
        switch rhythm {
        case .never: "never"
        case .every(let minutes): "every \(minutes) minutes"
        case .hourly(let minute): minute == 0 ? "hourly" : "hourly :\(Self.two(minute))"
        case .daily(let minute): "daily \(Self.clock(minute))"
        case .weekdays(let minute): "weekdays \(Self.clock(minute))"
        case .weekly(let day, let minute): "weekly \(Self.days[day]) \(Self.clock(minute))"
        case .monthly(let day, let minute): "monthly \(day) \(Self.clock(minute))"
        }
    }

    private static func clock(_ minute: Int) -> String { "\(two(minute / 60)):\(two(minute % 60))" }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The first time after `instant`; nil where it never comes by itself.
    func next(after instant: Instant, in time: LocalTime) -> Instant? {
        if case .never = rhythm { return nil }
        if case .hourly(let minute) = rhythm { return Self.nextHour(after: instant, in: time) { $0 == minute } }
        if case .every(let minutes) = rhythm {
            return Self.nextHour(after: instant, in: time) { $0.isMultiple(of: minutes) }
        }
        let today = time.dayNumber(instant)
        // No day of a month is more than two months away.
        for day in today...today + 62 where isDue(onDay: day) {
            let due = Self.moment(day, minuteOfDay, in: time)
            if due > instant { return due }
        }
        return nil
    }

    /// Seconds from one time to the next, where that is less than a day.
    var period: Int64? {
        switch rhythm {
        case .every(let minutes): Int64(minutes) * 60
        case .hourly: 3_600
        case .never, .daily, .weekdays, .weekly, .monthly: nil
        }
    }

    private var minuteOfDay: Int {
        switch rhythm {
        case .never, .every, .hourly: 0
        case .daily(let minute), .weekdays(let minute), .weekly(_, let minute), .monthly(_, let minute): minute
        }
    }

    private func isDue(onDay day: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        let weekday = ((day + 3) % 7 + 7) % 7
        switch rhythm {
        case .never, .every, .hourly: return false
        case .daily: return true
        case .weekdays: return weekday < 5
        case .weekly(let wanted, _): return weekday == wanted
        case .monthly(let wanted, _):
            let (own, next) = (Self.dayOfMonth(day), Self.dayOfMonth(day + 1))
            return own == wanted || own < wanted && next == 1
        }
    }

    private static func dayOfMonth(_ day: Int) -> Int {
        let text = Instant(microseconds: Int64(day) * 86_400_000_000).day
        return Int(text.suffix(2)) ?? 0
    }

    private static func moment(_ day: Int, _ minute: Int, in time: LocalTime) -> Instant {
        let text = "\(Instant(microseconds: Int64(day) * 86_400_000_000).day) \(clock(minute))"
        return time.instant(text) ?? time.beginning(ofDay: day).advanced(by: .minutes(Int64(minute)))
    }

    /// The next minute that `isWanted`. Zones are off by whole quarters of an hour at most, so one of the next five quarters
    /// shows the minute.
    private static func nextHour(
        after instant: Instant, in time: LocalTime, _ isWanted: (Int) -> Bool
    ) -> Instant {
        let start = instant.microseconds / 60_000_000
        for step in 1...60 {
            let candidate = Instant(microseconds: (start + Int64(step)) * 60_000_000)
            if let minute = Int(time.clock(candidate).suffix(2)), isWanted(minute) { return candidate }
        }
        return instant.advanced(by: .hours(1))
    }
}
