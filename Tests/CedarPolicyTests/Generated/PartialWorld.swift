// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Policies that mostly fit a schema, requests of one kind and data to go with them; and what is left of the requests
/// and data when parts are hidden, and other requests and data with the same parts hidden.
struct PartialWorld {
    let schema: Schema
    let principal: TypeName
    let action: EntityUID
    let resource: TypeName
    var data: TypedData
    private var expression: TypedExpression

    init(_ schema: Schema, seed: UInt64) throws {
        self.schema = schema
        var dice = Dice(seed: seed)
        let kind = dice.pick(TypedVocabulary.kinds)
        principal = try Ward.uid(Text(kind.0), "").type
        action = try Ward.uid("Action", Text(kind.1))
        resource = try Ward.uid(Text(kind.2), "").type
        expression = TypedExpression(schema, principal, action, resource, dice: Dice(seed: dice.next()))
        data = TypedData(schema: schema, dice: dice)
    }

    mutating func policies() throws -> PolicySet {
        try PolicySet(parsing: (0...expression.dice.number(6)).map { _ in policy() }.joined(separator: "\n"))
    }

    mutating func request() -> Request {
        data.request(principal, action, resource)
    }

    private mutating func policy() -> String {
        let head = [
            "principal\(scope(principal))", "action\(actionScope())", "resource\(scope(resource))",
        ].joined(separator: ", ")
        let conditions = (0..<expression.dice.number(4)).map { _ in
            "\(expression.dice.pick(["when", "unless"])) { \(expression.text(.bool, 2 + expression.dice.number(3))) }"
        }
        return "\(expression.dice.pick(["permit", "permit", "forbid"]))(\(head)) \(conditions.joined(separator: " "));"
    }

    private mutating func scope(_ type: TypeName) -> String {
        let type = expression.dice.chance(85) ? type.text.string : expression.dice.pick(TypedVocabulary.types)
        let entity = "\(type)::\"\(expression.dice.pick(TypedVocabulary.ids(type)))\""
        let group = "Ward::\"\(expression.dice.pick(TypedVocabulary.ids("Ward")))\""
        return switch expression.dice.number(12) {
        case 0: " == \(entity)"
        case 1: " in \(group)"
        case 2: " is \(type)"
        case 3: " is \(type) in \(group)"
        default: ""
        }
    }

    private mutating func actionScope() -> String {
        switch expression.dice.number(8) {
        case 0: " == Action::\"\(expression.dice.pick(TypedVocabulary.actions))\""
        case 1: " in Action::\"\(expression.dice.pick(TypedVocabulary.actions))\""
        case 2: " in [Action::\"any\", Action::\"\(expression.dice.pick(TypedVocabulary.actions))\"]"
        default: ""
        }
    }
}

// Hiding parts.
extension PartialWorld {
    mutating func hide(_ request: Request) -> PartialRequest {
        PartialRequest(
            principal: data.dice.chance(50) ? .known(request.principal) : .unknown(principal), action: action,
            resource: data.dice.chance(50) ? .known(request.resource) : .unknown(resource),
            context: data.dice.chance(50) ? request.context : nil)
    }

    mutating func hide(_ all: [Entity], _ entities: Entities) -> [PartialEntity] {
        let visible = data.dice.pick([30, 60, 90, 100])
        return all.compactMap { entity in
            guard data.dice.chance(visible) else { return nil }
            let ancestors = all.map(\.uid) + TypedVocabulary.uids
            let above = Set(ancestors.filter { $0 != entity.uid && entities.is(entity.uid, within: $0) })
            return PartialEntity(
                uid: entity.uid, attributes: data.dice.chance(visible) ? entity.attributes : nil,
                tags: data.dice.chance(visible) ? entity.tags : nil,
                ancestors: data.dice.chance(visible) ? above : nil)
        }
    }
}

// Filling them otherwise.
extension PartialWorld {
    mutating func fill(_ hidden: PartialRequest, like request: Request) -> Request {
        let other = self.request()
        return Request(
            principal: hidden.principal.uid ?? other.principal, action: action,
            resource: hidden.resource.uid ?? other.resource, context: hidden.context ?? other.context)
    }

    /// What something with known ancestors is in stays where it is, so that these remain its ancestors.
    mutating func fill(_ hidden: [PartialEntity], like all: [Entity]) -> [Entity] {
        let fixed = hidden.reduce(into: Set<EntityUID>()) { $0.formUnion($1.ancestors ?? []) }
        let before = Dictionary(uniqueKeysWithValues: all.map { ($0.uid, $0) })
        let known = Dictionary(uniqueKeysWithValues: hidden.map { ($0.uid, $0) })
        return data.actions
            + TypedVocabulary.uids.compactMap { uid in
                if let known = known[uid] {
                    let isFixed = known.ancestors != nil || fixed.contains(uid)
                    return Entity(
                        uid: uid, attributes: known.attributes ?? data.attributes(uid),
                        tags: known.tags ?? data.tags(uid),
                        parents: isFixed ? before[uid]?.parents ?? [] : data.parents(uid))
                }
                guard fixed.contains(uid) else { return data.dice.chance(80) ? data.entity(uid) : nil }
                guard let entity = before[uid] else { return nil }
                return Entity(
                    uid: uid, attributes: data.attributes(uid), tags: data.tags(uid), parents: entity.parents)
            }
    }
}
