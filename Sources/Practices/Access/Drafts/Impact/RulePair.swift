// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Two books of rules, asked the same questions.
struct RulePair: Sendable {
    let before: RuleBook
    let after: RuleBook

    /// What one book answers.
    struct Answer: Sendable, Hashable {
        let isAllowed: Bool
        /// What is left out of what is shown.
        let masks: [String]

        /// Of the answer whether an emergency may be opened: allowed where the chart then opens.
        func opening(_ chart: Answer) -> Answer {
            isAllowed && chart.isAllowed ? chart : Answer(isAllowed: false, masks: [])
        }
    }

    /// What both answer.
    struct Comparison: Sendable, Hashable {
        let before: Answer
        let after: Answer
    }

    /// Asks both.
    func compare(_ request: Request, _ known: [Entity]) throws -> Comparison {
        Comparison(
            before: try Self.answer(before, request, known), after: try Self.answer(after, request, known))
    }

    /// Asks the new book.
    func allows(_ request: Request, _ known: [Entity]) throws -> Bool {
        try Self.answer(after, request, known).isAllowed
    }

    /// As `RuleBook.decide` does: a `forbid` that cannot be evaluated makes it a denial.
    static func answer(_ book: RuleBook, _ request: Request, _ known: [Entity]) throws -> Answer {
        let response: Response
        do {
            response = try book.compiled.decide(request, with: known)
        } catch {
            throw Fault(.internal, "The rules were told two things about one entity.", cause: error)
        }
        guard response.decision == .allow, !response.errors.contains(where: { book[$0.policy]?.effect == .forbid })
        else { return Answer(isAllowed: false, masks: []) }
        return Answer(isAllowed: true, masks: book.masks(response.reasons))
    }
}
