// SPDX-License-Identifier: Apache-2.0

/// Turns expressions into nodes. Recursion is safe: an expression's height has a limit.
///
/// What has the same value in every request is worked out here, unless it is an error: an error must come up where and
/// when the evaluator comes to it.
struct ExpressionCompiler {
    var store: CompiledEntities
    private(set) var code = Code()
    /// Whether `context` was seen since this was last set to false.
    var readsContext = false

    init(store: CompiledEntities) {
        self.store = store
    }

    mutating func compile(_ expression: Expression) -> Code.Place {
        code.add(node(expression), at: expression.position)
    }

    private mutating func node(_ expression: Expression) -> Code.Node {
        switch expression.kind {
        case .bool(let value): return .bool(value)
        case .integer(let value): return .constant(code.add(.integer(value)))
        case .string(let value): return .constant(code.add(.string(value)))
        case .entity(let uid): return .constant(code.add(.entity(store.number(uid))))
        case .variable(let variable):
            readsContext = readsContext || variable == .context
            return .variable(variable)
        case .conditional(let condition, let then, let otherwise):
            return .conditional(compile(condition), then: compile(then), otherwise: compile(otherwise))
        case .and, .or: return row(expression)
        case .set(let elements): return set(elements)
        case .record(let fields): return record(fields)
        default: return operation(expression.kind)
        }
    }

    private mutating func operation(_ kind: Expression.Kind) -> Code.Node {
        switch kind {
        case .unary(let unary, let operand): return .unary(unary, compile(operand))
        case .binary(let binary, let left, let right): return .binary(binary, compile(left), compile(right))
        case .attribute(let base, let name): return .attribute(compile(base), store.number(name))
        case .has(let base, let path): return .has(compile(base), code.add(list: path.map { store.number($0) }))
        case .like(let base, let pattern): return .like(compile(base), pattern: code.add(pattern))
        case .isType(let base, let type, nil): return .isType(compile(base), store.add(type: type))
        case .isType(let base, let type, let group?):
            return .isTypeWithin(compile(base), store.add(type: type), group: compile(group))
        case .call(let function, let arguments): return call(function, arguments)
        default: return .bool(false)
        }
    }

    /// The operands of a row of one operator, whose brackets do not matter: all are looked at from left to right up
    /// to the first that settles it, and each must be true or false.
    private mutating func row(_ expression: Expression) -> Code.Node {
        var operands: [Code.Place] = []
        // The rest of the row, the next operand on top.
        var open = [expression]
        let isAnd = if case .and = expression.kind { true } else { false }
        while let next = open.popLast() {
            switch next.kind {
            case .and(let left, let right) where isAnd: open += [right, left]
            case .or(let left, let right) where !isAnd: open += [right, left]
            default: operands.append(compile(next))
            }
        }
        let list = code.add(list: operands)
        return isAnd ? .all(list) : .any(list)
    }

    private mutating func set(_ elements: [Expression]) -> Code.Node {
        let places = elements.map { compile($0) }
        let values = places.compactMap(constant)
        if values.count == places.count { return .constant(code.add(CompiledValue(elements: values))) }
        return .set(code.add(list: places))
    }

    private mutating func record(_ fields: [Expression.Field]) -> Code.Node {
        var places: [Int32] = []
        var values: [CompiledRecord.Field] = []
        for field in fields {
            let (name, place) = (store.number(field.name), compile(field.value))
            places += [name, place]
            if let value = constant(place) { values.append(CompiledRecord.Field(name: name, value: value)) }
        }
        if values.count == fields.count { return .constant(code.add(.record(CompiledRecord(values)))) }
        return .record(code.add(list: places))
    }

    private mutating func call(_ function: ExtensionFunction, _ arguments: [Expression]) -> Code.Node {
        let places = arguments.map { compile($0) }
        let values = places.compactMap(constant)
        if values.count == places.count, let result = try? function.apply(values.map(\.argument)),
            let value = CompiledValue(result: result)
        {
            return .constant(code.add(value))
        }
        return .call(function, code.add(list: places))
    }

    /// The value of a node that has the same one in every request.
    private func constant(_ place: Code.Place) -> CompiledValue? {
        switch code.nodes[Int(place)] {
        case .constant(let number): code.constants[Int(number)]
        case .bool(let value): .bool(value)
        default: nil
        }
    }
}
