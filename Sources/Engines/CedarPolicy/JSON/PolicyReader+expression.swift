// SPDX-License-Identifier: Apache-2.0

import Codecs

extension PolicyReader {
    /// An expression: an object whose only member says its form (Cedar reference, "JsonExpr objects").
    mutating func expression(_ node: JSONNode) throws(SyntaxError) -> Expression {
        // A tree is at least as high as it is deep, so what is refused here would be too high anyway.
        guard depth < limits.height else { throw failure(.tooDeep(limit: limits.height), at: node) }
        depth += 1
        defer { depth -= 1 }
        guard node.kind == .object else { throw expected("an expression", at: node) }
        var members = node.members.makeIterator()
        guard let (form, content) = members.next(), members.next() == nil else {
            throw failure(.expected("an object with one member", found: "another number of them"), at: node)
        }
        return try make(try kind(form, content, at: node), at: node)
    }

    /// An expression over others, unless it becomes too high.
    func make(_ kind: Expression.Kind, at node: JSONNode) throws(SyntaxError) -> Expression {
        let expression = Expression(kind, at: position(node))
        guard expression.height <= limits.height else { throw failure(.tooDeep(limit: limits.height), at: node) }
        return expression
    }

    private mutating func kind(
        _ form: String, _ content: JSONNode, at node: JSONNode
    ) throws(SyntaxError) -> Expression.Kind {
        switch form {
        case "Value": return try value(content).kind
        case "Var": return .variable(try variable(content))
        case "Slot": throw failure(.misplacedSlot(try text(content).string), at: content)
        case "Unknown": throw failure(.unknownValue, at: content)
        case "!": return .unary(.not, try operand(content))
        case "neg": return .unary(.negate, try operand(content))
        case "isEmpty": return .unary(.isEmpty, try operand(content))
        case "&&":
            let (left, right) = try operands(content)
            return .and(left, right)
        case "||":
            let (left, right) = try operands(content)
            return .or(left, right)
        case ".", "has", "like", "is": return try test(form, content)
        case "if-then-else":
            try check(content, ["if", "then", "else"])
            return .conditional(
                try inside("if", content), then: try inside("then", content), otherwise: try inside("else", content))
        case "Set": return .set(try list(content))
        case "Record": return .record(try fields(content))
        default:
            guard let binary = BinaryOperator(rawValue: form) else { return try call(form, content, at: node) }
            let (left, right) = try operands(content)
            return .binary(binary, left, right)
        }
    }

    private func variable(_ node: JSONNode) throws(SyntaxError) -> Variable {
        let name = try text(node).string
        guard let variable = Variable(rawValue: name) else { throw failure(.unknownVariable(name), at: node) }
        return variable
    }
}

// What is inside.
extension PolicyReader {
    private mutating func inside(_ name: String, _ node: JSONNode) throws(SyntaxError) -> Expression {
        try expression(member(name, of: node))
    }

    private mutating func operand(_ node: JSONNode) throws(SyntaxError) -> Expression {
        try check(node, ["arg"])
        return try inside("arg", node)
    }

    private mutating func operands(_ node: JSONNode) throws(SyntaxError) -> (Expression, Expression) {
        try check(node, ["left", "right"])
        return (try inside("left", node), try inside("right", node))
    }

    private mutating func list(_ node: JSONNode) throws(SyntaxError) -> [Expression] {
        var expressions: [Expression] = []
        for element in try elements(node) { expressions.append(try expression(element)) }
        return expressions
    }

    private mutating func fields(_ node: JSONNode) throws(SyntaxError) -> [Expression.Field] {
        guard node.kind == .object else { throw expected("an object", at: node) }
        var fields: [Expression.Field] = []
        for (name, content) in node.members {
            fields.append(Expression.Field(name: Text(name), value: try expression(content)))
        }
        return fields
    }

    /// The name of a function or method; a method's first argument is what stands before its dot.
    private mutating func call(
        _ name: String, _ content: JSONNode, at node: JSONNode
    ) throws(SyntaxError) -> Expression.Kind {
        guard let function = ExtensionFunction(rawValue: name) else { throw failure(.unknownFunction(name), at: node) }
        let arguments = try list(content)
        guard function.isConstructor || !arguments.isEmpty else {
            throw failure(.expected("what the method is called on", found: "no arguments"), at: content)
        }
        return .call(function, arguments)
    }
}

// Attributes, patterns and types.
extension PolicyReader {
    private mutating func test(_ form: String, _ content: JSONNode) throws(SyntaxError) -> Expression.Kind {
        switch form {
        case "has":
            try check(content, ["left", "attr"])
            return .has(try inside("left", content), try path(member("attr", of: content)))
        case "like":
            try check(content, ["left", "pattern"])
            return .like(try inside("left", content), try pattern(member("pattern", of: content)))
        case "is":
            try check(content, ["left", "entity_type"], optional: ["in"])
            let type = try typeName(member("entity_type", of: content))
            let left = try inside("left", content)
            return .isType(left, type, within: content["in"] == nil ? nil : try inside("in", content))
        default:
            try check(content, ["left", "attr"])
            return .attribute(try inside("left", content), try text(member("attr", of: content)))
        }
    }

    /// A name, or a list of names. Only a name that stands alone may be other than an identifier, as in text.
    private func path(_ node: JSONNode) throws(SyntaxError) -> [Text] {
        guard node.kind == .array else { return [try text(node)] }
        var path: [Text] = []
        for element in node.elements {
            let name = try text(element)
            guard Identifier.isUsable(name.utf8[...]) else { throw failure(.invalidName(name.string), at: element) }
            path.append(name)
        }
        guard !path.isEmpty else { throw failure(.expected("an attribute", found: "none"), at: node) }
        return path
    }

    /// `"Wildcard"` and `{"Literal": …}` in any order, also one literal for each character.
    private func pattern(_ node: JSONNode) throws(SyntaxError) -> Pattern {
        var parts: [[UInt8]] = [[]]
        for element in try elements(node) {
            if element.means("Wildcard") {
                parts.append([])
            } else {
                guard element.kind == .object else { throw expected("`Wildcard` or a literal", at: element) }
                try check(element, ["Literal"])
                parts[parts.count - 1] += try text(member("Literal", of: element)).utf8
            }
        }
        return Pattern(parts: parts.map(Text.init(valid:)))
    }
}
