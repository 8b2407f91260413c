// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// The times at which rules can begin or cease to allow something. What is over does not come again, so only what is
/// still to come counts.
struct Moments: Sendable {
    /// More different times that are written out and still to come are not looked at.
    static let limit = 12

    let now: Instant
    /// The times that rules write out, first one first.
    let turns: [Instant]
    /// The times of day that rules write out, where they look at the clock, and that come next.
    private let times: [Instant]
    /// Every hour of a day where they do.
    private let hours: [Instant]

    /// The times of a text.
    init(_ mentions: Mentions, now: Instant) {
        self.now = now
        turns = Self.instants(mentions.moments, after: now)
        times = Self.times(mentions, now)
        hours = Self.hours([mentions], now)
    }

    /// The times of both texts; of those that only the earlier one writes out, as many as one text may have.
    init(before: Mentions, after: Mentions, now: Instant) {
        self.now = now
        let new = Self.instants(after.moments, after: now)
        let old = Self.instants(before.moments, after: now).filter { !new.contains($0) }.prefix(Self.limit)
        turns = (new + old).sorted()
        times = Self.times(before, now) + Self.times(after, now)
        hours = Self.hours([before, after], now)
    }

    /// Why there are too many; nil when they are few enough.
    var objection: String? {
        guard turns.count > Self.limit else { return nil }
        return """
            This draft turns on \(turns.count) different times that are still to come, and at most \(Self.limit) can be \
            checked. Use fewer different dates, or split the draft and put one part in force after the other.
            """
    }

    /// Now, just before, at and just after every time, and the hours of a day.
    var close: [Instant] {
        let around = (turns + times).flatMap { turn in
            [turn.advanced(by: .milliseconds(-1)), turn, turn.advanced(by: .milliseconds(1))]
        }
        return [now] + Set((around + hours).filter { now < $0 }).sorted()
    }

    /// The same, and a day that nobody here will see, for what counts from a time in a way that is not read.
    var all: [Instant] {
        turns.isEmpty && hours.isEmpty ? [now] : close + [now.advanced(by: .days(36_500))]
    }

    /// The moment just after a time. What rules say about time alone stays as it is then until the next one.
    static func after(_ turn: Instant) -> Instant { turn.advanced(by: .milliseconds(1)) }

    private static func instants(_ moments: Set<Datetime>, after now: Instant) -> [Instant] {
        moments.sorted().compactMap { moment in
            let (product, overflow) = moment.milliseconds.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : Instant(microseconds: product)
        }.filter { now < $0 && $0 < Instant(microseconds: .max / 2) }
    }

    private static func hours(_ books: [Mentions], _ now: Instant) -> [Instant] {
        books.contains(where: \.readsClock) ? (1...24).map { now.advanced(by: .hours($0)) } : []
    }

    /// The times of day that are written, today or tomorrow.
    private static func times(_ mentions: Mentions, _ now: Instant) -> [Instant] {
        guard mentions.readsClock, let midnight = Value(now).day else { return [] }
        let times = mentions.durations.filter { (0..<86_400_000).contains($0.count) }
        let today = Set(times.compactMap { midnight.offset(by: $0) })
        let tomorrow = Set(today.compactMap { $0.offset(by: Milliseconds(count: 86_400_000)) })
        let next = instants(today, after: now) + instants(tomorrow, after: now)
        return next.filter { $0 < now.advanced(by: .days(1)) }
    }
}

extension Value {
    /// The beginning of a moment's day.
    fileprivate var day: Datetime? {
        if case .datetime(let moment) = self { moment.day } else { nil }
    }
}
