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

    private static let person = EntityUID(type: CedarType.person, id: "somebody")

    init(_ questions: SurveyQuestions, _ mentions: Mentions) {
        self.questions = questions
        let known = StaffRole.allCases.map { EntityUID.role($0.rawValue) }
        let named = mentions.entities.filter { $0.type == CedarType.role }
        let all = Set(known).union(named)
        roles = [[]] + all.sorted().map { [$0] } + [all]
        let now = questions.circumstances.now
        let written = mentions.moments.flatMap { [$0.milliseconds - 1, $0.milliseconds, $0.milliseconds + 1] }
        let hours = mentions.readsClock ? (1...24).map { now.advanced(by: .hours(Int64($0))) } : []
        let ever = written.isEmpty && hours.isEmpty ? [] : [now.advanced(by: .days(36_500))]
        moments =
            [now] + hours + ever
            + written.compactMap { milliseconds in
                let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000)
                return overflow ? nil : Instant(microseconds: product)
            }
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
        return [roles.count, departments.count, 4, aPerson].reduce(moments.count) { product, factor in
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? Int.max / 4 : min(next, Int.max / 4)
        }
    }

    /// Adds what would be gained that needs a second person, and which guards are broken.
    func add(to impact: inout Impact) throws {
        for moment in moments {
            var asking = questions
            asking.circumstances.now = moment
            for careTeams in [true, false] {
                asking.circumstances.careTeams = careTeams
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
        impact.broken.formUnion(try asking.broken(who, action, what))
        guard isSensitive else { return }
        let answer = try asking.compare(who, action, what)
        let isMore =
            answer.after.isAllowed
            && (!answer.before.isAllowed || !Set(answer.before.masks).isSubset(of: answer.after.masks))
        guard isMore else { return }
        let roles = who.parents.filter { $0.type == CedarType.role }
        let name = roles.count == 1 ? roles.first?.id.string ?? "" : roles.isEmpty ? "" : "*"
        impact.possible.insert(Impact.Possible(role: name, action: action.id.string))
    }
}
