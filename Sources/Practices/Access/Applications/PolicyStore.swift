// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// The rules of one application, checked and made ready for many decisions.
///
/// INVARIANT: the policies are strictly valid against the schema, and the entities conform to it.
struct PolicyStore: Sendable {
    let schema: Schema
    /// The policies, named by their `@id` where they have one.
    let policies: PolicySet
    let byID: [Text: Policy]
    /// What is known, actions left out.
    let entities: [EntityUID: Entity]
    /// The ids that are known of each type, by bytes.
    let ids: [TypeName: [Text]]
    let types: [Text: TypeName]
    /// The actions that can be asked for, by the name that programs use.
    let actions: [Text: EntityUID]
    let compiled: CompiledAuthorizer
    /// The actions as entities, with their groups.
    let groups: [Entity]

    /// Reads and checks the texts.
    ///
    /// - Throws: `PolicyTextError` with the first thing that is wrong and where.
    init(_ texts: PolicyTexts) throws(PolicyTextError) {
        for part in PolicyTexts.Part.allCases where texts[part].count > part.limit {
            throw PolicyTextError(part, "longer than \(part.limit) bytes")
        }
        schema = try Self.schema(texts.schema)
        policies = try Self.policies(texts.policies, schema)
        byID = Dictionary(policies.policies.map { ($0.id, $0) }) { first, _ in first }
        let known = try Self.entities(texts.entities, schema)
        entities = known
        ids = Self.ids(known.values, schema)
        types = Dictionary(schema.entityTypes.keys.map { ($0.text, $0) }) { first, _ in first }
        actions = try Self.actions(schema)
        do throws(EntitiesError) {
            groups = schema.actions.map { Entity(uid: $0.key, parents: $0.value.parents) }
            compiled = try CompiledAuthorizer(policies, Array(known.values) + groups)
        } catch {
            throw PolicyTextError(.entities, error)
        }
    }

    private static func schema(_ bytes: [UInt8]) throws(PolicyTextError) -> Schema {
        do throws(SchemaError) {
            return try Schema(parsing: bytes)
        } catch {
            throw PolicyTextError(.schema, error.reason, at: error.position)
        }
    }

    private static func entities(
        _ bytes: [UInt8], _ schema: Schema
    ) throws(PolicyTextError) -> [EntityUID: Entity] {
        do throws(DataError) {
            let read = try Entities(json: bytes, schema: schema)
            let things = read.all.filter { !$0.uid.type.isAction }
            return Dictionary(things.map { ($0.uid, $0) }) { first, _ in first }
        } catch {
            throw PolicyTextError(.entities, error.reason, at: error.position)
        }
    }

    /// An enumerated type has all the ids that the schema lists, whether or not somebody wrote them down.
    private static func ids(_ entities: some Collection<Entity>, _ schema: Schema) -> [TypeName: [Text]] {
        var ids: [TypeName: Set<Text>] = [:]
        for entity in entities { ids[entity.uid.type, default: []].insert(entity.uid.id) }
        for (name, type) in schema.entityTypes { ids[name, default: []].formUnion(type.ids ?? []) }
        return ids.mapValues { $0.sorted() }
    }

    /// Programs name actions without their namespace, so no two may have one name.
    private static func actions(_ schema: Schema) throws(PolicyTextError) -> [Text: EntityUID] {
        var actions: [Text: EntityUID] = [:]
        for (uid, type) in schema.actions where !type.principals.isEmpty && !type.resources.isEmpty {
            guard actions.updateValue(uid, forKey: uid.id) == nil else {
                let reason = "two namespaces have an action `\(uid.id)`, and programs could not say which one they mean"
                throw PolicyTextError(.schema, reason)
            }
        }
        return actions
    }
}
