// SPDX-License-Identifier: Apache-2.0

/// Policies and entities made ready for many quick decisions, each exactly that of `PolicySet.decide`.
///
/// A value: decisions go on from a copy while another one is changed, and a change copies little. Names of entities and
/// attributes are kept when the last entity or policy with them is gone, so whoever replaces most of the entities makes
/// a new one. Nothing that was decided is remembered.
public struct CompiledAuthorizer: Sendable {
    private var entities: CompiledEntities
    private var policies: CompiledPolicies

    /// Takes policies and entities.
    ///
    /// - Parameter limit: how many pairs of an entity and one above it there may be.
    /// - Throws: `EntitiesError` for an entity that comes twice or is above itself, and past the limit.
    public init(
        _ policies: PolicySet, _ entities: some Sequence<Entity>, limit: Int = 50_000_000
    ) throws(EntitiesError) {
        self.entities = try CompiledEntities(entities, limit: limit)
        self.policies = CompiledPolicies(policies, &self.entities)
    }

    /// Decides by other policies from now on.
    public mutating func replace(_ policies: PolicySet) {
        self.policies = CompiledPolicies(policies, &entities)
    }

    /// Adds an entity, or puts it in the place of what was known about it.
    ///
    /// That touches little else, unless there are entities in it and it moves: then the hierarchy is worked out anew.
    ///
    /// - Throws: `EntitiesError` when it would be above itself, and past the limit; then nothing is different.
    public mutating func put(_ entity: Entity) throws(EntitiesError) {
        try entities.put(entity)
    }

    /// Forgets an entity, if it is known. Others may still name it.
    public mutating func remove(_ uid: EntityUID) {
        entities.remove(uid)
    }

    /// How many entities are known.
    public var count: Int {
        entities.count
    }

    /// Decides a request as `PolicySet.decide` does.
    public func decide(_ request: Request) -> Response {
        decide(request, Situation(request, over: entities))
    }

    /// Decides a request as if these entities were in the place of what is known about them.
    ///
    /// - Throws: `EntitiesError` for an entity that comes twice or would be above itself.
    public func decide(
        _ request: Request, with entities: some Collection<Entity>
    ) throws(EntitiesError) -> Response {
        var situation = Situation(request, over: self.entities)
        try situation.lay(entities)
        return decide(request, situation)
    }

    private func decide(_ request: Request, _ situation: consuming Situation) -> Response {
        let places = policies.index.places(for: situation)
        if !request.context.isEmpty, places.contains(where: { policies.policies[$0].readsContext }) {
            situation.read(request.context)
        }
        let evaluator = CompiledEvaluator(code: policies.code, situation: situation)
        var permits: [Text] = []
        var forbids: [Text] = []
        var errors: [PolicyError] = []
        for place in places {
            do throws(EvaluationError) {
                guard try evaluator.holds(policies.policies[place].conditions) else { continue }
                let policy = policies.policies[place]
                if policy.effect == .permit { permits.append(policy.id) } else { forbids.append(policy.id) }
            } catch {
                errors.append(PolicyError(policy: policies.policies[place].id, error: error))
            }
        }
        let isAllowed = forbids.isEmpty && !permits.isEmpty
        return Response(decision: isAllowed ? .allow : .deny, reasons: isAllowed ? permits : forbids, errors: errors)
    }
}
