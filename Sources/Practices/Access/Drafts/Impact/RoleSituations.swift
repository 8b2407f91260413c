// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Web

/// Somebody with each role, with roles that rules bring together, and everybody whom rules name, in each situation in
/// which people meet patients, at each time that the rules know of: what nobody gains today can be what somebody gains
/// tomorrow.
///
/// What no rule looks at is not varied, and acts on which the books cannot differ are not asked about unless a guard is
/// in doubt; that changes nothing in what comes out.
struct RoleSituations: Sendable {
    /// More situations than that are not looked at: it would take minutes.
    static let limit = 2_000_000
    /// Nor more than that, counted once for each rule that may have to be looked at.
    static let work = 120_000_000

    private let questions: SurveyQuestions
    private let askers: [SituationAsker]
    /// Those who can ask and are no people.
    private let others: [EntityUID]
    /// When.
    let moments: Moments
    private let places: SituationPlaces
    /// Those who have something to do with the patient and are not whoever asks.
    private let named: [Text]
    private let rules: Int

    /// Prepares them.
    ///
    /// - Parameter mentions: of what they are made.
    init(_ questions: SurveyQuestions, _ mentions: Mentions, _ moments: Moments) {
        self.questions = questions.doubted.isEmpty ? questions.ofDifferences : questions
        askers = SituationAsker.all(mentions, together: questions.pair.rolePairs)
        others = DirectorySurvey.others(mentions)
        self.moments = moments
        places = SituationPlaces(mentions)
        named = mentions.people.map(\.id)
        rules = questions.pair.after.policies.policies.count
    }

    /// How many questions that are; texts can name so much that the number has no end.
    var size: Int {
        let (clinic, shared, patient) = (
            questions.clinic.count, (2 + named.count) * questions.shared.count, questions.patient.count
        )
        let charts = places.charts * ties(at: questions.circumstances.now).count * patient
        let perAsker = places.departments.count * places.duties.count * (clinic + shared) + places.duties.count * charts
        let perOther = clinic + shared + places.patients.count * patient
        return Self.product([
            moments.all.count, places.careTeams.count,
            Self.product([askers.count, perAsker]) + Self.product([others.count, perOther]),
        ])
    }

    private static func product(_ factors: [Int]) -> Int {
        factors.reduce(1) { product, factor in
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? Int.max / 4 : min(next, Int.max / 4)
        }
    }

    /// Why that is too much; nil when it is not.
    var objection: String? {
        let size = size
        guard size > Self.limit || Self.product([size, rules]) > Self.work else { return nil }
        return """
            This draft can do different things in \(grouped(size)) situations, which is more than can be checked here. \
            Use fewer different dates, departments, people and patients, or split the draft and put one part in force \
            after the other.
            """
    }

    /// Adds what is found.
    ///
    /// - Parameter progress: told now and then how many of `size` questions were asked.
    /// - Throws: `CancellationError`.
    func add(to impact: inout Impact, progress: @Sendable (Int) -> Void = { _ in }) async throws {
        let size = size
        guard size > 0 else { return }
        let steps = moments.all.count * places.careTeams.count * askers.count
        var done = 0
        for moment in moments.all {
            for careTeams in places.careTeams {
                var asking = questions
                asking.circumstances = Circumstances(now: moment, secondFactor: false, careTeams: careTeams)
                for other in others { try askAboutEverything(Entity(uid: other), asking, &impact) }
                asking.circumstances.secondFactor = true
                for asker in askers {
                    try Task.checkCancellation()
                    try ask(asker, asking, &impact)
                    done += 1
                    progress(size / max(steps, 1) * done)
                    await Task.yield()
                }
            }
        }
        impact.possible = Impact.Possible.withoutRepeats(impact.possible)
    }

    /// Adds the guards by which somebody is let through to the clinic as a whole: a quick look, for mistakes that are
    /// plain.
    func addPlainlyBroken(to broken: inout Set<Impact.Guard>) throws {
        guard !questions.doubted.isEmpty else { return }
        for moment in moments.all {
            var asking = questions
            asking.circumstances.now = moment
            for asker in askers {
                let who = asker.entity(in: nil, isOnDuty: true)
                for action in asking.clinic {
                    try asking.addBroken(who, action, Entity(uid: SurveyQuestions.institution), to: &broken)
                }
            }
        }
    }

