// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// A schema that was made up: types of entities and actions, and which entities there are.
struct World {
    struct EntityKind {
        let name: String
        let fields: [Field]
        let tags: Shape?
        /// The numbers of the types that its entities may be in.
        let parents: [Int]
        /// The only ids, of an enumerated type.
        let ids: [String]?
    }

    struct Deed {
        let id: String
        let groups: [Int]
        let principals: [Int]
        let resources: [Int]
        let context: [Field]
    }

    let namespace: String
    let kinds: [EntityKind]
    let actions: [Deed]

    init(_ draw: inout Draw) {
        namespace = draw.pick(Words.namespaces)
        let prefix = namespace.isEmpty ? "" : "\(namespace)::"
        let count = 2 + draw.below(Words.types.count - 1)
        kinds = (0..<count).map { index in
            let name = prefix + Words.types[index]
            // The first type has attributes always, so that there is one which every attribute may name.
            if index > 0, draw.chance(10) {
                return EntityKind(name: name, fields: [], tags: nil, parents: [], ids: draw.ids())
            }
            return EntityKind(
                name: name, fields: draw.fields(types: count, depth: 2, most: 5),
                tags: draw.chance(40) ? draw.shape(types: count, depth: 1) : nil,
                parents: draw.some(Array(0..<count), percent: 40), ids: nil)
        }
        let names = Words.actions.prefix(2 + draw.below(Words.actions.count - 1))
        actions = names.indices.map { index in
            Deed(
                id: names[index], groups: draw.some(Array(0..<index), percent: 30),
                principals: draw.oneOrMore(count), resources: draw.oneOrMore(count),
                context: draw.fields(types: count, depth: 2, most: 4))
        }
    }

    /// How policies write an action.
    func action(_ index: Int) -> EntityUID {
        uid("\(namespace.isEmpty ? "" : "\(namespace)::")Action", actions[index].id)
    }

    func uid(_ type: String, _ id: String) -> EntityUID {
        guard let type = TypeName(Text(type)) else { preconditionFailure("the generator made a name that is none") }
        return EntityUID(type: type, id: Text(id))
    }

    /// An entity of a type, which there is or is not.
    func entity(of kind: Int, _ draw: inout Draw) -> EntityUID {
        uid(kinds[kind].name, draw.pick(kinds[kind].ids ?? Array(Words.strings.prefix(8))))
    }
}

extension Draw {
    fileprivate mutating func ids() -> [String] {
        let ids = some(Array(Words.strings.prefix(8)), percent: 40)
        return ids.isEmpty ? ["a"] : ids
    }

    fileprivate mutating func oneOrMore(_ count: Int) -> [Int] {
        let some = some(Array(0..<count), percent: 40)
        return some.isEmpty ? [below(count)] : some
    }
}
