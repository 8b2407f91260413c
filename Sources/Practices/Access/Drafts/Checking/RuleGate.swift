// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Keeps rules out under which nobody could change rules any more, or which let somebody through whom nothing may let
/// through. It looks at what the rules do and not at what they are called.
struct RuleGate: Sendable {
    let census: Census
    let book: RuleBook

    /// Why these rules must not be; empty when nothing speaks against them.
    ///
    /// - Throws: `Fault.refused` when there is too much to look at.
    func objections() throws -> [String] {
        try lockOut() + Self.words(of: try broken())
    }

    /// What a broken guard means.
    static func words(of broken: Set<Impact.Guard>) -> [String] {
        Impact.Guard.allCases.filter(broken.contains).map { guarding in
            switch guarding {
            case .closedAccount:
                "Somebody whose account is closed could do something. A forbid must keep every closed account out."
            case .secondFactor:
                "Somebody without a second factor could do something. A forbid must keep everybody without one out."
            }
        }
    }

    /// What somebody of today's directory must still be able to do.
    private static let needed: [(action: String, words: String)] = [
        ("identity.manage-people", "manage people"), (AccessActions.draftRules.id, "draft rules"),
        (AccessActions.approveRules.id, "approve rules of somebody else"),
    ]

    private func lockOut() throws -> [String] {
        let enabled = census.staff.filter(\.summary.isEnabled)
        // Where nobody has set up their sign-in yet, those count who may.
        let ready = enabled.filter(\.summary.hasSecondFactor)
        let people = (ready.isEmpty ? enabled : ready).map { $0.entity(at: census.now) }
        let pair = RulePair(before: census.book, after: book)
        let circumstances = Circumstances(now: census.now, secondFactor: true, careTeams: census.careTeams)
        var objections: [String] = []
        let `operator` = Entity(uid: EntityUID(type: CedarType.operator, id: ""))
        let repair = Request(
            principal: `operator`.uid, action: .action(AccessActions.draftRules.id),
            resource: SurveyQuestions.institution,
            context: Circumstances(now: census.now, secondFactor: false, careTeams: census.careTeams).record)
        // The last way back, when nobody who can sign in may change rules.
        if try !pair.allows(repair, []) {
            objections.append("Whoever runs the machine could not put rules right any more.")
        }
        guard !people.isEmpty else { return objections }
        return try objections
            + Self.needed.compactMap { needed in
                let isShared = needed.action == AccessActions.approveRules.id
                let what =
                    isShared
                    ? Entity(
                        uid: EntityUID(type: CedarType.draft, id: "this"),
                        attributes: ["by": .entity(SurveyQuestions.nobody)])
                    : Entity(uid: SurveyQuestions.institution)
                let isLeft = try people.contains { who in
                    try pair.allows(
                        Request(
                            principal: who.uid, action: .action(needed.action), resource: what.uid,
                            context: circumstances.record), isShared ? [who, what] : [who])
                }
                return isLeft ? nil : "Nobody who is here today could \(needed.words) any more."
            }
    }

    private func broken() throws -> Set<Impact.Guard> {
        let mentions = Mentions(of: [book.policies])
        let questions = try SurveyQuestions(
            RulePair(before: census.book, after: book),
            Circumstances(now: census.now, secondFactor: true, careTeams: census.careTeams))
        let situations = RoleSituations(questions, mentions, looking: .guards)
        guard situations.size <= ImpactSurvey.limit else {
            throw Fault(
                .refused,
                """
                These rules name so many departments, patients and moments that they cannot be checked here: \
                \(situations.size) situations, and more than \(ImpactSurvey.limit) are not looked at.
                """)
        }
        var impact = Impact()
        try situations.add(to: &impact)
        return impact.broken
    }
}
