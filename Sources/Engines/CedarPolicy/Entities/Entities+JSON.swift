// SPDX-License-Identifier: Apache-2.0

import Codecs

extension Entities {
    /// Reads an array of entities (Cedar reference, "Entities and context syntax").
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(json bytes: [UInt8], limits: JSONLimits = .standard) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        let reader = DataReader(escapes: .read, source: bytes)
        guard root.kind == .array else { throw reader.failure(.expected("an array"), at: root) }
        var entities: [Entity] = []
        for node in root.elements { entities.append(try reader.entity(node)) }
        do throws(EntitiesError) {
            try self.init(entities)
        } catch {
            throw reader.failure(.inconsistent(error), at: root)
        }
    }
}

extension DataReader {
    /// What an entity is made of, its attributes and tags not read yet.
    struct EntityParts {
        let uid: EntityUID
        let parents: Set<EntityUID>
        let attributes: JSONNode
        let tags: JSONNode?
    }

    func parts(_ node: JSONNode) throws(DataError) -> EntityParts {
        for (name, content) in node.members where !["uid", "attrs", "parents", "tags"].contains(name) {
            throw failure(.unknownMember(name), at: content)
        }
        guard let uid = node["uid"], let attributes = node["attrs"], let parents = node["parents"],
            parents.kind == .array
        else { throw failure(.expected("an entity with `uid`, `attrs` and `parents`"), at: node) }
        var above: Set<EntityUID> = []
        for parent in parents.elements { above.insert(try reference(parent)) }
        return EntityParts(uid: try reference(uid), parents: above, attributes: attributes, tags: node["tags"])
    }

    fileprivate func entity(_ node: JSONNode) throws(DataError) -> Entity {
        let parts = try parts(node)
        return Entity(
            uid: parts.uid, attributes: try record(parts.attributes),
            tags: try parts.tags.map { tags throws(DataError) in try record(tags) } ?? [:], parents: parts.parents)
    }

    /// Where only an entity may stand, the escape may be left out.
    func reference(_ node: JSONNode) throws(DataError) -> EntityUID {
        try uid(node["__entity"] ?? node)
    }
}

extension Request {
    /// A question whose context is a JSON object.
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(
        principal: EntityUID, action: EntityUID, resource: EntityUID, contextJSON bytes: [UInt8], escapes: Escapes,
        limits: JSONLimits = .standard
    ) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        self.init(
            principal: principal, action: action, resource: resource,
            context: try DataReader(escapes: escapes, source: bytes).record(root))
    }

    /// A question as JSON: `principal`, `action` and `resource` as objects of `type` and `id`, and perhaps `context`.
    ///
    /// - Throws: `DataError` with the first thing that is wrong and where.
    public init(json bytes: [UInt8], escapes: Escapes, limits: JSONLimits = .standard) throws(DataError) {
        let root = try DataReader.document(bytes, limits: limits).root
        let reader = DataReader(escapes: escapes, source: bytes)
        let parts = try reader.question(root)
        self.init(
            principal: parts.principal, action: parts.action, resource: parts.resource,
            context: try parts.context.map { context throws(DataError) in try reader.record(context) } ?? [:])
    }
}

extension DataReader {
    /// What a question is made of, its context not read yet.
    struct QuestionParts {
        let principal: EntityUID
        let action: EntityUID
        let resource: EntityUID
        let context: JSONNode?
    }

    func question(_ node: JSONNode) throws(DataError) -> QuestionParts {
        for (name, content) in node.members where !["principal", "action", "resource", "context"].contains(name) {
            throw failure(.unknownMember(name), at: content)
        }
        guard let principal = node["principal"], let action = node["action"], let resource = node["resource"] else {
            throw failure(.expected("`principal`, `action` and `resource`"), at: node)
        }
        return QuestionParts(
            principal: try reference(principal), action: try reference(action), resource: try reference(resource),
            context: node["context"])
    }
}
