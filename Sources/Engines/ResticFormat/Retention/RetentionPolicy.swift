// SPDX-License-Identifier: Apache-2.0

/// Which snapshots of a group are kept: the rules of `restic forget`, with their names.
public struct RetentionPolicy: Equatable, Sendable {
    /// How many snapshots a rule keeps.
    public enum Count: Equatable, Sendable {
        case none
        case last(Int)
        case all
    }

    /// The parts of the calendar of which each keeps its newest snapshot.
    public enum Period: String, CaseIterable, Sendable {
        /// Every snapshot is a period of its own.
        case last, hourly, daily, weekly, monthly, yearly
    }

    /// How many of the newest periods keep a snapshot.
    public var counts: [Period: Count] = [:]
    /// All snapshots of so long a time before the newest.
    public var within: CalendarSpan?
    /// One snapshot of each period in so long a time before the newest; not for `last`.
    public var withinPeriod: [Period: CalendarSpan] = [:]
    /// Snapshots that have all tags of one of these lists; an empty text stands for having no tags.
    public var tags: [[String]] = []

    /// Keeps nothing.
    public init() {}

    /// Whether it keeps nothing at all, which is more likely a mistake than a wish.
    public var isEmpty: Bool {
        counts.values.allSatisfy { $0 == .none } && within == nil && withinPeriod.isEmpty && tags.isEmpty
    }

    /// What becomes of a snapshot.
    public struct Verdict: Equatable, Sendable {
        /// The snapshot's place in the list that was asked about.
        public let place: Int
        /// Why it is kept; empty when it goes.
        public let reasons: [String]
        /// Whether it stays.
        public var isKept: Bool { !reasons.isEmpty }
    }

    /// Looks at snapshots of one group and says of each whether it stays, the newest first.
    ///
    /// - Parameter now: a snapshot from the future is not the newest from which times are counted back.
    public func apply(to snapshots: [Snapshot], now: Timestamp) -> [Verdict] {
        let order = snapshots.indices.sorted { first, second in
            let (one, other) = (snapshots[first].time, snapshots[second].time)
            return one.isSameMoment(as: other) ? first < second : other.isBefore(one)
        }
        let newest = snapshots.map(\.time).filter { $0.isBefore(now) }.max { $0.isBefore($1) }
        var rules = Rules(self, newest: newest)
        return order.enumerated().map { number, place in
            Verdict(
                place: place,
                reasons: rules.reasons(for: snapshots[place], number: number, isOldest: number == order.count - 1))
        }
    }
}

/// The rules while a list is gone through.
private struct Rules {
    private let policy: RetentionPolicy
    private let newest: Timestamp?
    private var left: [RetentionPolicy.Period: RetentionPolicy.Count]
    private var last: [RetentionPolicy.Period: Int] = [:]
    private var lastWithin: [RetentionPolicy.Period: Int] = [:]

    init(_ policy: RetentionPolicy, newest: Timestamp?) {
        (self.policy, self.newest, left) = (policy, newest, policy.counts)
    }

    mutating func reasons(for snapshot: Snapshot, number: Int, isOldest: Bool) -> [String] {
        var reasons: [String] = []
        for list in policy.tags where Self.has(snapshot, list) {
            reasons.append("has tags [\(list.joined(separator: ", "))]")
        }
        if let span = policy.within, isWithin(span, snapshot) { reasons.append("within \(span)") }
        for period in RetentionPolicy.Period.allCases {
            reasons += counted(period, snapshot, number, isOldest)
        }
        for period in RetentionPolicy.Period.allCases where period != .last {
            reasons += spanned(period, snapshot, number, isOldest)
        }
        return reasons
    }

    private mutating func counted(
        _ period: RetentionPolicy.Period, _ snapshot: Snapshot, _ number: Int, _ isOldest: Bool
    ) -> [String] {
        switch left[period] {
        case nil, .some(.none), .some(.last(...0)): return []
        default: break
        }
        let value = period.value(of: snapshot.time, number)
        let isRepeated = last[period] == value
        // The oldest is kept while a rule has counts left: that makes the history as long as it can be.
        guard !isRepeated || isOldest else { return [] }
        last[period] = value
        if case .last(let count) = left[period] { left[period] = .last(count - 1) }
        return ["\(isRepeated ? "oldest " : "")\(period.rawValue) snapshot"]
    }

    private mutating func spanned(
        _ period: RetentionPolicy.Period, _ snapshot: Snapshot, _ number: Int, _ isOldest: Bool
    ) -> [String] {
        guard let span = policy.withinPeriod[period], isWithin(span, snapshot) else { return [] }
        let value = period.value(of: snapshot.time, number)
        let isRepeated = lastWithin[period] == value
        guard !isRepeated || isOldest else { return [] }
        lastWithin[period] = value
        return ["\(isRepeated ? "oldest " : "")\(period.rawValue) within \(span)"]
    }

    private func isWithin(_ span: CalendarSpan, _ snapshot: Snapshot) -> Bool {
        // All from the future: what cannot be told is kept.
        guard let newest else { return true }
        return span.before(newest).isBefore(snapshot.time)
    }

    private static func has(_ snapshot: Snapshot, _ tags: [String]) -> Bool {
        tags.allSatisfy { tag in
            tag.isEmpty && snapshot.tags.isEmpty || snapshot.tags.contains { $0.utf8.elementsEqual(tag.utf8) }
        }
    }
}

extension RetentionPolicy.Period {
    /// The number of the period that a clock showed; `number` tells snapshots apart where each is a period.
    func value(of time: Timestamp, _ number: Int) -> Int {
        let clock = time.clock
        return switch self {
        case .last: number
        case .hourly: ((clock.year * 100 + clock.month) * 100 + clock.day) * 100 + clock.second / 3_600
        case .daily: (clock.year * 100 + clock.month) * 100 + clock.day
        case .weekly: clock.isoWeek
        case .monthly: clock.year * 100 + clock.month
        case .yearly: clock.year
        }
    }
}
