// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// Whether some action fits the head of a policy (Cedar reference, "Policy validation": applicable actions).
    func hasApplicableAction(_ policy: Policy) -> Bool {
        actions(in: policy.action).contains { action in
            action.principals.contains { fits($0, policy.principal) }
                && action.resources.contains { fits($0, policy.resource) }
        }
    }

    /// The actions that a head allows; none when it names one that is not declared.
    private func actions(in scope: ActionScope) -> [ActionType] {
        switch scope {
        case .any: Array(actions.values)
        case .equal(let uid): actions[uid].map { [$0] } ?? []
        case .within(let group): actions(within: [group])
        case .withinAny(let groups): actions(within: groups)
        }
    }

    private func actions(within groups: [EntityUID]) -> [ActionType] {
        let groups = Set(groups)
        guard groups.allSatisfy({ actions[$0] != nil }) else { return [] }
        return actions.compactMap { uid, action in
            groups.contains(uid) || !action.ancestors.isDisjoint(with: groups) ? action : nil
        }
    }

    /// Whether an entity of that type can fit the head; a slot stands for any entity.
    private func fits(_ type: TypeName, _ scope: EntityScope) -> Bool {
        switch scope {
        case .any, .equal(.slot), .within(.slot): entityTypes[type] != nil
        case .equal(.entity(let uid)): type == uid.type
        case .within(.entity(let uid)): can(type, beIn: uid.type)
        case .isType(let wanted), .isTypeWithin(let wanted, .slot): type == wanted
        case .isTypeWithin(let wanted, .entity(let uid)): type == wanted && can(type, beIn: uid.type)
        }
    }

    private func can(_ type: TypeName, beIn group: TypeName) -> Bool {
        type == group || entityTypes[type]?.ancestors.contains(group) ?? false
    }
}
