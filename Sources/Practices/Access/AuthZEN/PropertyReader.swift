// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs
import Kernel

/// Reads what a program says about things, by the types that its schema declares.
///
/// Only the declared type decides what a value means: `__entity` and `__extn`, by which trusted data name entities and
/// extension values, are members like all others here. What is not declared is left out, which changes no decision:
/// policies that are valid cannot look at it.
struct PropertyReader: Sendable {
    let schema: Schema

    /// The declared ones among the members of an object; of those that must be there some may be missing.
    ///
    /// - Throws: `Fault.invalidInput` for one of another type.
    func attributes(_ node: JSONNode, _ type: RecordType, of place: String) throws -> [Text: Value] {
        var record: [Text: Value] = [:]
        for (name, attribute) in type {
            guard let member = node[name.string] else { continue }
            guard let value = value(member, attribute.type) else {
                throw Fault(.invalidInput, "`\(place).\(name)` has not the type that the schema declares.")
            }
            record[name] = value
        }
        return record
    }

    /// The value of that type; nil when it is of another one. Recursion ends with the type.
    func value(_ node: JSONNode, _ type: ValueType) -> Value? {
        switch type {
        case .bool: node.bool.map(Value.bool)
        case .integer: node.integer.map(Value.integer)
        case .string: node.string.map { .string(Text($0)) }
        case .entity(let type): entity(node, type)
        case .set(let element): set(node, element)
        case .record(let attributes): record(node, attributes)
        case .decimal: text(node).flatMap { Decimal($0) }.map(Value.decimal)
        case .address: text(node).flatMap { IPAddress($0) }.map(Value.address)
        case .datetime: text(node).flatMap { Datetime($0) }.map(Value.datetime)
        case .duration: text(node).flatMap { Milliseconds($0) }.map(Value.duration)
        }
    }

    private func text(_ node: JSONNode) -> Text? {
        node.string.map { Text($0) }
    }

    private func set(_ node: JSONNode, _ type: ValueType) -> Value? {
        guard node.kind == .array else { return nil }
        var set: Set<Value> = []
        for element in node.elements {
            guard let value = value(element, type) else { return nil }
            set.insert(value)
        }
        return .set(set)
    }

    private func record(_ node: JSONNode, _ type: RecordType) -> Value? {
        guard node.kind == .object else { return nil }
        var record: [Text: Value] = [:]
        for (name, attribute) in type {
            guard let member = node[name.string] else {
                if attribute.isRequired { return nil }
                continue
            }
            guard let value = value(member, attribute.type) else { return nil }
            record[name] = value
        }
        return .record(record)
    }

    /// `{"type": …, "id": …}` of the declared type.
    private func entity(_ node: JSONNode, _ type: TypeName) -> Value? {
        guard node.kind == .object, node["type"]?.means(type.text.string) == true, let id = text(node, "id") else {
            return nil
        }
        let uid = EntityUID(type: type, id: id)
        if type.isAction, schema.actions[uid] == nil { return nil }
        if let ids = schema.entityTypes[type]?.ids, !ids.contains(id) { return nil }
        return .entity(uid)
    }

    private func text(_ node: JSONNode, _ name: String) -> Text? {
        node[name].flatMap { text($0) }
    }
}
