// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Entities and values as JSON, most of them as the schema wants them.
struct Facts {
    let world: World
    /// In how many of a hundred places something else stands than the schema wants.
    let sloppiness: Int

    /// An array of entities: of each type some, and the actions.
    func entities(_ draw: inout Draw) -> String {
        var known: [EntityUID] = []
        var entities: [String] = []
        for kind in world.kinds.indices {
            for id in world.kinds[kind].ids ?? draw.some(Array(Words.strings.prefix(8)), percent: 50) {
                let uid = world.uid(world.kinds[kind].name, id)
                entities.append(entity(uid, kind, below: known, &draw))
                known.append(uid)
            }
        }
        if draw.chance(sloppiness), let first = known.first, let last = entities.last {
            entities.append(draw.chance(50) ? last : Self.entity(first, "{}", nil, parents: known.suffix(1)))
        }
        for (index, action) in world.actions.enumerated() {
            entities.append(Self.entity(world.action(index), "{}", nil, parents: action.groups.map(world.action)[...]))
        }
        return "[\(entities.joined(separator: ","))]"
    }

    /// Parents come from the entities before it, or there could be cycles.
    private func entity(_ uid: EntityUID, _ kind: Int, below known: [EntityUID], _ draw: inout Draw) -> String {
        let allowed = world.kinds[kind].parents.map { world.kinds[$0].name }
        let parents = known.filter { parent in
            draw.chance(allowed.contains { Text($0) == parent.type.text } ? 40 : sloppiness / 4)
        }
        let shape = world.kinds[kind].tags ?? (draw.chance(sloppiness) ? .string : nil)
        let tags = shape.map { shape in
            let fields = draw.some(Words.tags, percent: 50).map {
                Field(name: Text($0), shape: shape, isRequired: true)
            }
            return record(fields, &draw)
        }
        return Self.entity(uid, record(world.kinds[kind].fields, &draw), tags, parents: parents[...])
    }

    private static func entity(
        _ uid: EntityUID, _ attributes: String, _ tags: String?, parents: ArraySlice<EntityUID>
    ) -> String {
        let tags = tags.map { ",\"tags\":\($0)" } ?? ""
        let parents = parents.map(json).joined(separator: ",")
        return "{\"uid\":\(json(uid)),\"attrs\":\(attributes),\"parents\":[\(parents)]\(tags)}"
    }

    /// A record with these attributes, of the optional ones half.
    func record(_ fields: [Field], _ draw: inout Draw) -> String {
        var members: [String] = []
        for field in fields where field.isRequired ? !draw.chance(sloppiness) : draw.chance(50) {
            members.append("\(quoteJSON(field.name.string)):\(value(field.shape, &draw))")
        }
        return "{\(members.joined(separator: ","))}"
    }

    private func value(_ shape: Shape, _ draw: inout Draw) -> String {
        let shape = draw.chance(sloppiness) ? draw.shape(types: world.kinds.count, depth: 1) : shape
        switch shape {
        case .bool: return draw.pick(["true", "false"])
        case .integer: return "\(draw.pick(Words.integers))"
        case .string: return quoteJSON(draw.pick(Words.strings))
        case .decimal: return call("decimal", Words.decimals, Words.badDecimals, &draw)
        case .address: return call("ip", Words.addresses, Words.badAddresses, &draw)
        case .datetime: return call("datetime", Words.datetimes, Words.badDatetimes, &draw)
        case .duration: return call("duration", Words.durations, Words.badDurations, &draw)
        case .entity(let kind): return "{\"__entity\":\(Self.json(world.entity(of: kind, &draw)))}"
        case .set(let element):
            return "[\((0..<draw.below(4)).map { _ in value(element, &draw) }.joined(separator: ","))]"
        case .record(let fields): return record(fields, &draw)
        }
    }

    /// Bad texts are rare: one of them makes the whole case an error.
    private func call(_ name: String, _ good: [String], _ bad: [String], _ draw: inout Draw) -> String {
        let isBad = sloppiness > 0 && draw.below(300) == 0
        return "{\"__extn\":{\"fn\":\"\(name)\",\"arg\":\(quoteJSON(draw.pick(isBad ? bad : good)))}}"
    }

    static func json(_ uid: EntityUID) -> String {
        "{\"type\":\(quoteJSON(uid.type.text.string)),\"id\":\(quoteJSON(uid.id.string))}"
    }
}

/// A string as JSON writes it.
func quoteJSON(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\0"..."\u{1F}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
