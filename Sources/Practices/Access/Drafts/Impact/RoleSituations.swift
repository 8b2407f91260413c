// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Somebody with each role alone, in each situation in which people meet patients, at each time that the rules know
/// of: what nobody gains today can be what somebody gains tomorrow.
struct RoleSituations: Sendable {
    private let questions: SurveyQuestions
    private let roles: [Set<EntityUID>]
    private let moments: [Instant]
    private let departments: [EntityUID]
    private let patients: [EntityUID]
    /// What is looked for.
    private let aim: Aim
    /// Those who can ask and are no people.
    private let others: [EntityUID]

    private static let person = EntityUID(type: CedarType.person, id: "somebody")

    /// What can be looked for.
    enum Aim: Sendable {
        /// By which guards somebody is let through.
        case guards
        /// What would be gained that needs a second person.
        case gains
    }

    init(_ questions: SurveyQuestions, _ mentions: Mentions, looking aim: Aim) {
        self.questions = questions
        self.aim = aim
        let known = StaffRole.allCases.map { EntityUID.role($0.rawValue) }
        let named = mentions.entities.filter { $0.type == CedarType.role }
        let all = Set(known).union(named)
        roles = [[]] + all.sorted().map { [$0] } + [all]
        let now = questions.circumstances.now
        // The times of day that are written, today.
        let midnight = Value(now).day
        let times = mentions.readsClock ? mentions.durations.compactMap { midnight?.offset(by: $0)?.milliseconds } : []
        let written = (mentions.moments.map(\.milliseconds) + times).flatMap { [$0 &- 1, $0, $0 &+ 1] }
        let hours = mentions.readsClock ? (1...24).map { now.advanced(by: .hours(Int64($0))) } : []
        let ever = written.isEmpty && hours.isEmpty ? [] : [now.advanced(by: .days(36_500))]
        moments =
            [now] + hours + ever
            + written.compactMap { milliseconds in
                let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000)
                return overflow ? nil : Instant(microseconds: product)
            }
        others = ImpactSurvey.others(mentions)
        departments =
            [.department("")] + mentions.entities.filter { $0.type == CedarType.department }.sorted()
        patients =
            [EntityUID(type: CedarType.patient, id: "somebody else")]
            + mentions.entities.filter { $0.type == CedarType.patient }.sorted()
    }

    /// How many questions that are; texts can name so much that the number has no end.
    var size: Int {
        let ties = Self.ties(at: questions.circumstances.now).count * 4
        let aPerson =
            questions.clinic.count + 2 * questions.shared.count + patients.count * ties * questions.patient.count
        return [roles.count * departments.count + others.count, 4, aPerson].reduce(moments.count) { product, factor in
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? Int.max / 4 : min(next, Int.max / 4)
        }
    }

    /// Adds what is found.
    func add(to impact: inout Impact) throws {
        for moment in moments {
            var asking = questions
            asking.circumstances.now = moment
            for careTeams in [true, false] {
                asking.circumstances.careTeams = careTeams
                asking.circumstances.secondFactor = false
                if aim == .gains {
                    for other in others { try askAboutEverything(Entity(uid: other), asking, &impact) }
                }
                asking.circumstances.secondFactor = true
                for role in roles {
                    for department in departments {
                        for isOnDuty in [true, false] {
                            let who = Self.person(role.union([department]), isOnDuty)
                            try askAboutClinic(who, asking, &impact)
                            try askAboutPatients(who, department, asking, &impact)
                        }
                    }
                }
            }
        }
    }

    private static func person(_ parents: Set<EntityUID>, _ isOnDuty: Bool) -> Entity {
        Entity(
            uid: person, attributes: ["key": .string(person.id), "isActive": .bool(true), "isOnDuty": .bool(isOnDuty)],
            parents: parents)
    }

    /// Whatever somebody gains who is no person is sensitive.
    private func askAboutEverything(_ who: Entity, _ asking: SurveyQuestions, _ impact: inout Impact) throws {
        let made = Set(asking.shared.map(\.resource)).map { type in
            Entity(uid: EntityUID(type: type, id: "this"), attributes: ["by": .entity(SurveyQuestions.nobody)])
        }
        let charts = patients.flatMap { patient in
            [true, false].map { Self.patient(patient, nil, nil, $0) }
        }
        let things =
            asking.clinic.map { ($0, Entity(uid: SurveyQuestions.institution)) }
            + asking.shared.flatMap { act in made.filter { $0.uid.type == act.resource }.map { (act.action, $0) } }
            + asking.patient.flatMap { act in charts.map { (act, $0) } }
        for (action, what) in things where try isMore(who, action, what, asking) {
            impact.possible.insert(Impact.Possible(role: who.uid.type.text.string, action: action.id.string))
        }
    }

    private func askAboutClinic(_ who: Entity, _ asking: SurveyQuestions, _ impact: inout Impact) throws {
        let institution = Entity(uid: SurveyQuestions.institution)
        for action in asking.clinic {
            try judge(who, action, institution, asking, isSensitive: Impact.opening.contains(action.id.string), &impact)
        }
        for (action, type) in asking.shared {
            for maker in [who.uid, SurveyQuestions.nobody] {
                let made = Entity(uid: EntityUID(type: type, id: "this"), attributes: ["by": .entity(maker)])
                try judge(who, action, made, asking, isSensitive: true, &impact)
            }
        }
    }

    private func askAboutPatients(
        _ who: Entity, _ department: EntityUID, _ asking: SurveyQuestions, _ impact: inout Impact
    ) throws {
        let now = asking.circumstances.now
        for patient in patients {
            for (care, emergency) in Self.ties(at: now) {
                for place in [nil, department] as [EntityUID?] {
                    for isProtected in [true, false] {
                        let what = Self.patient(patient, care, place, isProtected)
                        let tags: [Text: Value] = emergency.map { [patient.id: Value($0)] } ?? [:]
                        let isTied = care?.isCare(at: now) ?? false || emergency.map { now < $0 } ?? false
                        for action in asking.patient {
                            let isSensitive = Impact.protected.contains(action.id.string) || !isTied
                            try judge(who.tagged(tags), action, what, asking, isSensitive: isSensitive, &impact)
                        }
                    }
                }
            }
        }
    }

    private static func patient(
        _ uid: EntityUID, _ care: Value?, _ department: EntityUID?, _ isProtected: Bool
    ) -> Entity {
        var attributes: [Text: Value] = ["key": .string(uid.id), "hasProtectedRecords": .bool(isProtected)]
        if let department { attributes["department"] = .entity(department) }
        return Entity(uid: uid, attributes: attributes, tags: care.map { [person.id: $0] } ?? [:])
    }

    /// Care that lasts, that ended an hour, four days or a year ago, that will begin; an emergency that lasts, and one
    /// that is over; and nothing.
    private static func ties(at now: Instant) -> [(Value?, Instant?)] {
        func care(_ from: Int64, _ until: Int64) -> Value {
            .record([
                "from": Value(now.advanced(by: .hours(from))), "until": Value(now.advanced(by: .hours(until))),
            ])
        }
        return [
            (nil, nil), (care(-9_000, 9_000), nil), (care(-9_000, -1), nil), (care(-9_000, -96), nil),
            (care(-9_000, -8_760), nil), (care(1, 9_000), nil), (nil, now.advanced(by: .hours(1))),
            (nil, now.advanced(by: .hours(-1))),
        ]
    }

    private func judge(
        _ who: Entity, _ action: EntityUID, _ what: Entity, _ asking: SurveyQuestions, isSensitive: Bool,
        _ impact: inout Impact
    ) throws {
        if aim == .guards {
            impact.broken.formUnion(try asking.broken(who, action, what))
            return
        }
        guard isSensitive, try isMore(who, action, what, asking) else { return }
        let roles = who.parents.filter { $0.type == CedarType.role }
        let name = roles.count == 1 ? roles.first?.id.string ?? "" : roles.isEmpty ? "" : "*"
        impact.possible.insert(Impact.Possible(role: name, action: action.id.string))
    }

    private func isMore(
        _ who: Entity, _ action: EntityUID, _ what: Entity, _ asking: SurveyQuestions
    ) throws -> Bool {
        let answer = try asking.compare(who, action, what)
        guard answer.after.isAllowed else { return false }
        return !answer.before.isAllowed || !Set(answer.before.masks).isSubset(of: answer.after.masks)
    }
}

extension Value {
    /// The beginning of a moment's day.
    fileprivate var day: Datetime? {
        if case .datetime(let moment) = self { moment.day } else { nil }
    }
}
