// SPDX-License-Identifier: Apache-2.0

import Kernel

/// A chart that one person opened in an emergency: break-glass as a state machine.
///
/// It is open until its person, its time or a reviewer ends it, and then waits for somebody else to judge it. A value
/// without clock and store: each transition is told the time and refuses what cannot follow.
struct Emergency: Sendable, Hashable {
    /// How long a chart stays open: a resuscitation and the handover after it, not a shift.
    static let length = Duration.minutes(60)
    /// How long after the opening a review may take: an emergency of Friday night is judged on Monday.
    static let reviewTime = Duration.hours(72)
    /// How long after the review a follow-up may take: whoever has to be asked is back from a week's nights and the days
    /// off after them.
    static let followUpTime = Duration.days(14)

    /// What it is called in addresses, in the log and by the rules.
    let id: Identifier<Emergency>
    /// Who opened the chart.
    let person: Identifier<Person>
    /// Whose chart it is.
    let patient: Identifier<Patient>
    /// Why, as the person said it.
    let reason: Reason
    /// When it began.
    let opened: Instant
    /// When it ends by itself.
    let until: Instant
    /// Whether the person opened more charts than emergencies explain: see `EmergencyLimits`.
    let isOneOfMany: Bool
    /// How it ended; nil while nobody has written that down, which after `until` is a matter of a minute.
    private(set) var end: End?
    /// What somebody else thinks of it; nil while nobody judged it.
    private(set) var review: Review?
    /// How a review that asked for follow-up came to an end; nil while it did not.
    private(set) var closing: Review?

    /// An emergency that begins at `now`.
    init(
        _ id: Identifier<Emergency>, by person: Identifier<Person>, on patient: Identifier<Patient>, for reason: Reason,
        at now: Instant, isOneOfMany: Bool
    ) {
        self.init(
            id: id, person: person, patient: patient, reason: reason, opened: now,
            until: now.advanced(by: Self.length), isOneOfMany: isOneOfMany, end: nil, review: nil, closing: nil)
    }

    /// An emergency as it is stored.
    init(
        id: Identifier<Emergency>, person: Identifier<Person>, patient: Identifier<Patient>, reason: Reason,
        opened: Instant, until: Instant, isOneOfMany: Bool, end: End?, review: Review?, closing: Review?
    ) {
        self.id = id
        self.person = person
        self.patient = patient
        self.reason = reason
        self.opened = opened
        self.until = until
        self.isOneOfMany = isOneOfMany
        self.end = end
        self.review = review
        self.closing = closing
    }

    /// When its review is due.
    var due: Instant { opened.advanced(by: Self.reviewTime) }
    /// When its follow-up is due: it counts from the review, which nothing takes the place of; nil where none is needed.
    var followUpDue: Instant? {
        guard let review, review.finding == .followUp else { return nil }
        return review.at.advanced(by: Self.followUpTime)
    }
    /// The judgement that stands: what closed the follow-up, else the review.
    var judgement: Review? { closing ?? review }
    /// When the chart closed, or will close.
    var closes: Instant { end?.at ?? until }

    /// Where it stands at `now`.
    func state(at now: Instant) -> State {
        if review != nil {
            guard let followUpDue, closing == nil else { return .reviewed }
            return now < followUpDue ? .followUp : .followUpOverdue
        }
        if now >= due { return .overdue }
        return end == nil && now < until ? .open : .ended
    }

    /// Ends it. What its time has ended already was ended by its time, whoever comes after.
    ///
    /// - Parameter person: who ended it, where it was not whoever opened it.
    /// - Throws: `Fault.conflict` when it is over, or when its time is not.
    mutating func end(
        by cause: End.Cause, _ person: Identifier<Person>? = nil, at now: Instant
    ) throws(Fault) {
        guard end == nil else { throw Fault(.conflict, "This emergency is over already.") }
        if now >= until {
            end = End(at: until, cause: .time)
        } else {
            guard cause != .time else { throw Fault(.conflict, "The time of this emergency is not over yet.") }
            end = End(at: now, cause: cause, person: person)
        }
    }

