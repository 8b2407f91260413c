// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

extension RuleBook {
    /// Decides, and says why in words for whoever asked.
    ///
    /// A `forbid` that could not be evaluated makes it a denial, because by Cedar's rules it would forbid nothing; a
    /// `permit` that could not be evaluated takes nothing away from the others.
    ///
    /// - Parameter explaining: whether a denial names the rule that came nearest.
    /// - Throws: `Fault.internal` when the entities contradict each other.
    func decide(_ question: Question, action: Action, explaining: Bool = true) throws -> Kernel.Decision {
        let response = try response(question)
        let errors = response.errors.filter { self[$0.policy]?.effect == .forbid }.map(\.policy.string)
        let rules = response.reasons.map(\.string)
        guard response.decision == .allow else {
            guard let forbidding = response.reasons.first else {
                return explaining ? try denial(question, action, errors) : Self.denial(action, errors)
            }
            return Kernel.Decision(isAllowed: false, rules: rules, explanation: words(of: forbidding), errors: errors)
        }
        guard errors.isEmpty else {
            return Kernel.Decision(isAllowed: false, rules: errors, explanation: unchecked(errors), errors: errors)
        }
        let explanation = rules.first.map(title) ?? ""
        return Kernel.Decision(
            isAllowed: true, rules: rules, explanation: "\(explanation).", masks: masks(response.reasons))
    }

    /// The rules that allow; nil for a denial. Says less than `decide`, and quicker.
    func allowing(_ question: Question) throws -> [String]? {
        let response = try response(question)
        let isSound = !response.errors.contains { self[$0.policy]?.effect == .forbid }
        return response.decision == .allow && isSound ? response.reasons.map(\.string) : nil
    }

    private func response(_ question: Question) throws -> Response {
        do {
            return try compiled.decide(question.request, with: question.known)
        } catch {
            throw Fault(.internal, "The rules were told two things about one entity.", cause: error)
        }
    }

    /// What somebody is told who would be let in, if what could keep them out had been checked.
    private func unchecked(_ rules: [String]) -> String {
        let names = rules.map { "\u{201C}\(title($0))\u{201D} (\($0))" }.joined(separator: ", ")
        return """
            Refused because a rule that protects could not be checked: \(names). The mistake is in the rule. Tell your \
            IT lead or whoever approves the rules.
            """
    }

    /// What a rule tells somebody whom it kept out.
    private func words(of rule: Text) -> String {
        self[rule]?.annotation("otherwise")?.string ?? "\(title(rule.string))."
    }

    /// The denial when nothing permitted: it names the rule that came nearest.
    private func denial(_ question: Question, _ action: Action, _ errors: [String]) throws -> Kernel.Decision {
        let evaluator = try question.evaluator()
        var nearest: (policy: Policy, unmet: UnmetPart)?
        var roles: [String] = []
        for policy in policies.policies where policy.effect == .permit {
            guard let unmet = evaluator.firstUnmet(of: policy) else { continue }
            if case .action = unmet.part { continue }
            // A rule for operators, programs or Salus itself is near to no person.
            if case .principal(.isType(let type)) = unmet.part, type != CedarType.person { continue }
            if unmet.satisfied > nearest?.unmet.satisfied ?? -1 { nearest = (policy, unmet) }
            roles += unmet.part.roles
        }
        guard let nearest else {
            return Self.denial(action, errors)
        }
        let lacksRole = !nearest.unmet.part.roles.isEmpty
        return Kernel.Decision(
            isAllowed: false, rules: [],
            explanation: lacksRole ? Self.refusal(of: action, roles) : words(of: nearest.policy.id), errors: errors,
            nearest: UnmetCondition(
                rule: nearest.policy.id.string, title: title(nearest.policy.id.string),
                condition: nearest.unmet.part.text))
    }

    /// The denial that no rule came near to, or of which nobody asks.
    private static func denial(_ action: Action, _ errors: [String]) -> Kernel.Decision {
        Kernel.Decision(
            isAllowed: false, rules: [], explanation: "No rule allows this: \(action.title).", errors: errors)
    }

    /// Says which roles could, so that the reader knows whom to ask.
    private static func refusal(of action: Action, _ roles: [String]) -> String {
        let known = StaffRole.allCases.filter { role in
            roles.contains { $0.utf8.elementsEqual(role.rawValue.utf8) }
        }
        let titles = known.map(\.title)
        let words = titles.isEmpty ? roles.joined(separator: " or ") : titles.joined(separator: " or ")
        return "\(action.title): this needs the role \(words), which you do not have."
    }
}

extension Kernel.Decision {
    /// The same answer, saying whether breaking the glass would show more, and until when an emergency is why it shows
    /// what it does.
    func opening(byBreakGlass opens: Bool, emergencyUntil: Instant? = nil) -> Kernel.Decision {
        Kernel.Decision(
            isAllowed: isAllowed, rules: rules, explanation: explanation, masks: masks, errors: errors,
            nearest: nearest, opensByBreakGlass: opens, emergencyUntil: emergencyUntil)
    }

    /// Whether it shows something that `other` does not.
    func showsMore(than other: Kernel.Decision) -> Bool {
        isAllowed && (!other.isAllowed || masks.count < other.masks.count)
    }
}
