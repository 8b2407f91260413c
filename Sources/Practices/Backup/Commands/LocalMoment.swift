// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// Times as people give them to restic: `2026-11-30`, `30.11.2026`, with `07:15`, `07:15:42` or `07:15:42 +0100` behind.
enum LocalMoment {
    /// Without an offset by the clock of this machine; nil for anything else.
    static func parse(_ text: String) -> Timestamp? {
        var reader = DigitReader(Array(text.utf8))
        guard let date = date(&reader), CivilDate.exists(date.year, date.month, date.day) else { return nil }
        let midnight = Int64(CivilDate.days(date.year, date.month, date.day)) * 86_400
        guard !reader.isAtEnd else { return local(midnight) }
        guard reader.take(" "), let hour = reader.number(digits: 2), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60
        else { return nil }
        let clock = midnight + Int64(hour * 3_600 + minute * 60)
        guard !reader.isAtEnd else { return local(clock) }
        guard reader.take(":"), let second = reader.number(digits: 2), second < 60 else { return nil }
        guard !reader.isAtEnd else { return local(clock + Int64(second)) }
        guard reader.take(" "), let offset = offset(&reader), reader.isAtEnd else { return nil }
        return Timestamp(seconds: clock + Int64(second - offset), offset: Int32(offset))
    }

    private static func date(_ reader: inout DigitReader) -> (year: Int, month: Int, day: Int)? {
        var dotted = reader
        if let day = dotted.number(digits: 2), dotted.take("."), let month = dotted.number(digits: 2),
            dotted.take("."), let year = dotted.number(digits: 4)
        {
            reader = dotted
            return (year, month, day)
        }
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2)
        else { return nil }
        return (year, month, day)
    }

    private static func offset(_ reader: inout DigitReader) -> Int? {
        var zone = reader
        if zone.takeLetter("U"), zone.takeLetter("T"), zone.takeLetter("C") {
            reader = zone
            return 0
        }
        let isEast = reader.take("+")
        guard isEast || reader.take("-"), let hour = reader.number(digits: 2), hour < 24,
            let minute = reader.number(digits: 2), minute < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hour * 3_600 + minute * 60)
    }

    /// The moment at which the clock of this machine shows so many seconds.
    private static func local(_ clock: Int64) -> Timestamp {
        // The offset of nearly that moment is near enough to find the moment whose offset counts.
        let near = clock - Int64(LocalClock.offset(at: Int(clock)))
        let offset = LocalClock.offset(at: Int(near))
        return Timestamp(seconds: clock - Int64(offset), offset: offset)
    }
}
