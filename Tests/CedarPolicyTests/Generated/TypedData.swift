// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes entities and requests that keep to a schema.
struct TypedData {
    let schema: Schema
    var dice: Dice

    /// Most of the entities, and the actions.
    mutating func entities() -> [Entity] {
        TypedVocabulary.uids.compactMap { dice.chance(85) ? entity($0) : nil } + actions
    }

    /// The actions, which are as they are declared.
    var actions: [Entity] {
        schema.actions.map { Entity(uid: $0, parents: $1.parents) }
    }

    mutating func entity(_ uid: EntityUID) -> Entity {
        Entity(uid: uid, attributes: attributes(uid), tags: tags(uid), parents: parents(uid))
    }

    mutating func attributes(_ uid: EntityUID) -> [Text: Value] {
        record(schema.entityTypes[uid.type]?.attributes ?? [:])
    }

    mutating func tags(_ uid: EntityUID) -> [Text: Value] {
        guard let type = schema.entityTypes[uid.type]?.tags else { return [:] }
        var tags: [Text: Value] = [:]
        for name in dice.some(of: TypedVocabulary.tags, 60) { tags[Text(name)] = value(type) }
        return tags
    }

    /// Only of what stands behind it.
    mutating func parents(_ uid: EntityUID) -> Set<EntityUID> {
        let types = schema.entityTypes[uid.type]?.ancestors ?? []
        let behind = TypedVocabulary.uids.drop { $0 != uid }.dropFirst().filter { types.contains($0.type) }
        return Set(dice.some(of: Array(behind), 20))
    }

    mutating func request(_ principal: TypeName, _ action: EntityUID, _ resource: TypeName) -> Request {
        Request(
            principal: uid(principal), action: action, resource: uid(resource),
            context: record(schema.actions[action]?.context ?? [:]))
    }

    mutating func uid(_ type: TypeName) -> EntityUID {
        EntityUID(type: type, id: Text(dice.pick(TypedVocabulary.ids(type.text.string))))
    }

    mutating func record(_ type: RecordType) -> [Text: Value] {
        var record: [Text: Value] = [:]
        for (name, attribute) in type.sorted(by: { $0.key < $1.key }) where attribute.isRequired || dice.chance(50) {
            record[name] = value(attribute.type)
        }
        return record
    }

    mutating func value(_ type: ValueType) -> Value {
        switch type {
        case .bool: .bool(dice.chance(50))
        case .integer: .integer(dice.pick(Vocabulary.integers))
        case .string: .string(Text(dice.pick(Vocabulary.strings)))
        case .entity(let type): .entity(uid(type))
        case .set(let element): .set(Set((0..<dice.number(4)).map { _ in value(element) }))
        case .record(let type): .record(record(type))
        case .decimal: Decimal(Text(dice.pick(Vocabulary.decimals))).map(Value.decimal) ?? .bool(false)
        case .address: IPAddress(Text(dice.pick(Vocabulary.addresses))).map(Value.address) ?? .bool(false)
        case .datetime: Datetime(Text(dice.pick(Vocabulary.datetimes))).map(Value.datetime) ?? .bool(false)
        case .duration: Milliseconds(Text(dice.pick(Vocabulary.durations))).map(Value.duration) ?? .bool(false)
        }
    }
}
