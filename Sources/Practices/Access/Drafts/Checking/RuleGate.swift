// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Web

/// Keeps rules out under which nobody could change rules or open charts any more, now or at a time that they write out,
/// and which plainly let somebody through whom nothing may let through. It looks at what the rules do and not at what
/// they are called.
///
/// Quick enough for a page: what takes long, `ImpactSurvey` does.
struct RuleGate: Sendable {
    let census: Census
    let book: RuleBook
    /// How times are said.
    let time: LocalTime

    /// Why these rules must not be; empty when nothing speaks against them.
    ///
    /// - Throws: `Fault.refused` when there is too much to look at.
    func objections() throws -> [String] {
        let pair = RulePair(before: census.book, after: book)
        let questions = try SurveyQuestions(
            pair, Circumstances(now: census.now, secondFactor: true, careTeams: census.careTeams))
        // First what bounds all that follows.
        let situations = try RoleSituations.bounded(questions)
        var broken: Set<Impact.Guard> = []
        try situations.addPlainlyBroken(to: &broken)
        return try LockOuts(census: census, pair: pair, moments: situations.moments.close).all(time)
            + Self.words(of: broken)
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
}
