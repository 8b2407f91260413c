// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Web

/// Looks whether somebody of today's directory could still do what somebody must always be able to do: now, and around
/// every time at which the rules can begin to forbid it.
struct LockOuts: Sendable {
    private let census: Census
    private let pair: RulePair
    private let moments: [Instant]
    private let people: [StaffMember]

    /// What somebody must be able to do.
    private enum Need: CaseIterable {
        case repair, people, draft, approve, chart, emergency

        /// What nobody could do.
        var words: String {
            switch self {
            case .repair: "put rules right"
            case .people: "manage people"
            case .draft: "draft rules"
            case .approve: "approve rules of somebody else"
            case .chart: "open a chart in full"
            case .emergency: "open a chart in an emergency"
            }
        }
    }

    init(census: Census, pair: RulePair, moments: [Instant]) {
        self.census = census
        self.pair = pair
        self.moments = moments
        let enabled = census.staff.filter(\.summary.isEnabled)
        // Where nobody has set up their sign-in yet, those count who may.
        let ready = enabled.filter(\.summary.hasSecondFactor)
        people = ready.isEmpty ? enabled : ready
    }

    /// Each once, with the first time at which it is so.
    func all(_ time: LocalTime) throws -> [String] {
        var found: [String] = []
        var left = Need.allCases
        // Whoever could at one moment mostly can at the next, and is asked about first.
        var known: [Need: StaffMember] = [:]
        for moment in moments {
            var asking = Asking(census: census, pair: pair, now: moment, people: people)
            let lacking = try left.filter { try !asking.isMet($0, &known) }
            left.removeAll(where: lacking.contains)
            found += lacking.map { words(of: $0, at: moment, time) }
            if left.isEmpty { break }
        }
        return found
    }

    private func words(of need: Need, at moment: Instant, _ time: LocalTime) -> String {
        let isNow = moment == census.now
        if need == .repair {
            let who = "hoever runs the machine could not put rules right any more."
            return isNow ? "W" + who : "At \(time.text(moment)) w" + who
        }
        return isNow
            ? "Nobody who is here today could \(need.words) any more."
            : "At \(time.text(moment)) nobody who is here today could \(need.words) any more."
    }

    /// The questions of one moment.
    private struct Asking {
        let pair: RulePair
        let now: Instant
        let careTeams: Bool
        let people: [StaffMember]
        /// One of each kind of people.
        private lazy var kinds: [StaffMember] = {
            let mentions = Mentions(of: [pair.before.policies, pair.after.policies])
            return SurveyPeople(people, at: now, mentions).groups.compactMap { $0.members.first.map { people[$0] } }
        }()

        init(census: Census, pair: RulePair, now: Instant, people: [StaffMember]) {
            self.pair = pair
            self.now = now
            self.people = people
            careTeams = census.careTeams
        }

        mutating func isMet(_ need: Need, _ known: inout [Need: StaffMember]) throws -> Bool {
            if need == .repair { return try isRepairable }
            // Where nobody is in the directory yet, nobody is locked out.
            if people.isEmpty { return true }
            if let known = known[need], try can(need, known, pair.after) { return true }
            for member in kinds where try can(need, member, pair.after) {
                known[need] = member
                return true
            }
            // A house in which nobody treats patients loses nothing there.
            guard need == .chart || need == .emergency else { return false }
            return try !kinds.contains { try can(need, $0, pair.before) }
        }

        /// The last way back, when nobody who can sign in may change rules.
        private var isRepairable: Bool {
            get throws {
                let `operator` = Entity(uid: EntityUID(type: CedarType.operator, id: ""))
                let clinic = Entity(uid: SurveyQuestions.institution)
                return try answer(pair.after, `operator`, AccessActions.draftRules.id, clinic, false).isAllowed
            }
        }

        private func can(_ need: Need, _ member: StaffMember, _ book: RuleBook) throws -> Bool {
            let (who, clinic) = (member.entity(at: now), Entity(uid: SurveyQuestions.institution))
            switch need {
            case .repair: return false
            case .people: return try answer(book, who, "identity.manage-people", clinic).isAllowed
            case .draft: return try answer(book, who, AccessActions.draftRules.id, clinic).isAllowed
            case .approve:
                let draft = Entity(
                    uid: EntityUID(type: CedarType.draft, id: "this"),
                    attributes: ["by": .entity(SurveyQuestions.nobody)])
                return try answer(book, who, AccessActions.approveRules.id, draft).isAllowed
            case .chart: return try opensChart(who, book)
            case .emergency: return try opensInEmergency(who, book)
            }
        }

        private func answer(
            _ book: RuleBook, _ who: Entity, _ action: String, _ what: Entity, _ secondFactor: Bool = true
        ) throws -> RulePair.Answer {
            let circumstances = Circumstances(now: now, secondFactor: secondFactor, careTeams: careTeams)
            return try RulePair.answer(
                book,
                Request(
                    principal: who.uid, action: .action(action), resource: what.uid, context: circumstances.record),
                [who, what].filter(\.isKnown))
        }

        /// Whether somebody reads a chart of a patient whom they treat and who is where they work, nothing left out.
        private func opensChart(_ who: Entity, _ book: RuleBook) throws -> Bool {
            let place = who.parents.first { $0.type == CedarType.department }?.id
            let tags = [who.uid.id: SituationTie.lasting(at: now)]
            let patient = SituationPlaces.patient(Self.patient, tags, place, false)
            let reading = try answer(book, who, Impact.readChart, patient)
            return reading.isAllowed && reading.masks.isEmpty
        }

        /// Whether somebody may open the chart of a stranger in an emergency, and then reads it.
        private func opensInEmergency(_ who: Entity, _ book: RuleBook) throws -> Bool {
            let patient = SituationPlaces.patient(Self.patient, [:], nil, false)
            guard try answer(book, who, AccessActions.breakGlass.id, patient).isAllowed else { return false }
            let tags = who.tags.merging([patient.uid.id: Value(now.advanced(by: .minutes(1)))]) { _, new in new }
            return try answer(book, who.tagged(tags), Impact.readChart, patient).isAllowed
        }

        private static let patient = EntityUID(type: CedarType.patient, id: "somebody")
    }
}
