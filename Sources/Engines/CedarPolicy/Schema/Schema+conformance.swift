// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// Sees to it that a question is one that the schema foresees (Cedar reference, "Request validation"): the action is
    /// declared, is for principals and resources of these types, and comes with this context.
    ///
    /// - Throws: `ConformanceError` with the first thing that is otherwise.
    public func validate(_ request: Request) throws(ConformanceError) {
        guard let action = actions[request.action] else { throw .undeclaredAction(request.action) }
        for uid in [request.principal, request.resource] {
            guard entityTypes[uid.type] != nil else { throw .undeclaredType(uid.type) }
            try check(uid)
        }
        guard action.principals.contains(request.principal.type) else {
            throw .wrongPrincipal(request.principal.type, request.action)
        }
        guard action.resources.contains(request.resource.type) else {
            throw .wrongResource(request.resource.type, request.action)
        }
        try check(request.context, action.context)
    }

    /// Sees to it that an entity that is no action has the attributes, tags and parents that its type may have.
    ///
    /// - Throws: `ConformanceError` with the first thing that is otherwise.
    public func validate(_ entity: Entity) throws(ConformanceError) {
        guard let type = entityTypes[entity.uid.type] else { throw .undeclaredType(entity.uid.type) }
        try check(entity.attributes, type.attributes)
        for (name, value) in entity.tags {
            guard let tagType = type.tags else { throw .undeclaredTag(name) }
            try check(value, tagType)
        }
        try checkPlace(of: entity, type)
    }

    /// That its id is one of its type's, and what it is directly in.
    func checkPlace(of entity: Entity, _ type: EntityType) throws(ConformanceError) {
        try check(entity.uid)
        for parent in entity.parents {
            guard type.ancestors.contains(parent.type) else { throw .misplaced(entity.uid, within: parent) }
            try check(parent)
        }
    }

    /// What the schema says about an action, as an entity.
    func entity(_ uid: EntityUID, _ action: ActionType) -> Entity {
        Entity(uid: uid, parents: action.parents)
    }
}

// Values.
extension Schema {
    func check(_ record: [Text: Value], _ type: RecordType) throws(ConformanceError) {
        for (name, attribute) in type where attribute.isRequired && record[name] == nil {
            throw .missingAttribute(name)
        }
        for (name, value) in record {
            guard let attribute = type[name] else { throw .undeclaredAttribute(name) }
            try check(value, attribute.type)
        }
    }

    /// Recursion ends with the type, which is at most 128 high.
    func check(_ value: Value, _ type: ValueType) throws(ConformanceError) {
        switch (value, type) {
        case (.bool, .bool), (.integer, .integer), (.string, .string), (.decimal, .decimal), (.address, .address),
            (.datetime, .datetime), (.duration, .duration):
            return
        case (.entity(let uid), .entity(let type)) where uid.type == type: try check(uid)
        case (.set(let elements), .set(let type)):
            for element in elements { try check(element, type) }
        case (.record(let record), .record(let type)): try check(record, type)
        default: throw .wrongType(expected: type)
        }
    }

    /// Enumerated types have only the ids that they list, and actions only those declared.
    func check(_ uid: EntityUID) throws(ConformanceError) {
        if let ids = entityTypes[uid.type]?.ids, !ids.contains(uid.id) { throw .undeclaredID(uid) }
        if uid.type.isAction, actions[uid] == nil { throw .undeclaredAction(uid) }
    }
}
