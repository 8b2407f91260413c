// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Reads values from JSON by the types that a schema says they have (Cedar reference, "Entities and context syntax",
/// "Schema-based parsing"): where an entity or an extension value must stand, its escape may be left out.
///
/// Only the type decides what a text means, so this is safe with data whose member names somebody else chose.
/// Stricter than the reference: an escape has no other members, and `__extn` only makes extension values.
struct SchemaReader {
    let reader: DataReader
    let schema: Schema

    /// A value that was seen to be of that type.
    func value(_ node: JSONNode, as type: ValueType) throws(DataError) -> Value {
        let value = try meaning(node, as: type)
        // What is inside was seen to when it was read.
        switch (value, type) {
        case (.set, .set), (.record, .record): return value
        default:
            do throws(ConformanceError) {
                try schema.check(value, type)
            } catch {
                throw reader.failure(.nonconforming(error), at: node)
            }
            return value
        }
    }

    private func meaning(_ node: JSONNode, as type: ValueType) throws(DataError) -> Value {
        switch (type, node.kind) {
        case (.set(let element), .array):
            var set: Set<Value> = []
            for node in node.elements { set.insert(try value(node, as: element)) }
            return .set(set)
        case (.record(let attributes), .object): return .record(try record(node, as: attributes))
        case (.entity, .object): return .entity(try entity(node))
        case (.decimal, _), (.address, _), (.datetime, _), (.duration, _): return try extensionValue(node, as: type)
        default: return try reader.value(node)
        }
    }

    /// A record with the attributes that are declared; all that must be there, and no others.
    func record(_ node: JSONNode, as type: RecordType) throws(DataError) -> [Text: Value] {
        guard node.kind == .object else { throw reader.failure(.expected("an object"), at: node) }
        var record: [Text: Value] = [:]
        for (name, content) in node.members {
            let name = Text(name)
            guard let attribute = type[name] else {
                throw reader.failure(.nonconforming(.undeclaredAttribute(name)), at: content)
            }
            record[name] = try value(content, as: attribute.type)
        }
        if let missing = type.keys.sorted().first(where: { type[$0]?.isRequired == true && record[$0] == nil }) {
            throw reader.failure(.nonconforming(.missingAttribute(missing)), at: node)
        }
        return record
    }

    private func entity(_ node: JSONNode) throws(DataError) -> EntityUID {
        guard let content = node["__entity"] else { return try reader.uid(node) }
        guard reader.escapes == .read, reader.memberCount(node) == 1 else {
            throw reader.failure(.escape("__entity"), at: node)
        }
        return try reader.uid(content)
    }
}

// Extension values.
extension SchemaReader {
    /// A string for the function that is named after the type, `{"fn": …, "arg": …}`, or that with its escape.
    private func extensionValue(_ node: JSONNode, as type: ValueType) throws(DataError) -> Value {
        switch node.kind {
        case .string: return try apply(type.constructor, [.string(try reader.text(node))], at: node)
        case .object:
            guard let content = node["__extn"] else { return try call(node) }
            guard reader.escapes == .read, reader.memberCount(node) == 1 else {
                throw reader.failure(.escape("__extn"), at: node)
            }
            return try call(content)
        default: return try reader.value(node)
        }
    }

    /// Recursion is bounded by the depth of the JSON.
    private func call(_ node: JSONNode) throws(DataError) -> Value {
        guard reader.memberCount(node) == 2, let name = node["fn"], let types = Self.functions[try reader.text(name)],
            let function = ExtensionFunction(rawValue: try reader.text(name).string)
        else { throw reader.failure(.escape("__extn"), at: node) }
        var written: [JSONNode] = []
        if let argument = node["arg"] {
            written = [argument]
        } else if let list = node["args"], list.kind == .array {
            written = Array(list.elements)
        }
        guard written.count == types.count else { throw reader.failure(.escape("__extn"), at: node) }
        var arguments: [Value] = []
        for (argument, type) in zip(written, types) { arguments.append(try value(argument, as: type)) }
        return try apply(function, arguments, at: node)
    }

    private func apply(
        _ function: ExtensionFunction?, _ arguments: [Value], at node: JSONNode
    ) throws(DataError) -> Value {
        guard let function else { throw reader.failure(.escape("__extn"), at: node) }
        do throws(EvaluationError.Reason) {
            return try function.apply(arguments)
        } catch {
            throw reader.failure(.invalidExtension(error.description), at: node)
        }
    }

    /// What makes extension values, and of what.
    private static let functions: [Text: [ValueType]] = [
        "decimal": [.string], "ip": [.string], "datetime": [.string], "duration": [.string],
        "offset": [.datetime, .duration], "durationSince": [.datetime, .datetime], "toDate": [.datetime],
        "toTime": [.datetime],
    ]
}

extension ValueType {
    /// The function that makes a value of this type from a string.
    fileprivate var constructor: ExtensionFunction? {
        switch self {
        case .decimal: .decimal
        case .address: .ip
        case .datetime: .datetime
        case .duration: .duration
        default: nil
        }
    }
}
