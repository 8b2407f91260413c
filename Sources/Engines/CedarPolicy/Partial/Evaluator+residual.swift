// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// The value of what was left of an expression, now that nothing is unknown any more
    /// (Cedar specification, "TPE": evaluation of residuals).
    ///
    /// - Throws: `EvaluationError.Reason` when it has none. The reason may be another than that of the expression, of
    ///   which several parts can fail.
    public func evaluate(_ residual: Residual) throws(EvaluationError.Reason) -> Value {
        switch residual.form {
        case .value(let value): value
        case .failure(let reason): throw reason
        case .variable(let variable): request.value(of: variable)
        case .conditional(let condition, let then, let otherwise):
            try evaluate(try bool(condition) ? then : otherwise)
        case .and(let left, let right): .bool(try bool(left) ? try bool(right) : false)
        case .or(let left, let right): .bool(try bool(left) ? true : try bool(right))
        case .set(let elements): .set(try set(of: elements))
        case .record(let fields): .record(try record(of: fields))
        default: try operation(residual)
        }
    }

    func bool(_ residual: Residual) throws(EvaluationError.Reason) -> Bool {
        guard case .bool(let value) = try evaluate(residual) else { throw .wrongType(expected: "a boolean") }
        return value
    }

    private func set(of elements: [Residual]) throws(EvaluationError.Reason) -> Set<Value> {
        var set = Set<Value>(minimumCapacity: elements.count)
        for element in elements { set.insert(try evaluate(element)) }
        return set
    }

    private func record(of fields: [Text: Residual]) throws(EvaluationError.Reason) -> [Text: Value] {
        var record = [Text: Value](minimumCapacity: fields.count)
        for (name, field) in fields { record[name] = try evaluate(field) }
        return record
    }

    private func operation(_ residual: Residual) throws(EvaluationError.Reason) -> Value {
        switch residual.form {
        case .unary(let unary, let operand): return try unary.apply(try evaluate(operand))
        case .binary(let binary, let left, let right): return try apply(binary, try evaluate(left), try evaluate(right))
        case .attribute(let base, let name): return try attribute(name, of: try evaluate(base))
        case .has(let base, let path): return .bool(try has(path[...], in: try evaluate(base)))
        case .like(let base, let pattern): return .bool(pattern.matches(try evaluate(base).text()))
        case .isType(let base, let type): return .bool(try evaluate(base).entity().type == type)
        case .call(let function, let arguments):
            var values: [Value] = []
            for argument in arguments { values.append(try evaluate(argument)) }
            return try function.apply(values)
        default: throw .wrongType(expected: "an operator")
        }
    }
}
