// SPDX-License-Identifier: Apache-2.0

import Codecs

// A value in a policy is an expression that was worked out already: sets and records in it become those of text.
extension PolicyReader {
    /// A value as entities and contexts write it (Cedar reference, "Value" of "JsonExpr objects").
    mutating func value(_ node: JSONNode) throws(SyntaxError) -> Expression {
        guard depth <= limits.height else { throw failure(.tooDeep(limit: limits.height), at: node) }
        depth += 1
        defer { depth -= 1 }
        switch node.kind {
        case .boolean: return try make(.bool(node.bool ?? false), at: node)
        case .string: return try make(.string(try text(node)), at: node)
        case .number: return try make(.integer(try integer(node)), at: node)
        case .array: return try make(.set(try values(node.elements)), at: node)
        case .object: return try object(node)
        case .null: throw failure(.noValue("null"), at: node)
        }
    }

    private func integer(_ node: JSONNode) throws(SyntaxError) -> Int64 {
        if let integer = node.integer { return integer }
        let text = node.numberText ?? ""
        let isWhole = text.utf8.allSatisfy { Identifier.isDigit($0) || $0 == UInt8(ascii: "-") }
        throw failure(isWhole ? .integerTooLarge(text) : .noValue(text), at: node)
    }

    private mutating func values(_ nodes: JSONElements) throws(SyntaxError) -> [Expression] {
        var values: [Expression] = []
        for node in nodes { values.append(try value(node)) }
        return values
    }

    /// A record, or one of the objects that stand for what JSON has no value for.
    private mutating func object(_ node: JSONNode) throws(SyntaxError) -> Expression {
        if node["__expr"] != nil { throw failure(.unknownMember("__expr"), at: node) }
        if node["__entity"] != nil { return try make(.entity(try entity(node)), at: node) }
        if let content = node["__extn"] {
            try check(node, ["__extn"])
            return try make(try extensionCall(content), at: node)
        }
        var fields: [Expression.Field] = []
        for (name, content) in node.members {
            fields.append(Expression.Field(name: Text(name), value: try value(content)))
        }
        return try make(.record(fields), at: node)
    }

    /// `{"fn": …, "arg": …}` or `{"fn": …, "args": […]}`
    private mutating func extensionCall(_ node: JSONNode) throws(SyntaxError) -> Expression.Kind {
        try check(node, ["fn", node["args"] == nil ? "arg" : "args"])
        let name = try member("fn", of: node)
        guard let function = ExtensionFunction(rawValue: try text(name).string) else {
            throw failure(.unknownFunction(try text(name).string), at: name)
        }
        let arguments: [Expression]
        if let list = node["args"] {
            arguments = try values(elements(list))
        } else {
            arguments = [try value(member("arg", of: node))]
        }
        guard function.isConstructor || !arguments.isEmpty else {
            throw failure(.expected("what the method is called on", found: "no arguments"), at: node)
        }
        return .call(function, arguments)
    }
}
