// SPDX-License-Identifier: Apache-2.0

/// Gives expressions their values, by the letter of the language: the oracle for anything faster.
///
/// It walks the tree anew for each request and keeps nothing.
public struct Evaluator: Sendable {
    /// What is asked.
    let request: Request
    /// What is known.
    let entities: Entities

    /// An evaluator for one request.
    public init(request: Request, entities: Entities) {
        self.request = request
        self.entities = entities
    }

    /// The value of an expression (Cedar language reference, "Expr" in the grammar and "Operators").
    ///
    /// - Throws: `EvaluationError` for the first part, in the order of evaluation, that has no value.
    public func evaluate(_ expression: Expression) throws(EvaluationError) -> Value {
        switch expression.kind {
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .string(let value): .string(value)
        case .entity(let uid): .entity(uid)
        case .variable(let variable): request.value(of: variable)
        case .conditional(let condition, let then, let otherwise):
            try evaluate(try bool(condition) ? then : otherwise)
        case .and(let left, let right): .bool(try bool(left) ? try bool(right) : false)
        case .or(let left, let right): .bool(try bool(left) ? true : try bool(right))
        case .set(let elements): .set(try set(of: elements))
        case .record(let fields): .record(try record(of: fields))
        default: try operation(expression)
        }
    }

    /// The value of an expression that must be true or false.
    func bool(_ expression: Expression) throws(EvaluationError) -> Bool {
        guard case .bool(let value) = try evaluate(expression) else {
            throw EvaluationError(reason: .wrongType(expected: "a boolean"), position: expression.position)
        }
        return value
    }

    private func set(of elements: [Expression]) throws(EvaluationError) -> Set<Value> {
        var set = Set<Value>(minimumCapacity: elements.count)
        for element in elements { set.insert(try evaluate(element)) }
        return set
    }

    private func record(of fields: [Expression.Field]) throws(EvaluationError) -> [Text: Value] {
        var record = [Text: Value](minimumCapacity: fields.count)
        for field in fields { record[field.name] = try evaluate(field.value) }
        return record
    }

    /// What has operands; errors of the operator itself are placed at the operator.
    private func operation(_ expression: Expression) throws(EvaluationError) -> Value {
        switch expression.kind {
        case .unary(let unary, let operand):
            let value = try evaluate(operand)
            return try placed(expression) { () throws(EvaluationError.Reason) in try unary.apply(value) }
        case .binary(let binary, let left, let right):
            let values = (try evaluate(left), try evaluate(right))
            return try placed(expression) { () throws(EvaluationError.Reason) in
                try apply(binary, values.0, values.1)
            }
        case .attribute(let base, let name):
            let value = try evaluate(base)
            return try placed(expression) { () throws(EvaluationError.Reason) in try attribute(name, of: value) }
        case .has(let base, let path):
            let value = try evaluate(base)
            return try placed(expression) { () throws(EvaluationError.Reason) in
                .bool(try has(path[...], in: value))
            }
        case .like(let base, let pattern):
            let value = try evaluate(base)
            return try placed(expression) { () throws(EvaluationError.Reason) in
                .bool(pattern.matches(try value.text()))
            }
        case .isType(let base, let type, let within): return try isType(expression, base, type, within)
        case .call(let function, let arguments):
            var values: [Value] = []
            for argument in arguments { values.append(try evaluate(argument)) }
            return try placed(expression) { () throws(EvaluationError.Reason) in try function.apply(values) }
        default: throw EvaluationError(reason: .wrongType(expected: "an operator"), position: expression.position)
        }
    }

    /// `x is T in y` is `x is T && x in y`: of another type, `y` is not looked at.
    private func isType(
        _ expression: Expression, _ base: Expression, _ type: TypeName, _ within: Expression?
    ) throws(EvaluationError) -> Value {
        let value = try evaluate(base)
        let fits = try placed(expression) { () throws(EvaluationError.Reason) in try value.entity().type == type }
        guard fits, let within else { return .bool(fits) }
        let group = try evaluate(within)
        return try placed(expression) { () throws(EvaluationError.Reason) in
            try apply(.within, value, group)
        }
    }

    private func placed<Result>(
        _ expression: Expression, _ body: () throws(EvaluationError.Reason) -> Result
    ) throws(EvaluationError) -> Result {
        do throws(EvaluationError.Reason) {
            return try body()
        } catch {
            throw EvaluationError(reason: error, position: expression.position)
        }
    }
}
