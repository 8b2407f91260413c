// SPDX-License-Identifier: Apache-2.0

/// A FHIR `date`: a year, a month or a day, known only as exactly as its text says (FHIR R4 section 2.24.0.1).
public struct PartialDate: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was given: `1980`, `1980-05` or `1980-05-31`.
    public let text: String
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12, if it is known.
    public let month: Int?
    /// The day of the month, if it is known.
    public let day: Int?

    /// Nil for every other form and for days that do not exist.
    public init?(_ text: String) {
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(digits: 4), year > 0 else { return nil }
        var (month, day): (Int?, Int?) = (nil, nil)
        if reader.take("-") {
            guard let number = reader.number(digits: 2) else { return nil }
            month = number
            if reader.take("-") {
                guard let number = reader.number(digits: 2) else { return nil }
                day = number
            }
        }
        guard reader.isAtEnd, CivilDate.exists(year, month ?? 1, day ?? 1) else { return nil }
        self.text = text
        self.year = year
        self.month = month
        self.day = day
    }

    /// The text as it was given.
    public var description: String {
        text
    }

    /// The first day that the date can mean, counted from 1970-01-01.
    public var firstDay: Int {
        CivilDate.days(year, month ?? 1, day ?? 1)
    }

    /// The last day that the date can mean, counted from 1970-01-01.
    public var lastDay: Int {
        let month = month ?? 12
        return CivilDate.days(year, month, day ?? CivilDate.length(ofMonth: month, in: year))
    }

    /// Full years between a birth on this date (its first possible day) and another date; nil before birth.
    public func age(on other: PartialDate) -> Int? {
        let born = (month ?? 1, day ?? 1)
        let years = other.year - year - ((other.month ?? 1, other.day ?? 1) < born ? 1 : 0)
        return years >= 0 ? years : nil
    }
}
