// SPDX-License-Identifier: Apache-2.0

/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// An integer, so that what is hashed, stored and compared is exactly what was written.
package struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    /// The instant `microseconds` after the start of 1970 in UTC.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since 1970, rounded towards the past.
    package var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant `duration` later; stays at the end of time rather than overflowing.
    package func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        if overflow {
            return Instant(microseconds: duration.wholeMicroseconds > 0 ? .max : .min)
        }
        return Instant(microseconds: sum)
    }

    /// How much later this instant is than `earlier`; negative when it is earlier.
    package func since(_ earlier: Instant) -> Duration {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return .microseconds(overflow ? (self > earlier ? .max : .min) : difference)
    }
}

extension Duration {
    /// The duration in whole microseconds, cut towards zero and clamped to what an `Int64` holds.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow {
            return seconds < 0 ? .min : .max
        }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }

    /// `count` days of 24 hours.
    package static func days(_ count: Int64) -> Duration {
        .seconds(count * 86_400)
    }

    /// `count` hours.
    package static func hours(_ count: Int64) -> Duration {
        .seconds(count * 3_600)
    }

    /// `count` minutes.
    package static func minutes(_ count: Int64) -> Duration {
        .seconds(count * 60)
    }
}

/// Where the time comes from: the machine's clock in the program, a clock that is set by hand in tests.
package protocol TimeSource: Sendable {
    /// The time now.
    func now() -> Instant
    /// When what happens now is really written down. Nil where that is now: everywhere but in the invented past of a
    /// demonstration.
    var recording: Instant? { get }
}

extension TimeSource {
    package var recording: Instant? { nil }
}
