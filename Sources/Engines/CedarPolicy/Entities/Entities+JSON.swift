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
    fileprivate func entity(_ node: JSONNode) throws(DataError) -> Entity {
        for (name, content) in node.members where !["uid", "attrs", "parents", "tags"].contains(name) {
            throw failure(.unknownMember(name), at: content)
        }
        guard let uid = node["uid"], let attributes = node["attrs"], let parents = node["parents"],
            parents.kind == .array
        else { throw failure(.expected("an entity with `uid`, `attrs` and `parents`"), at: node) }
        var above: Set<EntityUID> = []
        for parent in parents.elements { above.insert(try reference(parent)) }
        return Entity(
            uid: try reference(uid), attributes: try record(attributes),
            tags: try node["tags"].map { tags throws(DataError) in try record(tags) } ?? [:], parents: above)
    }

    /// Where only an entity may stand, the escape may be left out.
    fileprivate func reference(_ node: JSONNode) throws(DataError) -> EntityUID {
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
        for (name, content) in root.members where !["principal", "action", "resource", "context"].contains(name) {
            throw reader.failure(.unknownMember(name), at: content)
        }
        guard let principal = root["principal"], let action = root["action"], let resource = root["resource"] else {
            throw reader.failure(.expected("`principal`, `action` and `resource`"), at: root)
        }
        self.init(
            principal: try reader.reference(principal), action: try reader.reference(action),
            resource: try reader.reference(resource),
            context: try root["context"].map { context throws(DataError) in try reader.record(context) } ?? [:])
    }
}
