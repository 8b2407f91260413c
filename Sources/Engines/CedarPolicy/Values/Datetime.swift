// SPDX-License-Identifier: Apache-2.0

/// A moment, to the millisecond (Cedar language reference, "datetime").
public struct Datetime: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let milliseconds: Int64

    /// The moment so many milliseconds after the beginning of 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    static let millisecondsPerDay: Int64 = 86_400_000

    /// Earlier is less.
    public static func < (left: Datetime, right: Datetime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment so much later; nil when it does not fit.
    public func offset(by duration: Milliseconds) -> Datetime? {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.count)
        return overflow ? nil : Datetime(milliseconds: sum)
    }

    /// How long after another moment this one is; nil when that does not fit.
    public func since(_ other: Datetime) -> Milliseconds? {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return overflow ? nil : Milliseconds(count: difference)
    }

    /// The time since the day began.
    public var timeOfDay: Milliseconds {
        let rest = milliseconds % Self.millisecondsPerDay
        return Milliseconds(count: rest < 0 ? rest + Self.millisecondsPerDay : rest)
    }

    /// The beginning of the day; nil when it does not fit.
    public var day: Datetime? {
        let (start, overflow) = milliseconds.subtractingReportingOverflow(timeOfDay.count)
        return overflow ? nil : Datetime(milliseconds: start)
    }
}

extension Datetime {
    /// `YYYY-MM-DD`, or that with `Thh:mm:ss`, perhaps `.SSS`, and `Z` or `±hhmm`; nil for everything else.
    public init?(_ text: Text) {
        var reader = FixedWidthReader(text.utf8[...])
        guard let year = reader.number(4), reader.sign("-"), let month = reader.number(2), reader.sign("-"),
            let day = reader.number(2), Calendar.exists(year, month, day)
        else { return nil }
        let start = Calendar.days(year, month, day) * Self.millisecondsPerDay
        if reader.isAtEnd {
            milliseconds = start
            return
        }
        guard reader.sign("T"), let time = Self.time(&reader), let offset = Self.zone(&reader), reader.isAtEnd
        else { return nil }
        milliseconds = start + time - offset
    }

    private static func time(_ reader: inout FixedWidthReader) -> Int64? {
        guard let hour = reader.number(2), hour < 24, reader.sign(":"), let minute = reader.number(2), minute < 60,
            reader.sign(":"), let second = reader.number(2), second < 60
        else { return nil }
        var fraction: Int64? = 0
        if reader.sign(".") { fraction = reader.number(3) }
        return fraction.map { ((hour * 60 + minute) * 60 + second) * 1_000 + $0 }
    }

    private static func zone(_ reader: inout FixedWidthReader) -> Int64? {
        if reader.sign("Z") { return 0 }
        let isEast = reader.sign("+")
        guard isEast || reader.sign("-"), let hours = reader.number(2), hours < 24, let minutes = reader.number(2),
            minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isEast ? 60_000 : -60_000)
    }
}

/// Takes numbers of so many digits and single signs off the front of a text.
private struct FixedWidthReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) {
        rest = text
    }

    var isAtEnd: Bool {
        rest.isEmpty
    }

    mutating func number(_ digits: Int) -> Int64? {
        guard rest.count >= digits, let number = Digits.read(rest.prefix(digits)) else { return nil }
        rest = rest.dropFirst(digits)
        return number
    }

    mutating func sign(_ sign: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == sign.value else { return false }
        rest = rest.dropFirst()
        return true
    }
}

/// Days of the Gregorian calendar, from the year 0 on.
private enum Calendar {
    static func exists(_ year: Int64, _ month: Int64, _ day: Int64) -> Bool {
        guard 1...12 ~= month, day >= 1 else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let length: Int64 =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        return day <= length
    }

    /// Days since 1970-01-01. Years begin in March here, so that the leap day is the last one.
    static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // 400 years more, so that nothing below is negative.
        let shifted = (month > 2 ? year : year - 1) + 400
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + (153 * ((month + 9) % 12) + 2) / 5 + day - 1 - 719_468 - 146_097
    }
}