    /// Takes down what `reviewer` thinks of it.
    ///
    /// - Throws: `Fault.refused` for its own person, `Fault.conflict` while it is open and when it is judged.
    mutating func review(_ finding: Finding, by reviewer: Identifier<Person>, at now: Instant) throws(Fault) {
        guard reviewer != person else { throw Fault(.refused, Self.own) }
        guard review == nil else { throw Fault(.conflict, "Somebody reviewed this emergency already.") }
        if end == nil {
            guard now >= until else {
                throw Fault(.conflict, "The chart is still open. End the emergency first, then review it.")
            }
            end = End(at: until, cause: .time)
        }
        review = Review(by: reviewer, at: now, finding: finding)
    }

    /// Takes down what came out of the follow-up. Whoever asked for it may do so too, and nobody asks for another: that
    /// would begin its time again.
    ///
    /// - Throws: `Fault.refused` for its own person, `Fault.invalidInput` for a finding that ends nothing, and
    ///   `Fault.conflict` when there is no follow-up to close.
    mutating func close(_ finding: Finding, by reviewer: Identifier<Person>, at now: Instant) throws(Fault) {
        guard reviewer != person else { throw Fault(.refused, Self.own) }
        guard finding != .followUp else {
            throw Fault(.invalidInput, "A follow-up ends with justified or not justified.")
        }
        guard review?.finding == .followUp, closing == nil else {
            throw Fault(.conflict, "There is no follow-up of this emergency to close.")
        }
        closing = Review(by: reviewer, at: now, finding: finding)
    }

    /// What is said to somebody who would judge their own emergency.
    static let own = "You opened this chart: somebody else must review it."
}

extension Emergency {
    /// Where an emergency stands.
    enum State: String, Sendable, CaseIterable {
        /// The chart is open.
        case open
        /// The chart is closed and the review has time.
        case ended
        /// The review did not come in time.
        case overdue
        /// The review asked for follow-up, and that has time.
        case followUp = "follow-up"
        /// The follow-up was not closed in time.
        case followUpOverdue = "follow-up-overdue"
        /// Somebody else judged it, and nothing is left to do.
        case reviewed

        /// Whether a review said that somebody has to be asked first, and nobody closed that.
        var isFollowUp: Bool { self == .followUp || self == .followUpOverdue }
    }

    /// Why a chart is opened; the ids stand in the log for ever.
    enum Reason: String, Sendable, CaseIterable {
        case lifeThreatening = "life-threatening"
        case cannotWait = "patient-cannot-wait"
        case unreachable = "colleague-unreachable"
        case cover = "cover"
        case other

        /// The reason in the clinic's words.
        var title: String {
            switch self {
            case .lifeThreatening: "Life is in danger"
            case .cannotWait: "The patient cannot wait"
            case .unreachable: "The colleague in charge cannot be reached"
            case .cover: "I cover for a colleague who is away"
            case .other: "Something else"
            }
        }
    }

    /// How an emergency ended.
    struct End: Sendable, Hashable {
        /// When the chart closed.
        let at: Instant
        /// What closed it.
        let cause: Cause
        /// The reviewer who closed it; nil for every other cause, and where nobody wrote it down.
        var person: Identifier<Person>?

        /// What ends an emergency; part of a fact.
        enum Cause: String, Sendable, CaseIterable {
            /// Whoever opened it.
            case person
            /// Its hour is over.
            case time
            /// Somebody who watches over emergencies.
            case reviewer
            /// The account of whoever opened it was closed.
            case closedAccount = "closed-account"
        }
    }

    /// What a reviewer found; part of a fact.
    enum Finding: String, Sendable, CaseIterable {
        case justified
        case notJustified = "not-justified"
        case followUp = "needs-follow-up"

        /// The finding in the clinic's words.
        var title: String {
            switch self {
            case .justified: "Justified"
            case .notJustified: "Not justified"
            case .followUp: "Needs follow-up"
            }
        }
    }

    /// A judgement.
    struct Review: Sendable, Hashable {
        /// Who judged.
        let by: Identifier<Person>
        /// When.
        let at: Instant
        /// What they found.
        let finding: Finding
    }
}

/// How many emergencies one person has before it is said to reviewers that these are many.
///
/// More are not refused: Salus cannot tell a disaster at 3 a.m. from curiosity, a chart that stays shut can cost a life,
/// and one that was opened without need is found by the review, which shows these first and in red.
enum EmergencyLimits {
    /// How many are open at once.
    static let open = 5
    /// How many are opened in 24 hours.
    static let daily = 20

    /// Whether one more is one of many.
    static func areMany(open: Int64, daily: Int64) -> Bool {
        open >= Self.open || daily >= Self.daily
    }
}
