// SPDX-License-Identifier: Apache-2.0

import Codecs
package import Kernel

/// What emergencies tell the evidence log. The words that people write stay out of it.
package enum EmergencyFacts {
    /// A chart was opened in an emergency: `id`, `reason`, `until` in microseconds, `many`.
    package static let opened = FactKind("access.emergency-opened.v1", "Chart opened in an emergency")
    /// It was closed again: `id`, `by` (`person`, `time`, `reviewer`).
    package static let ended = FactKind("access.emergency-ended.v1", "Emergency ended")
    /// Somebody else judged it: `id`, `finding`.
    package static let reviewed = FactKind("access.emergency-reviewed.v1", "Emergency reviewed")
    /// A follow-up that the review asked for was closed: `id`, `finding`.
    package static let followUpClosed = FactKind(
        "access.emergency-follow-up-closed.v1", "Follow-up of an emergency closed")
    /// Somebody saw a patient's name, or what was written about the patient, on a page about an emergency: `page`
    /// (`form`, `own`, `review`), and `id` where there is one.
    package static let shown = FactKind("access.emergency-shown.v1", "Page about an emergency shown")
    /// Care teams decide who reads charts from now on, or do no more: `on`, `practitioners`, `patients`.
    package static let careTeams = FactKind("access.care-teams.v1", "Care teams switched on or off")

    /// All of them.
    package static let all = [opened, ended, reviewed, followUpClosed, shown, careTeams]
}

extension Emergency {
    /// The fact that it began.
    ///
    /// - Parameter subject: what stands for the patient in the log.
    func openedFact(on subject: [UInt8]?) -> Fact {
        Fact(
            EmergencyFacts.opened, by: .person(person), on: subject,
            [
                member, .init("reason", .string(reason.rawValue)), .init("until", .integer(until.microseconds)),
                .init("many", .boolean(isOneOfMany)),
            ])
    }

    /// The fact that it ended.
    func endedFact(_ end: End, by actor: EntityReference) -> Fact {
        Fact(
            EmergencyFacts.ended, by: actor, effective: end.cause == .time ? end.at : nil,
            [member, .init("by", .string(end.cause.rawValue))])
    }

    /// The fact that it was judged.
    func reviewedFact(_ review: Review) -> Fact {
        Fact(
            EmergencyFacts.reviewed, by: .person(review.by),
            [member, .init("finding", .string(review.finding.rawValue))])
    }

    /// The fact that its follow-up was closed.
    func followUpClosedFact(_ closing: Review) -> Fact {
        Fact(
            EmergencyFacts.followUpClosed, by: .person(closing.by),
            [member, .init("finding", .string(closing.finding.rawValue))])
    }

    private var member: CanonicalMember { .init("id", .string(id.description)) }
}