    private func ask(_ asker: SituationAsker, _ asking: SurveyQuestions, _ impact: inout Impact) throws {
        for isOnDuty in places.duties {
            for department in places.departments {
                let who = asker.entity(in: department, isOnDuty: isOnDuty)
                try askAboutClinic(asker, who, asking, &impact)
                try askAboutPatients(asker, who, department, asking, &impact)
            }
        }
    }

    private func made(by maker: EntityUID, _ type: TypeName) -> Entity {
        Entity(uid: EntityUID(type: type, id: "this"), attributes: ["by": .entity(maker)])
    }

    /// Whatever somebody gains who is no person is sensitive.
    private func askAboutEverything(_ who: Entity, _ asking: SurveyQuestions, _ impact: inout Impact) throws {
        let makers = [SurveyQuestions.nobody] + named.map { EntityUID(type: CedarType.person, id: $0) }
        let things =
            asking.clinic.map { ($0, Entity(uid: SurveyQuestions.institution)) }
            + asking.shared.flatMap { act in makers.map { (act.action, made(by: $0, act.resource)) } }
            + asking.patient.flatMap { act in
                places.patients.flatMap { patient in
                    places.protected.map { (act, SituationPlaces.patient(patient, [:], nil, $0)) }
                }
            }
        for (action, what) in things where try isMore(who, action, what, asking) {
            impact.possible.insert(Impact.Possible(role: who.uid.type.text.string, action: action.id.string))
        }
    }

    private func askAboutClinic(
        _ asker: SituationAsker, _ who: Entity, _ asking: SurveyQuestions, _ impact: inout Impact
    ) throws {
        let institution = Entity(uid: SurveyQuestions.institution)
        for action in asking.clinic {
            let isSensitive = Impact.opening.contains(action.id.string)
            try judge(asker, who, action, institution, asking, isSensitive: isSensitive, &impact)
        }
        let makers = [who.uid, SurveyQuestions.nobody] + named.map { EntityUID(type: CedarType.person, id: $0) }
        for (action, type) in asking.shared {
            for maker in makers {
                try judge(asker, who, action, made(by: maker, type), asking, isSensitive: true, &impact)
            }
        }
    }

    private func ties(at now: Instant) -> [SituationTie] { SituationTie.all(at: now, named: !named.isEmpty) }

    private func askAboutPatients(
        _ asker: SituationAsker, _ who: Entity, _ department: Text?, _ asking: SurveyQuestions, _ impact: inout Impact
    ) throws {
        guard !asking.patient.isEmpty else { return }
        let now = asking.circumstances.now
        for tie in ties(at: now) {
            let isTied = tie.isTied(at: now)
            let others = tie.isOfOthers ? named.filter { $0 != who.uid.id } : []
            var tags: [Text: Value] = [:]
            for person in others + (tie.isOfOthers ? [] : [who.uid.id]) { tags[person] = tie.care }
            for patient in places.patients {
                let person = who.tagged(tie.emergency.map { [patient.id: Value($0)] } ?? [:])
                for place in places.ofPatients(seenFrom: department) {
                    for isProtected in places.protected {
                        let what = SituationPlaces.patient(patient, tags, place, isProtected)
                        for action in asking.patient {
                            let isSensitive = Impact.protected.contains(action.id.string) || !isTied
                            try judge(asker, person, action, what, asking, isSensitive: isSensitive, &impact)
                        }
                    }
                }
            }
        }
    }

    private func judge(
        _ asker: SituationAsker, _ who: Entity, _ action: EntityUID, _ what: Entity, _ asking: SurveyQuestions,
        isSensitive: Bool, _ impact: inout Impact
    ) throws {
        try asking.addBroken(who, action, what, to: &impact.broken)
        let possible = Impact.Possible(role: asker.name, action: action.id.string)
        guard isSensitive, !impact.possible.contains(possible), try isMore(who, action, what, asking) else { return }
        impact.possible.insert(possible)
    }

    private func isMore(
        _ who: Entity, _ action: EntityUID, _ what: Entity, _ asking: SurveyQuestions
    ) throws -> Bool {
        let answer = try asking.compare(who, action, what)
        guard answer.after.isAllowed else { return false }
        return !answer.before.isAllowed || !Set(answer.before.masks).isSubset(of: answer.after.masks)
    }
}
