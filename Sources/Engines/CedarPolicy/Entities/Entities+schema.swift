// SPDX-License-Identifier: Apache-2.0

import Codecs

extension Entities {
    /// Reads an array of entities of the types that a schema declares, and adds the schema's actions (Cedar reference,
    /// "Entities and context syntax", "Schema-based parsing").
    ///
    /// What the data say about an action must be what the schema says.
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(json bytes: [UInt8], schema: Schema, limits: JSONLimits = .standard) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        let reader = SchemaReader(reader: DataReader(escapes: .read, source: bytes), schema: schema)
        let entities = try reader.entities(root)
        do throws(EntitiesError) {
            try self.init(entities)
        } catch {
            throw reader.reader.failure(.inconsistent(error), at: root)
        }
    }
}

extension SchemaReader {
    fileprivate func entities(_ root: JSONNode) throws(DataError) -> [Entity] {
        guard root.kind == .array else { throw reader.failure(.expected("an array"), at: root) }
        var entities: [Entity] = []
        var actions: [EntityUID: (Entity, JSONNode)] = [:]
        for node in root.elements {
            let entity = try entity(described: node)
            if !entity.uid.type.isAction {
                entities.append(entity)
            } else if let known = actions.updateValue((entity, node), forKey: entity.uid), known.0 != entity {
                throw reader.failure(.inconsistent(.duplicate(entity.uid)), at: node)
            }
        }
        for (entity, node) in actions.values {
            try conforming(at: node) { () throws(ConformanceError) in
                try agree(entity, actions.keys)
            }
        }
        return entities + schema.actions.map(schema.entity)
    }

    private func entity(described node: JSONNode) throws(DataError) -> Entity {
        let parts = try reader.parts(node)
        guard !parts.uid.type.isAction else {
            return Entity(
                uid: parts.uid, attributes: try reader.record(parts.attributes),
                tags: try parts.tags.map { tags throws(DataError) in try reader.record(tags) } ?? [:],
                parents: parts.parents)
        }
        guard let type = schema.entityTypes[parts.uid.type] else {
            throw reader.failure(.nonconforming(.undeclaredType(parts.uid.type)), at: node)
        }
        var tags: [Text: Value] = [:]
        if let written = parts.tags { tags = try self.tags(written, as: type.tags) }
        let entity = Entity(
            uid: parts.uid, attributes: try record(parts.attributes, as: type.attributes), tags: tags,
            parents: parts.parents)
        try conforming(at: node) { () throws(ConformanceError) in try schema.checkPlace(of: entity, type) }
        return entity
    }

    private func tags(_ node: JSONNode, as type: ValueType?) throws(DataError) -> [Text: Value] {
        guard node.kind == .object else { throw reader.failure(.expected("an object"), at: node) }
        var tags: [Text: Value] = [:]
        for (name, content) in node.members {
            guard let type else { throw reader.failure(.nonconforming(.undeclaredTag(Text(name))), at: content) }
            tags[Text(name)] = try value(content, as: type)
        }
        return tags
    }

    /// An action agrees when it is in the same actions, directly or through others that the data have.
    private func agree(_ entity: Entity, _ known: some Collection<EntityUID>) throws(ConformanceError) {
        guard let action = schema.actions[entity.uid] else { throw .undeclaredAction(entity.uid) }
        var above = entity.parents
        for parent in entity.parents where known.contains(parent) {
            above.formUnion(schema.actions[parent]?.ancestors ?? [])
        }
        guard entity.attributes.isEmpty, entity.tags.isEmpty, above == action.ancestors else {
            throw .differentAction(entity.uid)
        }
    }

    fileprivate func conforming(
        at node: JSONNode, _ body: () throws(ConformanceError) -> Void
    ) throws(DataError) {
        do throws(ConformanceError) {
            try body()
        } catch {
            throw reader.failure(.nonconforming(error), at: node)
        }
    }
}

extension Request {
    /// A question that a schema foresees, whose context is a JSON object.
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(
        principal: EntityUID, action: EntityUID, resource: EntityUID, contextJSON bytes: [UInt8], schema: Schema,
        escapes: Escapes, limits: JSONLimits = .standard
    ) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        let reader = SchemaReader(reader: DataReader(escapes: escapes, source: bytes), schema: schema)
        self = try reader.request(principal, action, resource, context: root, at: root)
    }

    /// A question that a schema foresees as JSON: `principal`, `action` and `resource` as objects of `type` and `id`,
    /// and perhaps `context`.
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(
        json bytes: [UInt8], schema: Schema, escapes: Escapes, limits: JSONLimits = .standard
    ) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        let reader = SchemaReader(reader: DataReader(escapes: escapes, source: bytes), schema: schema)
        let parts = try reader.reader.question(root)
        self = try reader.request(parts.principal, parts.action, parts.resource, context: parts.context, at: root)
    }
}

extension SchemaReader {
    fileprivate func request(
        _ principal: EntityUID, _ action: EntityUID, _ resource: EntityUID, context: JSONNode?, at node: JSONNode
    ) throws(DataError) -> Request {
        guard let type = schema.actions[action] else {
            throw reader.failure(.nonconforming(.undeclaredAction(action)), at: node)
        }
        var record: [Text: Value] = [:]
        if let context { record = try self.record(context, as: type.context) }
        let request = Request(principal: principal, action: action, resource: resource, context: record)
        try conforming(at: node) { () throws(ConformanceError) in try schema.validate(request) }
        return request
    }
}
