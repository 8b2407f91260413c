// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes entities and requests.
struct GeneratedData {
    var dice: Dice

    /// Most of the entities, without cycles.
    mutating func entities() -> [Entity] {
        let uids = (Vocabulary.uids + Vocabulary.strangers).shuffled(using: &dice)
        return uids.enumerated().compactMap { index, uid in
            dice.chance(85) ? entity(uid, above: Array(uids[(index + 1)...])) : nil
        }
    }

    /// An entity that may be in some of `above`.
    mutating func entity(_ uid: EntityUID, above: [EntityUID]) -> Entity {
        let parents = dice.chance(70) ? (0..<dice.number(4)).compactMap { _ in above.randomElement(using: &dice) } : []
        return Entity(
            uid: uid, attributes: record(Vocabulary.attributes, 60, depth: 2),
            tags: record(Vocabulary.tags, 40, depth: 1), parents: Set(parents))
    }

    mutating func uid() -> EntityUID {
        dice.pick(dice.chance(5) ? Vocabulary.strangers : Vocabulary.uids)
    }

    mutating func request() -> Request {
        let actions = Vocabulary.uids.filter { $0.type.isAction }
        return Request(
            principal: uid(), action: dice.chance(95) ? dice.pick(actions) : uid(), resource: uid(),
            context: record(Vocabulary.attributes, 60, depth: 2))
    }

    private mutating func record(_ names: [String], _ percent: Int, depth: Int) -> [Text: Value] {
        var record: [Text: Value] = [:]
        for name in dice.some(of: names, percent) { record[Text(name)] = attribute(name, depth: depth) }
        return record
    }

    /// Mostly of the type that expressions expect under that name.
    private mutating func attribute(_ name: String, depth: Int) -> Value {
        let name = dice.chance(90) ? name : dice.pick(Vocabulary.attributes)
        switch name {
        case "age": return .integer(dice.pick(Vocabulary.integers))
        case "name", "t": return .string(Text(dice.pick(Vocabulary.strings)))
        case "chief": return .entity(uid())
        case "team": return .set(Set((0..<dice.number(4)).map { _ in element(depth) }))
        case "home": return .record(depth > 0 ? record(Vocabulary.attributes, 30, depth: depth - 1) : [:])
        case "since": return Datetime(Text(dice.pick(Vocabulary.datetimes))).map(Value.datetime) ?? .bool(false)
        case "rest": return Milliseconds(Text(dice.pick(Vocabulary.durations))).map(Value.duration) ?? .bool(false)
        case "cost": return Decimal(Text(dice.pick(Vocabulary.decimals))).map(Value.decimal) ?? .bool(false)
        case "net": return IPAddress(Text(dice.pick(Vocabulary.addresses))).map(Value.address) ?? .bool(false)
        default: return .bool(dice.chance(50))
        }
    }

    private mutating func element(_ depth: Int) -> Value {
        dice.chance(80) ? .entity(uid()) : attribute(depth > 0 ? dice.pick(Vocabulary.attributes) : "age", depth: 0)
    }
}
