// SPDX-License-Identifier: Apache-2.0

/// Answers who may do something, to what, and what somebody may do, over data of which all is known
/// (Cedar specification, "TPE": queries).
///
/// Policies are evaluated once for all candidates, and for each candidate only what is left of them.
public struct PermissionSearch: Sendable {
    private let authorizer: PartialAuthorizer
    private let entities: Entities
    private let partial: PartialEntities
    /// All entities by type, in their order; of enumerated types those that are listed, known or not.
    private let candidates: [TypeName: [EntityUID]]

    /// Policies and data that fit a schema.
    ///
    /// - Throws: `PartialError.policy` and `PartialError.entity` for the first that does not fit.
    public init(_ policies: PolicySet, schema: Schema, entities: Entities) throws(PartialError) {
        authorizer = try PartialAuthorizer(policies, schema: schema)
        partial = try PartialEntities(entities, schema: schema)
        self.entities = entities
        var candidates = Dictionary(grouping: entities.all.map(\.uid), by: \.type).mapValues { $0.sorted() }
        for (type, declaration) in schema.entityTypes {
            guard let ids = declaration.ids else { continue }
            candidates[type] = ids.map { EntityUID(type: type, id: $0) }.sorted()
        }
        self.candidates = candidates
    }

    /// The resources of a type to which a principal may do something, in the order of their ids.
    ///
    /// - Throws: `PartialError` when the schema does not foresee the question.
    public func resources(
        ofType type: TypeName, principal: EntityUID, action: EntityUID, context: [Text: Value] = [:]
    ) throws(PartialError) -> [EntityUID] {
        let request = PartialRequest(
            principal: .known(principal), action: action, resource: .unknown(type), context: context)
        return try allowed(request, type) { resource in
            Request(principal: principal, action: action, resource: resource, context: context)
        }
    }

    /// The principals of a type who may do something to a resource, in the order of their ids.
    ///
    /// - Throws: `PartialError` when the schema does not foresee the question.
    public func principals(
        ofType type: TypeName, action: EntityUID, resource: EntityUID, context: [Text: Value] = [:]
    ) throws(PartialError) -> [EntityUID] {
        let request = PartialRequest(
            principal: .unknown(type), action: action, resource: .known(resource), context: context)
        return try allowed(request, type) { principal in
            Request(principal: principal, action: action, resource: resource, context: context)
        }
    }

    private func allowed(
        _ request: PartialRequest, _ type: TypeName, _ complete: (EntityUID) -> Request
    ) throws(PartialError) -> [EntityUID] {
        let response = try authorizer.decide(request, partial)
        let candidates = candidates[type] ?? []
        if let decision = response.decision { return decision == .allow ? candidates : [] }
        return candidates.filter { response.allows(Evaluator(request: complete($0), entities: entities)) }
    }

    /// What a principal may do to a resource.
    public struct Actions: Sendable, Equatable {
        /// Allowed, in the order of the ids.
        public fileprivate(set) var allowed: [EntityUID] = []
        /// Allowed in some circumstances perhaps, in the order of the ids; none when the circumstances are known.
        public fileprivate(set) var open: [EntityUID] = []
    }

    /// What a principal may do to a resource, of the actions that are for such principals and resources.
    ///
    /// - Parameter context: the circumstances, for actions that come with such; nil when they are unknown.
    /// - Throws: `PartialError` when the schema does not declare such a principal or resource.
    public func actions(
        principal: EntityUID, resource: EntityUID, context: [Text: Value]? = nil
    ) throws(PartialError) -> Actions {
        let schema = authorizer.schema
        for uid in [principal, resource] { try check(uid) }
        var found = Actions()
        for (uid, action) in schema.actions.sorted(by: { $0.key < $1.key })
        where action.principals.contains(principal.type) && action.resources.contains(resource.type) {
            let context = context ?? (action.context.isEmpty ? [:] : nil)
            let request = PartialRequest(
                principal: .known(principal), action: uid, resource: .known(resource), context: context)
            guard context == nil || isForeseen(request) else { continue }
            switch try authorizer.decide(request, partial).decision {
            case .allow?: found.allowed.append(uid)
            case .deny?: break
            case nil: found.open.append(uid)
            }
        }
        return found
    }

    private func isForeseen(_ request: PartialRequest) -> Bool {
        do throws(ConformanceError) {
            try authorizer.schema.validate(request)
            return true
        } catch {
            return false
        }
    }

    private func check(_ uid: EntityUID) throws(PartialError) {
        do throws(ConformanceError) {
            guard authorizer.schema.entityTypes[uid.type] != nil else { throw .undeclaredType(uid.type) }
            try authorizer.schema.check(uid)
        } catch {
            throw .request(error)
        }
    }
}
