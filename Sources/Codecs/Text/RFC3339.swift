// SPDX-License-Identifier: Apache-2.0

/// Points in time as text (RFC 3339) and as microseconds since 1970-01-01T00:00:00Z.
public enum RFC3339 {
    /// Why a text is no point in time for us.
    public enum Failure: Error, Sendable, Equatable {
        /// Not of the form `1980-05-31T12:00:00Z`, with an optional fraction of up to 9 digits.
        case malformed
        /// Of that form, but there is no such day, hour, minute, second or offset.
        case outOfRange
        /// Second 60: leap seconds have no number here.
        case leapSecond
    }

    /// Microseconds since 1970; digits past the sixth of a fraction are dropped.
    ///
    /// - Throws: `Failure`. Offsets reach from −23:59 to +23:59, years from 0000 to 9999.
    public static func parse(_ text: String) throws(Failure) -> Int64 {
        try parse(Array(text.utf8))
    }

    /// As `parse(_:)` over a string.
    ///
    /// - Throws: `Failure`.
    public static func parse(_ bytes: [UInt8]) throws(Failure) -> Int64 {
        var reader = DigitReader(bytes)
        let date = try readDate(&reader)
        guard reader.takeLetter("T") else { throw .malformed }
        let second = try readTime(&reader)
        let micros = try readFraction(&reader)
        let offset = try readOffset(&reader)
        guard reader.isAtEnd else { throw .malformed }
        return Int64((date * 86_400 + second - offset) * 1_000_000 + micros)
    }

    private static func readDate(_ reader: inout DigitReader) throws(Failure) -> Int {
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2)
        else { throw .malformed }
        guard CivilDate.exists(year, month, day) else { throw .outOfRange }
        return CivilDate.days(year, month, day)
    }

    private static func readTime(_ reader: inout DigitReader) throws(Failure) -> Int {
        guard let hour = reader.number(digits: 2), reader.take(":"), let minute = reader.number(digits: 2),
            reader.take(":"), let second = reader.number(digits: 2)
        else { throw .malformed }
        guard hour < 24, minute < 60, second <= 60 else { throw .outOfRange }
        guard second < 60 else { throw .leapSecond }
        return hour * 3_600 + minute * 60 + second
    }

    private static func readFraction(_ reader: inout DigitReader) throws(Failure) -> Int {
        guard reader.take(".") else { return 0 }
        let digits = reader.digits()
        guard 1...9 ~= digits.count else { throw .malformed }
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
    }

    private static func readOffset(_ reader: inout DigitReader) throws(Failure) -> Int {
        if reader.takeLetter("Z") { return 0 }
        let isEast = reader.take("+")
        guard isEast || reader.take("-"), let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2)
        else { throw .malformed }
        guard hour < 24, minute < 60 else { throw .outOfRange }
        return (isEast ? 1 : -1) * (hour * 3_600 + minute * 60)
    }
}
