// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

extension RulePair {
    /// The ids of rules about which a second person decides whatever the comparison finds.
    ///
    /// No list of situations is complete: a rule may wait for a day, a person or a department that is not there yet.
    /// So what is compared is the text as well. A rule that forbids counts whether it is new, different or gone: gone it
    /// opens, new it may close every chart on some day. One that permits counts when it is about charts or about giving
    /// access, unless it only asks for more than before.
    var delicateRules: Set<String> {
        let ids = Set((before.policies.policies + after.policies.policies).map(\.id))
        return Set(ids.filter { isDelicate(from: before[$0], to: after[$0]) }.map(\.string))
    }

    private func isDelicate(from old: Policy?, to new: Policy?) -> Bool {
        if old == new { return false }
        if old?.effect == .forbid || new?.effect == .forbid { return true }
        guard let new, new.isAboutChartsOrAccess else { return false }
        return old.map { !new.onlyNarrows($0) } ?? true
    }
}

extension Policy {
    fileprivate var isAboutChartsOrAccess: Bool {
        switch action {
        case .any: true
        case .equal(let uid), .within(let uid): Self.isDelicate(uid)
        case .withinAny(let uids): uids.contains(where: Self.isDelicate)
        }
    }

    /// Acts that show patients or give access, and all groups.
    private static func isDelicate(_ action: EntityUID) -> Bool {
        let id = action.id.string
        return Impact.opening.contains(id) || Impact.protected.contains(id) || showing.contains(id)
            || !id.contains(".")
    }

    private static let showing: Set<String> = [
        Impact.readChart, "vault.search-patients", "vault.import-records", AccessActions.breakGlass.id,
    ]

    /// Whether the rule is an earlier one with further conditions behind its own, and nothing else.
    fileprivate func onlyNarrows(_ old: Policy) -> Bool {
        effect == old.effect && annotations == old.annotations && principal == old.principal && action == old.action
            && resource == old.resource && conditions.starts(with: old.conditions)
    }
}
