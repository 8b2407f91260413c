// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A point in time with the offset of the clock that showed it, exact to the nanosecond, as Go keeps it.
///
/// The offset is part of what a tree holds: the same file read under another zone makes another tree.
public struct Timestamp: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64
    /// 0 to 999,999,999, always forward from `seconds`.
    public let nanoseconds: UInt32
    /// Seconds by which the clock was ahead of UTC.
    public let offset: Int32

    /// A point in time; nanoseconds past the second are brought to the largest there is.
    public init(seconds: Int64, nanoseconds: UInt32 = 0, offset: Int32 = 0) {
        (self.seconds, self.nanoseconds, self.offset) = (seconds, min(nanoseconds, 999_999_999), offset)
    }

    /// Whether both are the same moment, whatever their clocks showed.
    public func isSameMoment(as other: Timestamp) -> Bool {
        seconds == other.seconds && nanoseconds == other.nanoseconds
    }

    /// Whether this moment is before the other.
    public func isBefore(_ other: Timestamp) -> Bool {
        (seconds, nanoseconds) < (other.seconds, other.nanoseconds)
    }

    /// The date and the time of day that the clock showed.
    var clock: Clock {
        let local = Int(seconds) &+ Int(offset)
        let days = CivilDate.floorDivide(local, 86_400)
        let (year, month, day) = CivilDate.date(ofDay: days)
        return Clock(year: year, month: month, day: day, second: local &- days &* 86_400)
    }

    struct Clock {
        let year: Int
        let month: Int
        let day: Int
        /// Of the day.
        let second: Int
    }
}

// As text: Go's RFC3339Nano, "2006-01-02T15:04:05.999999999Z07:00".
extension Timestamp {
    /// Appends the text. Years before 0 become 0 and those after 9999 become 9999, as restic writes them.
    func append(to bytes: inout [UInt8]) {
        let clock = writable.clock
        Self.append(clock.year, 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(clock.month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(clock.day, 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(clock.second / 3_600, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(clock.second / 60 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(clock.second % 60, 2, to: &bytes)
        appendFraction(to: &bytes)
        appendOffset(to: &bytes)
    }

    /// The text.
    public var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private var writable: Timestamp {
        // Beyond this no calendar of ours reaches; no file system does either.
        let clamped = Timestamp(
            seconds: min(max(seconds, -1_000_000_000_000_000), 1_000_000_000_000_000), nanoseconds: nanoseconds,
            offset: offset)
        let clock = clamped.clock
        guard !(0...9_999 ~= clock.year) else { return clamped }
        let days = CivilDate.days(clock.year < 0 ? 0 : 9_999, clock.month, clock.day)
        return Timestamp(
            seconds: Int64(days * 86_400 + clock.second) - Int64(offset), nanoseconds: nanoseconds, offset: offset)
    }

    private func appendFraction(to bytes: inout [UInt8]) {
        guard nanoseconds > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        Self.append(Int(nanoseconds), 9, to: &bytes)
        while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    }

    private func appendOffset(to bytes: inout [UInt8]) {
        guard offset != 0 else { return bytes.append(UInt8(ascii: "Z")) }
        let minutes = Int(abs(offset)) / 60
        bytes.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        Self.append(minutes / 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(minutes % 60, 2, to: &bytes)
    }

    private static func append(_ number: Int, _ digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// The time that a text names; nil for anything that RFC 3339 does not know.
    public init?(_ text: some Collection<UInt8>) {
        var reader = DigitReader(Array(text))
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2), CivilDate.exists(year, month, day),
            reader.takeLetter("T"), let hour = reader.number(digits: 2), reader.take(":"), hour < 24,
            let minute = reader.number(digits: 2), reader.take(":"), minute < 60,
            let second = reader.number(digits: 2), second < 60,
            let nanoseconds = Self.fraction(&reader), let offset = Self.offset(&reader), reader.isAtEnd
        else { return nil }
        let local = CivilDate.days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(seconds: Int64(local - offset), nanoseconds: nanoseconds, offset: Int32(offset))
    }

    private static func fraction(_ reader: inout DigitReader) -> UInt32? {
        guard reader.take(".") else { return 0 }
        let digits = reader.digits()
        guard !digits.isEmpty, digits.count <= 9 else { return nil }
        return (0..<9).reduce(0) { $0 * 10 + UInt32($1 < digits.count ? digits[$1] : 0) }
    }

    private static func offset(_ reader: inout DigitReader) -> Int? {
        if reader.takeLetter("Z") { return 0 }
        let isEast = reader.take("+")
        guard isEast || reader.take("-"), let hour = reader.number(digits: 2), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hour * 3_600 + minute * 60)
    }
}
