// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Whether JSON may name entities and extension values.
public enum Escapes: Sendable {
    /// `{"__entity": …}` and `{"__extn": …}` are read: for data that we or a trusted program wrote.
    case read
    /// They are errors: for data whose member names somebody else chose.
    case refuse
}

/// Reads values from JSON without a schema (Cedar reference, "Entities and context syntax").
struct DataReader {
    let escapes: Escapes
    /// The whole text, to say where something stands.
    let source: [UInt8]

    /// Names that are never attributes, so that no record can be taken for an entity or an entity for a record.
    static let escapeNames: [String] = ["__entity", "__extn", "__expr"]

    static func document(_ bytes: [UInt8], limits: JSONLimits) throws(DataError) -> JSONDocument {
        do {
            return try JSONDocument.parse(bytes, limits: limits)
        } catch {
            throw DataError(
                reason: .malformed(error.reason.description), position: Position(line: error.line, column: error.column)
            )
        }
    }

    func value(_ node: JSONNode) throws(DataError) -> Value {
        switch node.kind {
        case .boolean: return .bool(node.bool ?? false)
        case .string: return .string(try text(node))
        case .number:
            guard let integer = node.integer else { throw failure(.noValue(node.numberText ?? ""), at: node) }
            return .integer(integer)
        case .array:
            var set: Set<Value> = []
            for element in node.elements { set.insert(try value(element)) }
            return .set(set)
        case .object: return try object(node)
        case .null: throw failure(.noValue("null"), at: node)
        }
    }

    private func object(_ node: JSONNode) throws(DataError) -> Value {
        guard let name = Self.escapeNames.first(where: { node[$0] != nil }), let content = node[name] else {
            return .record(try record(node))
        }
        guard escapes == .read, memberCount(node) == 1 else { throw failure(.escape(name), at: node) }
        switch name {
        case "__entity": return .entity(try uid(content))
        case "__extn": return try extensionValue(content)
        default: throw failure(.escape(name), at: node)
        }
    }

    func record(_ node: JSONNode) throws(DataError) -> [Text: Value] {
        guard node.kind == .object else { throw failure(.expected("an object"), at: node) }
        if let name = Self.escapeNames.first(where: { node[$0] != nil }) { throw failure(.escape(name), at: node) }
        var record: [Text: Value] = [:]
        for (name, content) in node.members { record[Text(name)] = try value(content) }
        return record
    }

    /// `{"type": …, "id": …}`
    func uid(_ node: JSONNode) throws(DataError) -> EntityUID {
        guard memberCount(node) == 2, let type = node["type"], let id = node["id"] else {
            throw failure(.expected("`type` and `id`"), at: node)
        }
        let name = try text(type)
        guard let type = TypeName(name) else { throw failure(.invalidType(name.string), at: type) }
        return EntityUID(type: type, id: try text(id))
    }

    /// `{"fn": …, "arg": …}` or `{"fn": …, "args": […]}`
    func extensionValue(_ node: JSONNode) throws(DataError) -> Value {
        guard memberCount(node) == 2, let name = node["fn"],
            let function = ExtensionFunction(rawValue: try text(name).string), function.makesExtensionValue
        else { throw failure(.escape("__extn"), at: node) }
        var arguments: [Value] = []
        if let argument = node["arg"] {
            arguments = [try value(argument)]
        } else if let list = node["args"], list.kind == .array {
            for argument in list.elements { arguments.append(try value(argument)) }
        } else {
            throw failure(.escape("__extn"), at: node)
        }
        do throws(EvaluationError.Reason) {
            return try function.apply(arguments)
        } catch {
            throw failure(.invalidExtension(error.description), at: node)
        }
    }
}

extension DataReader {
    func text(_ node: JSONNode) throws(DataError) -> Text {
        guard let utf8 = node.utf8 else { throw failure(.expected("a string"), at: node) }
        return Text(valid: utf8)
    }

    func memberCount(_ node: JSONNode) -> Int {
        node.members.reduce(0) { count, _ in count + 1 }
    }

    func failure(_ reason: DataError.Reason, at node: JSONNode) -> DataError {
        DataError(reason: reason, position: Position(of: node.byteRange.lowerBound, in: source))
    }
}

extension ExtensionFunction {
    /// Whether data may call it: what it gives is a value that JSON cannot write.
    fileprivate var makesExtensionValue: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration, .offset, .durationSince, .toDate, .toTime: true
        default: false
        }
    }
}
