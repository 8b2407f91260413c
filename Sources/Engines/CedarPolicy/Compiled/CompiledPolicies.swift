// SPDX-License-Identifier: Apache-2.0

/// Policies over the numbers of one store, found by their heads, with their conditions as a row of nodes.
struct CompiledPolicies: Sendable {
    /// In the order of their ids, so that what is found in this order is sorted.
    let policies: [CompiledPolicy]
    let index: ScopeIndex
    let code: Code

    init(_ set: PolicySet, _ store: inout CompiledEntities) {
        var compiler = ExpressionCompiler(store: store)
        let compiled = set.policies.sorted { $0.id < $1.id }.compactMap { CompiledPolicy($0, &compiler) }
        policies = compiled
        index = ScopeIndex(compiled, &compiler.store)
        code = compiler.code
        store = compiler.store
    }
}

/// A policy with its conditions as places in the code.
struct CompiledPolicy: Sendable {
    let id: Text
    let effect: Effect
    let action: ActionScope
    let principal: CompiledScope
    let resource: CompiledScope
    let conditions: [(node: Code.Place, expected: Bool)]
    let readsContext: Bool

    /// - Returns: nil for a template, which a set of policies does not hold among what decides.
    init?(_ policy: Policy, _ compiler: inout ExpressionCompiler) {
        guard policy.slots.isEmpty else { return nil }
        id = policy.id
        effect = policy.effect
        principal = CompiledScope(policy.principal, &compiler.store)
        action = policy.action
        resource = CompiledScope(policy.resource, &compiler.store)
        compiler.readsContext = false
        var conditions: [(Code.Place, Bool)] = []
        for condition in policy.conditions {
            conditions.append((compiler.compile(condition.body), condition.kind == .when))
        }
        self.conditions = conditions
        readsContext = compiler.readsContext
    }
}

/// What a policy's head asks of the principal or the resource (Cedar language reference, "Scope").
enum CompiledScope: Sendable {
    case any
    case equal(EntityNumber)
    case within(EntityNumber)
    case isType(TypeNumber)
    case isTypeWithin(TypeNumber, EntityNumber)

    init(_ scope: EntityScope, _ store: inout CompiledEntities) {
        switch scope {
        case .equal(.entity(let uid)): self = .equal(store.number(uid))
        case .within(.entity(let uid)): self = .within(store.number(uid))
        case .isType(let type): self = .isType(store.add(type: type))
        case .isTypeWithin(let type, .entity(let uid)):
            self = .isTypeWithin(store.add(type: type), store.number(uid))
        // The others hold slots, which were ruled out.
        default: self = .any
        }
    }

    func holds(for entity: EntityNumber, in situation: Situation) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): entity == other
        case .within(let group): situation.is(entity, within: group)
        case .isType(let type): situation.type(of: entity) == type
        case .isTypeWithin(let type, let group):
            situation.type(of: entity) == type && situation.is(entity, within: group)
        }
    }
}
