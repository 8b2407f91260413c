// SPDX-License-Identifier: Apache-2.0

import Codecs

extension PolicyReader {
    /// A policy or template (Cedar reference, "Representing a policy with JSON").
    mutating func policy(_ node: JSONNode, id: Text) throws(SyntaxError) -> Policy {
        try check(node, ["effect", "principal", "action", "resource", "conditions"], optional: ["annotations"])
        let conditions = try elements(member("conditions", of: node))
        return Policy(
            id: id, annotations: try node["annotations"].map(annotations) ?? [],
            effect: try effect(member("effect", of: node)),
            principal: try entityScope(member("principal", of: node), slot: .principal),
            action: try actionScope(member("action", of: node)),
            resource: try entityScope(member("resource", of: node), slot: .resource),
            conditions: try conditions.map { node throws(SyntaxError) in try condition(node) },
            position: position(node))
    }

    private func effect(_ node: JSONNode) throws(SyntaxError) -> Effect {
        guard let effect = Effect(rawValue: try text(node).string) else {
            throw expected("`permit` or `forbid`", at: node)
        }
        return effect
    }

    /// `null` is the empty value, as in text an annotation without brackets is.
    private func annotations(_ node: JSONNode) throws(SyntaxError) -> [Annotation] {
        guard node.kind == .object else { throw expected("an object", at: node) }
        var annotations: [Annotation] = []
        for (name, content) in node.members {
            guard Identifier.isWord(Array(name.utf8)[...]) else { throw failure(.invalidName(name), at: content) }
            annotations.append(Annotation(name: Text(name), value: content.isNull ? "" : try text(content)))
        }
        return annotations
    }

    private mutating func condition(_ node: JSONNode) throws(SyntaxError) -> Condition {
        try check(node, ["kind", "body"])
        let kind = try member("kind", of: node)
        guard let word = Condition.Kind(rawValue: try text(kind).string) else {
            throw expected("`when` or `unless`", at: kind)
        }
        return Condition(kind: word, body: try expression(member("body", of: node)))
    }
}

// The head of a policy.
extension PolicyReader {
    private func entityScope(_ node: JSONNode, slot: Slot) throws(SyntaxError) -> EntityScope {
        let operation = try member("op", of: node)
        switch try text(operation).string {
        case "All":
            try check(node, ["op"])
            return .any
        case "==": return .equal(try reference(node, beside: ["op"], slot: slot))
        case "in": return .within(try reference(node, beside: ["op"], slot: slot))
        case "is":
            try check(node, ["op", "entity_type"], optional: ["in"])
            let type = try typeName(member("entity_type", of: node))
            guard let within = node["in"] else { return .isType(type) }
            return .isTypeWithin(type, try reference(within, beside: [], slot: slot))
        default: throw expected("`All`, `==`, `in` or `is`", at: operation)
        }
    }

    /// The member `entity` or `slot` of an object that has just these further members.
    private func reference(
        _ node: JSONNode, beside members: [String], slot: Slot
    ) throws(SyntaxError) -> EntityReference {
        guard let open = node["slot"] else {
            try check(node, members + ["entity"])
            return .entity(try entity(member("entity", of: node)))
        }
        try check(node, members + ["slot"])
        guard open.means("?" + slot.rawValue) else { throw failure(.misplacedSlot(try text(open).string), at: open) }
        return .slot(slot)
    }

    private func actionScope(_ node: JSONNode) throws(SyntaxError) -> ActionScope {
        if let slot = node["slot"] { throw failure(.misplacedSlot(try text(slot).string), at: slot) }
        let operation = try member("op", of: node)
        switch try text(operation).string {
        case "All":
            try check(node, ["op"])
            return .any
        case "==":
            try check(node, ["op", "entity"])
            return .equal(try action(member("entity", of: node)))
        case "in":
            guard let list = node["entities"] else {
                try check(node, ["op", "entity"])
                return .within(try action(member("entity", of: node)))
            }
            try check(node, ["op", "entities"])
            return .withinAny(try elements(list).map(action))
        default: throw expected("`All`, `==` or `in`", at: operation)
        }
    }

    private func action(_ node: JSONNode) throws(SyntaxError) -> EntityUID {
        let entity = try entity(node)
        guard entity.type.isAction else { throw failure(.notAnAction(entity.description), at: node) }
        return entity
    }
}
