// SPDX-License-Identifier: Apache-2.0

/// Writes expressions with no more brackets than reading them back needs.
enum Printer {
    /// How tightly a form binds, loosest first: the levels of the grammar.
    enum Level: Int {
        case conditional
        case or
        case and
        case relation
        case sum
        case product
        case unary
        case member
    }

    static func write(_ expression: Expression, atLeast level: Level = .conditional) -> String {
        let text = write(expression.kind)
        return self.level(of: expression.kind).rawValue < level.rawValue ? "(\(text))" : text
    }

    private static func level(of kind: Expression.Kind) -> Level {
        switch kind {
        case .conditional: .conditional
        case .or: .or
        case .and: .and
        case .has, .like, .isType: .relation
        case .binary(let binary, _, _): level(of: binary)
        case .unary(let unary, _): unary == .isEmpty ? .member : .unary
        case .integer(let value): value < 0 ? .unary : .member
        default: .member
        }
    }

    private static func level(of binary: BinaryOperator) -> Level {
        switch binary {
        case .add, .subtract: .sum
        case .multiply: .product
        default: binary.isMethod ? .member : .relation
        }
    }

    private static func write(_ kind: Expression.Kind) -> String {
        switch kind {
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .string(let text): StringEscapes.quote(text)
        case .entity(let uid): uid.description
        case .variable(let variable): variable.rawValue
        case .conditional(let condition, let then, let otherwise):
            "if \(write(condition)) then \(write(then)) else \(write(otherwise))"
        case .and(let left, let right): "\(write(left, atLeast: .and)) && \(write(right, atLeast: .relation))"
        case .or(let left, let right): "\(write(left, atLeast: .or)) || \(write(right, atLeast: .and))"
        case .unary(let unary, let operand): write(unary, operand)
        case .binary(let binary, let left, let right): write(binary, left, right)
        case .attribute(let base, let name): write(base, atLeast: .member) + access(name)
        case .has(let base, let path): "\(write(base, atLeast: .sum)) has \(write(path))"
        case .like(let base, let pattern): "\(write(base, atLeast: .sum)) like \(write(pattern))"
        case .isType(let base, let type, let within):
            "\(write(base, atLeast: .sum)) is \(type.text)" + (within.map { " in " + write($0, atLeast: .sum) } ?? "")
        case .set(let elements): "[\(list(elements))]"
        case .record(let fields): "{\(fields.map { "\(name($0.name)): \(write($0.value))" }.joined(separator: ", "))}"
        case .call(let function, let arguments): write(function, arguments)
        }
    }

    /// Up to four signs in a row are the language's limit, and `-5` is a number and no operator.
    private static func write(_ unary: UnaryOperator, _ operand: Expression) -> String {
        if unary == .isEmpty { return write(operand, atLeast: .member) + ".isEmpty()" }
        let sign = unary == .not ? "!" : "-"
        var run = sign
        var operand = operand
        while run.utf8.count < 4, case .unary(unary, let inner) = operand.kind {
            run += sign
            operand = inner
        }
        if unary == .negate, case .integer = operand.kind { return "\(run)(\(write(operand)))" }
        return run + write(operand, atLeast: .member)
    }

    private static func write(_ binary: BinaryOperator, _ left: Expression, _ right: Expression) -> String {
        switch level(of: binary) {
        case .member: "\(write(left, atLeast: .member)).\(binary.rawValue)(\(write(right)))"
        case .relation: "\(write(left, atLeast: .sum)) \(binary.rawValue) \(write(right, atLeast: .sum))"
        case .sum: "\(write(left, atLeast: .sum)) \(binary.rawValue) \(write(right, atLeast: .product))"
        default: "\(write(left, atLeast: .product)) \(binary.rawValue) \(write(right, atLeast: .unary))"
        }
    }

    private static func write(_ function: ExtensionFunction, _ arguments: [Expression]) -> String {
        guard !function.isConstructor, let base = arguments.first else {
            return "\(function.rawValue)(\(list(arguments)))"
        }
        return "\(write(base, atLeast: .member)).\(function.rawValue)(\(list(arguments.dropFirst())))"
    }

    private static func list(_ expressions: some Sequence<Expression>) -> String {
        expressions.map { write($0) }.joined(separator: ", ")
    }

    private static func access(_ name: Text) -> String {
        Identifier.isUsable(name.utf8[...]) ? ".\(name)" : "[\(StringEscapes.quote(name))]"
    }

    private static func name(_ name: Text) -> String {
        Identifier.isUsable(name.utf8[...]) ? name.string : StringEscapes.quote(name)
    }

    private static func write(_ path: [Text]) -> String {
        path.map(name).joined(separator: ".")
    }

    private static func write(_ pattern: Pattern) -> String {
        "\"\(pattern.parts.map { StringEscapes.escape($0, star: true) }.joined(separator: "*"))\""
    }
}
