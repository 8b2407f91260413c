// SPDX-License-Identifier: Apache-2.0

extension PolicyWriter {
    /// An expression: an object whose only member says its form (Cedar reference, "JsonExpr objects").
    mutating func expression(_ expression: Expression) {
        switch expression.kind {
        case .bool(let value): form("Value") { $0.word("\(value)") }
        case .integer(let value): form("Value") { $0.word("\(value)") }
        case .string(let text): form("Value") { $0.string(text) }
        case .entity(let uid): form("Value") { $0.object(("__entity", { $0.entity(uid) })) }
        case .variable(let variable): form("Var") { $0.string(variable.rawValue) }
        case .conditional(let condition, let then, let otherwise):
            form("if-then-else") {
                $0.object(
                    ("if", { $0.expression(condition) }), ("then", { $0.expression(then) }),
                    ("else", { $0.expression(otherwise) }))
            }
        case .and(let left, let right): operands("&&", left, right)
        case .or(let left, let right): operands("||", left, right)
        case .unary(let unary, let operand): form(unary.form) { $0.object(("arg", { $0.expression(operand) })) }
        case .binary(let binary, let left, let right): operands(binary.rawValue, left, right)
        case .attribute(let base, let name): test(".", base, ("attr", { $0.string(name) }))
        case .has(let base, let path): test("has", base, ("attr", { $0.path(path) }))
        case .like(let base, let pattern): test("like", base, ("pattern", { $0.pattern(pattern) }))
        case .isType(let base, let type, let within):
            let within = within.map { within in { (writer: inout PolicyWriter) in writer.expression(within) } }
            test("is", base, ("entity_type", { $0.string(type.text) }), ("in", within))
        case .set(let elements): form("Set") { $0.array(elements) { $0.expression($1) } }
        case .record(let fields): form("Record") { $0.object(fields, name: \.name) { $0.expression($1.value) } }
        case .call(let function, let arguments): form(function.rawValue) { $0.array(arguments) { $0.expression($1) } }
        }
    }

    private mutating func form(_ name: String, _ content: (inout PolicyWriter) -> Void) {
        withoutActuallyEscaping(content) { object((name, $0)) }
    }

    private mutating func operands(_ name: String, _ left: Expression, _ right: Expression) {
        form(name) { $0.object(("left", { $0.expression(left) }), ("right", { $0.expression(right) })) }
    }

    private mutating func test(
        _ name: String, _ left: Expression, _ what: (String, (inout PolicyWriter) -> Void),
        _ more: (String, ((inout PolicyWriter) -> Void)?) = ("", nil)
    ) {
        form(name) { $0.object(("left", { $0.expression(left) }), what, more) }
    }

    /// One name is written by itself: it may be other than an identifier.
    private mutating func path(_ path: [Text]) {
        if let name = path.first, path.count == 1 { string(name) } else { array(path) { $0.string($1) } }
    }

    private mutating func pattern(_ pattern: Pattern) {
        var elements: [Text?] = []
        for (index, part) in pattern.parts.enumerated() {
            if index > 0 { elements.append(nil) }
            if !part.utf8.isEmpty { elements.append(part) }
        }
        array(elements) { writer, element in
            guard let element else { return writer.string("Wildcard") }
            writer.object(("Literal", { $0.string(element) }))
        }
    }
}

extension UnaryOperator {
    /// What the operator is called in JSON.
    fileprivate var form: String {
        switch self {
        case .not: "!"
        case .negate: "neg"
        case .isEmpty: "isEmpty"
        }
    }
}
