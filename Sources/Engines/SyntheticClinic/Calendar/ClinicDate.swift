// SPDX-License-Identifier: Apache-2.0

/// A day of the proleptic Gregorian calendar, without a time or a time zone.
public struct ClinicDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year, 1800 to 2999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// The day, or nil when no such day exists or the year is outside 1800 to 2999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1800...2999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(year, month, day)
        guard ClinicDate(dayNumber: dayNumber) == self else { return nil }
    }

    /// The date as ISO 8601 writes it: `2026-03-09`.
    public var description: String {
        "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    }

    /// Whether one day comes before another.
    public static func < (earlier: ClinicDate, later: ClinicDate) -> Bool {
        (earlier.year, earlier.month, earlier.day) < (later.year, later.month, later.day)
    }

    private init(_ year: Int, _ month: Int, _ day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }
}

extension ClinicDate {
    /// Days since 1970-01-01, counted in eras of 400 years that begin in March.
    var dayNumber: Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day that is `dayNumber` days after 1970-01-01; for days after the year 0.
    init(dayNumber: Int) {
        let days = dayNumber + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Monday to Friday.
    static func isWorkingDay(_ dayNumber: Int) -> Bool {
        // 1970-01-01 was a Thursday; 0 is Monday here.
        let weekday = ((dayNumber + 3) % 7 + 7) % 7
        return weekday < 5
    }

    /// This day number, or the next Monday when it falls on a weekend.
    static func workingDay(from dayNumber: Int) -> Int {
        var day = dayNumber
        while !isWorkingDay(day) { day += 1 }
        return day
    }

    /// Whole years from this day to the day `dayNumber`.
    func age(on dayNumber: Int) -> Int {
        let then = ClinicDate(dayNumber: dayNumber)
        let hadBirthday = (then.month, then.day) >= (month, day)
        return then.year - year - (hadBirthday ? 0 : 1)
    }
}

/// A FHIR instant on the clinic's clock, which runs in UTC.
func instant(day: Int, minute: Int) -> String {
    "\(ClinicDate(dayNumber: day))T\(twoDigits(minute / 60)):\(twoDigits(minute % 60)):00Z"
}

func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
