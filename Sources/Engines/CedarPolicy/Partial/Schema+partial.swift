// SPDX-License-Identifier: Apache-2.0

// What is partly known must fit the schema as far as it is known (Cedar specification, "TPE": validity of inputs).
extension Schema {
    /// Sees to it that the schema foresees questions of this kind, and that what is known of this one is right.
    ///
    /// - Throws: `ConformanceError` with the first thing that is otherwise.
    public func validate(_ request: PartialRequest) throws(ConformanceError) {
        guard let action = actions[request.action] else { throw .undeclaredAction(request.action) }
        for party in [request.principal, request.resource] {
            guard entityTypes[party.type] != nil else { throw .undeclaredType(party.type) }
            if let uid = party.uid { try check(uid) }
        }
        guard action.principals.contains(request.principal.type) else {
            throw .wrongPrincipal(request.principal.type, request.action)
        }
        guard action.resources.contains(request.resource.type) else {
            throw .wrongResource(request.resource.type, request.action)
        }
        if let context = request.context { try check(context, action.context) }
    }

    /// Sees to it that what is known of an entity is as its type, or as the action, is declared.
    ///
    /// - Throws: `ConformanceError` with the first thing that is otherwise.
    public func validate(_ entity: PartialEntity) throws(ConformanceError) {
        if entity.uid.type.isAction { return try validate(action: entity) }
        guard let type = entityTypes[entity.uid.type] else { throw .undeclaredType(entity.uid.type) }
        if let attributes = entity.attributes { try check(attributes, type.attributes) }
        for (name, value) in entity.tags ?? [:] {
            guard let tagType = type.tags else { throw .undeclaredTag(name) }
            try check(value, tagType)
        }
        try checkPlace(of: Entity(uid: entity.uid, parents: entity.ancestors ?? []), type)
    }

    private func validate(action entity: PartialEntity) throws(ConformanceError) {
        guard let action = actions[entity.uid] else { throw .undeclaredAction(entity.uid) }
        guard (entity.attributes ?? [:]).isEmpty, (entity.tags ?? [:]).isEmpty,
            (entity.ancestors ?? action.ancestors) == action.ancestors
        else { throw .differentAction(entity.uid) }
    }

    /// Sees to it that entities fit the schema, all its actions among them, as reading them by the schema does.
    func validate(_ entities: Entities) throws(PartialError) {
        for entity in entities.all {
            do throws(ConformanceError) {
                if !entity.uid.type.isAction {
                    try validate(entity)
                } else if actions[entity.uid] == nil {
                    throw .undeclaredAction(entity.uid)
                }
            } catch {
                throw .entity(entity.uid, error)
            }
        }
        for (uid, action) in actions {
            guard let entity = entities[uid], entity.attributes.isEmpty, entity.tags.isEmpty,
                entities.ancestors(of: uid) == action.ancestors
            else { throw .entity(uid, .differentAction(uid)) }
        }
    }
}
