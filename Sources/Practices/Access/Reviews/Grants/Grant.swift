// SPDX-License-Identifier: Apache-2.0

import Kernel

/// A role of a person who can sign in, with what is known about whether they still need it.
struct Grant: Sendable, Hashable {
    /// Whose.
    let person: PersonSummary
    /// The role's id.
    let role: String
    /// When it was given, or given back; nil where the log does not tell.
    let since: Instant?
    /// When it was last used; nil when that was never seen.
    let used: Instant?
    /// The newest review.
    let review: GrantReview?

    /// What has to be done about a grant, the most urgent first.
    enum State: Int, Sendable, CaseIterable, Comparable {
        /// A review said that it must go, and it is still there.
        case toRemove
        /// Nobody confirmed it in time.
        case overdue
        /// The log does not tell who gave it, and nobody confirmed it.
        case untold
        /// It must be confirmed soon.
        case due
        /// Confirmed, or given, not long ago.
        case settled

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Until when somebody has to confirm it; nil where the log does not tell when it was given and nobody did.
    var due: Instant? {
        let confirmed = review.flatMap { $0.outcome == .keep ? $0.at : nil }
        let base = [since, confirmed].compactMap(\.self).max()
        return base.map { $0.advanced(by: ReviewSchedule.interval(of: role)) }
    }

    /// How it stands at `now`.
    func state(at now: Instant) -> State {
        if let review, review.outcome == .remove, review.closed == nil { return .toRemove }
        guard let due else { return .untold }
        if due <= now { return .overdue }
        return due <= now.advanced(by: ReviewSchedule.notice) ? .due : .settled
    }

    /// Whether somebody confirmed it in time, or has time left to.
    func isInTime(at now: Instant) -> Bool {
        [.due, .settled].contains(state(at: now))
    }

    /// What is known of its use.
    enum Use: Sendable, Hashable {
        /// It was used within the last months.
        case recent(Instant)
        /// It was last used before that.
        case old(Instant)
        /// The log would show a use, and shows none in all that time.
        case never(since: Instant)
        /// The log does not reach back far enough to say; nil while it names no rules at all.
        case unknown(since: Instant?)
    }

    /// What is known of its use at `now`, when the log names rules since `told`.
    func use(at now: Instant, told: Instant?) -> Use {
        let limit = now.advanced(by: .zero - ReviewSchedule.unused)
        if let used { return used > limit ? .recent(used) : .old(used) }
        guard let told else { return .unknown(since: nil) }
        let visible = max(told, since ?? told)
        return visible <= limit ? .never(since: visible) : .unknown(since: visible)
    }
}

/// Somebody's word on whether a person still needs a role.
struct GrantReview: Sendable, Hashable {
    /// Whose role.
    let person: Identifier<Kernel.Person>
    /// Which.
    let role: String
    /// Who said it.
    let reviewer: Identifier<Kernel.Person>
    /// When.
    let at: Instant
    /// What.
    let outcome: Outcome
    /// Of one that asked for removal, when that was done or another review took its place.
    let closed: Instant?

    /// What a review can end with.
    enum Outcome: String, Sendable, CaseIterable {
        case keep
        case remove
    }
}
