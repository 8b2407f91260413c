// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// Whether a policy applies to the request: its head first, then its conditions, up to the first that does not
    /// hold (Cedar language reference, "Policy").
    ///
    /// - Throws: `EvaluationError` when a condition that is reached has no value, or is neither true nor false.
    public func isSatisfied(_ policy: Policy) throws(EvaluationError) -> Bool {
        guard try holds(policy.principal, for: request.principal, policy), holds(policy.action),
            try holds(policy.resource, for: request.resource, policy)
        else { return false }
        for condition in policy.conditions where try bool(condition.body) != (condition.kind == .when) {
            return false
        }
        return true
    }

    func holds(
        _ scope: EntityScope, for entity: EntityUID, _ policy: Policy
    ) throws(EvaluationError) -> Bool {
        switch scope {
        case .any: true
        case .equal(let reference): try resolve(reference, policy) == entity
        case .within(let reference): entities.is(entity, within: try resolve(reference, policy))
        case .isType(let type): entity.type == type
        case .isTypeWithin(let type, let reference):
            entity.type == type ? entities.is(entity, within: try resolve(reference, policy)) : false
        }
    }

    private func resolve(_ reference: EntityReference, _ policy: Policy) throws(EvaluationError) -> EntityUID {
        switch reference {
        case .entity(let uid): return uid
        case .slot(let slot): throw EvaluationError(reason: .openSlot(slot), position: policy.position)
        }
    }

    func holds(_ scope: ActionScope) -> Bool {
        switch scope {
        case .any: true
        case .equal(let action): request.action == action
        case .within(let action): entities.is(request.action, within: action)
        case .withinAny(let actions): actions.contains { entities.is(request.action, within: $0) }
        }
    }
}
