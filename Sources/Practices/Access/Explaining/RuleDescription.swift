// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// A rule in words, as far as they can be made from it.
struct RuleDescription: Sendable {
    let policy: Policy
    /// By what the log names it.
    let id: String
    /// What it says, in the clinic's words.
    let title: String
    /// Whom it is about.
    let who: String
    /// What they do.
    let what: [String]
    /// To what.
    let which: String
    /// Under which conditions, one after the other; the roles are told by `who`.
    let conditions: [Condition]
    /// What is left out of the records that it shows.
    let masks: [String]

    /// A condition that must hold, or must not.
    struct Condition: Sendable {
        /// `when` or `unless`.
        let kind: CedarPolicy.Condition.Kind
        /// In words; nil where there are none.
        let words: String?
        /// As it is written.
        let text: String
    }

    init(_ policy: Policy, in book: RuleBook) {
        self.policy = policy
        id = policy.id.string
        title = book.title(policy.id.string)
        what = ActionWords.words(policy.action)
        which = Self.which(policy.resource)
        masks = book.masks([policy.id])
        var roles: [String] = []
        var conditions: [Condition] = []
        for condition in policy.conditions {
            if condition.kind == .when, let named = condition.body.roles, roles.isEmpty {
                roles = named
            } else {
                conditions.append(
                    Condition(
                        kind: condition.kind, words: ConditionWords.words(condition.body), text: "\(condition.body)"))
            }
        }
        self.conditions = conditions
        who = roles.isEmpty ? Self.who(policy.principal) : ConditionWords.roleTitles(roles)
    }

    private static func who(_ scope: EntityScope) -> String {
        switch scope {
        case .any: return "Everybody and every program"
        case .isType(let type): return types[type.text.string] ?? type.text.string
        case .equal(let reference): return "Only \(reference)"
        case .within(let reference), .isTypeWithin(_, let reference):
            guard case .entity(let uid) = reference else { return "\(reference)" }
            if uid.type == CedarType.role { return ConditionWords.roleTitles([uid.id.string]) }
            if uid.type == CedarType.department { return "Everybody who works in \(uid.id.string)" }
            return "Whoever is in \(reference)"
        }
    }

    private static func which(_ scope: EntityScope) -> String {
        switch scope {
        case .any: "Anything"
        case .isType(let type): types[type.text.string] ?? type.text.string
        case .equal(let reference): "Only \(reference)"
        case .within(let reference), .isTypeWithin(_, let reference): "What is in \(reference)"
        }
    }

    private static let types = [
        "Person": "Everybody with an account", "Operator": "Whoever runs the machine with its key file",
        "System": "Salus itself", "Visitor": "Whoever has not signed in", "Application": "Programs of the clinic",
        "Patient": "A patient", "Institution": "The clinic as a whole", "RuleDraft": "A draft of rules",
        "BreakGlass": "A chart that was opened in an emergency",
        "StaffEntry": "Department, numbers and shifts of a member of staff",
    ]
}
