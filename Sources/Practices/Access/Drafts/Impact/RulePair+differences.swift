// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Where two books can say different things: what is the same in both needs no questions.
extension RulePair {
    /// The rules that are new, gone or different; of different ones both forms.
    var different: [Policy] {
        before.policies.policies.filter { after[$0.id] != $0 } + after.policies.policies.filter { before[$0.id] != $0 }
    }

    /// The acts about which one of those says something. About all others both books give one answer, because they
    /// have the same rules about them.
    var touched: Set<EntityUID> {
        get throws {
            let different = different
            let all = try HouseSchema.schema().actions
            return Set(all.filter { act, type in different.contains { $0.covers(act, in: type.ancestors) } }.keys)
        }
    }

    /// The rules of both books that have a say where the books can differ; all of them while a guard is in doubt.
    var concerned: (before: [Policy], after: [Policy]) {
        get throws {
            guard doubted.isEmpty else { return (before.policies.policies, after.policies.policies) }
            let (acts, all) = (try touched, try HouseSchema.schema().actions)
            func isConcerned(_ policy: Policy) -> Bool {
                acts.contains { policy.covers($0, in: all[$0]?.ancestors ?? []) }
            }
            return (before.policies.policies.filter(isConcerned), after.policies.policies.filter(isConcerned))
        }
    }

    /// The roles of which somebody may have two at once to gain what neither of them gives: those that one different
    /// rule names, and those of a different rule with those of rules that forbid.
    var rolePairs: Set<Set<EntityUID>> {
        let forbidding = (before.policies.policies + after.policies.policies).filter { $0.effect == .forbid }
        let kept = Set(forbidding.flatMap(\.roles))
        var pairs: Set<Set<EntityUID>> = []
        for policy in different {
            let roles = policy.roles
            for one in roles { for other in roles.union(kept) where one != other { pairs.insert([one, other]) } }
        }
        return pairs
    }

    /// The guards that may not hold. A rule with the very scope and conditions of one of the program's guards forbids
    /// whatever else is written beside it: nothing has to be asked then.
    var doubted: Set<Impact.Guard> {
        Set(
            Impact.Guard.allCases.filter { guarding in
                guard let known = Self.guards[guarding] else { return true }
                return !after.policies.policies.contains { $0.forbids(as: known) }
            })
    }

    private static let guards: [Impact.Guard: Policy] = {
        let book = try? RuleBook.builtIn()
        return Impact.Guard.allCases.reduce(into: [:]) { $0[$1] = book?[Text($1.rawValue)] }
    }()
}

extension Policy {
    /// Whether the rule's scope reaches an act, by itself or by one of the groups that it is in.
    fileprivate func covers(_ act: EntityUID, in groups: Set<EntityUID>) -> Bool {
        switch action {
        case .any: true
        case .equal(let uid): uid == act
        case .within(let uid): uid == act || groups.contains(uid)
        case .withinAny(let uids): uids.contains { $0 == act || groups.contains($0) }
        }
    }

    /// The roles that the rule names.
    fileprivate var roles: Set<EntityUID> { Set(Mentions(of: [self]).entities(of: CedarType.role)) }

    /// Whether the rule forbids exactly what another one forbids, whatever the two are called.
    fileprivate func forbids(as known: Policy) -> Bool {
        effect == .forbid && known.effect == .forbid && principal == known.principal && action == known.action
            && resource == known.resource && conditions == known.conditions
    }
}
