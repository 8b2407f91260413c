// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Compares two books of rules over everybody, every patient and every act: as of now, at each time that the rules write
/// out and that is still to come, and in situations that nobody is in today.
struct ImpactSurvey: Sendable {
    /// More questions than that are not asked: it would take minutes.
    static let limit = 20_000_000

    private let relations: [PatientRelations]
    private let mentions: Mentions
    private let questions: SurveyQuestions
    private let today: DirectorySurvey
    private let turns: [Instant]
    private let situations: RoleSituations
    /// How many questions will be asked of both books.
    let size: Int

    /// Prepares the comparison.
    ///
    /// - Throws: `Fault.refused` when it is too large to be complete.
    init(
        before: RuleBook, after: RuleBook, _ census: Census, _ relations: [PatientRelations],
        limit: Int = ImpactSurvey.limit
    ) throws {
        self.relations = relations
        mentions = Mentions(of: [before.policies, after.policies])
        questions = try SurveyQuestions(
            RulePair(before: before, after: after),
            Circumstances(now: census.now, secondFactor: true, careTeams: census.careTeams))
        situations = try RoleSituations.bounded(questions)
        today = DirectorySurvey(questions, census, relations, mentions)
        let few = questions.ofDifferences
        turns = few.isEmpty ? [] : situations.moments.turns
        size = today.size + turns.count * today.size(of: few) + situations.size
        guard size <= limit else {
            throw Fault(
                .refused,
                """
                This is too large to compute here: \(today.kinds), now and at \(turns.count) later times, make \
                \(size) questions, and more than \(limit) are not asked. Rules that name single people or compare \
                keys make them many, and so do many dates.
                """)
        }
    }

    /// The differences.
    ///
    /// - Parameter progress: told now and then how many of `size` questions were asked.
    /// - Throws: `CancellationError`.
    func run(progress: @Sendable (Int) -> Void = { _ in }) async throws -> Impact {
        var impact = try await today.run(progress: progress)
        var asked = today.size
        var known = Set(impact.lines.keys)
        for turn in turns {
            let start = asked
            let survey = survey(after: turn)
            let then = try await survey.run { progress(start + $0) }
            for (line, count) in then.lines where known.insert(line).inserted {
                impact.later[Impact.Later(from: turn, line: line)] = count
            }
            impact.decisions += then.decisions
            asked += survey.size
        }
        let start = asked
        try await situations.add(to: &impact) { progress(start + $0) }
        impact.delicateRules = questions.pair.delicateRules
        return impact
    }

    /// Just after a time, of which only acts are asked about that can differ.
    private func survey(after turn: Instant) -> DirectorySurvey {
        let census = today.census.at(Moments.after(turn))
        var asking = questions.ofDifferences
        asking.circumstances.now = census.now
        return DirectorySurvey(asking, census, relations, mentions)
    }
}

extension RoleSituations {
    /// Those that the rules of both books make which have a say where the books can differ; where the earlier book
    /// names too much, those of the new one, so that rules that name less can always take its place.
    ///
    /// - Throws: `Fault.refused` when these are too many as well.
    static func bounded(_ questions: SurveyQuestions) throws -> RoleSituations {
        let (rules, now) = (try questions.pair.concerned, questions.circumstances.now)
        let (old, new) = (Mentions(of: rules.before), Mentions(of: rules.after))
        let moments = Moments(new, now: now)
        if let objection = moments.objection { throw Fault(.refused, objection) }
        let all = RoleSituations(
            questions, Mentions(of: rules.before + rules.after), Moments(before: old, after: new, now: now))
        if all.objection == nil { return all }
        let few = RoleSituations(questions, new, moments)
        if let objection = few.objection { throw Fault(.refused, objection) }
        return few
    }
}
