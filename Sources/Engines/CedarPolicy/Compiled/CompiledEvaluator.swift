// SPDX-License-Identifier: Apache-2.0

/// Gives compiled expressions their values: the same values and errors as `Evaluator`, which stays the measure.
struct CompiledEvaluator {
    let code: Code
    let situation: Situation

    /// Whether conditions hold, looked at up to the first that does not (Cedar language reference, "Policy").
    func holds(_ conditions: [(node: Code.Place, expected: Bool)]) throws(EvaluationError) -> Bool {
        for condition in conditions where try bool(condition.node) != condition.expected { return false }
        return true
    }

    /// The value of a node that must be true or false.
    func bool(_ place: Code.Place) throws(EvaluationError) -> Bool {
        switch code.nodes[Int(place)] {
        case .bool(let value): return value
        case .all(let operands):
            for place in operands.places where try !bool(code.member(place)) { return false }
            return true
        case .any(let operands):
            for place in operands.places where try bool(code.member(place)) { return true }
            return false
        default:
            guard case .bool(let value) = try evaluate(place) else {
                throw failure(.wrongType(expected: "a boolean"), place)
            }
            return value
        }
    }

    func evaluate(_ place: Code.Place) throws(EvaluationError) -> CompiledValue {
        switch code.nodes[Int(place)] {
        case .constant(let number): return code.constants[Int(number)]
        case .variable(let variable): return value(of: variable)
        case .bool, .all, .any: return .bool(try bool(place))
        case .conditional(let condition, let then, let otherwise):
            return try evaluate(try bool(condition) ? then : otherwise)
        case .attribute(let base, let name): return try attribute(name, of: try evaluate(base), place)
        case .binary(let binary, let left, let right):
            let (left, right) = (try evaluate(left), try evaluate(right))
            do throws(EvaluationError.Reason) {
                return try apply(binary, left, right)
            } catch {
                throw failure(error, place)
            }
        default: return try rarer(place)
        }
    }

    /// Apart from the rest, which keeps the frames of the recursion small.
    @inline(never)
    private func rarer(_ place: Code.Place) throws(EvaluationError) -> CompiledValue {
        switch code.nodes[Int(place)] {
        case .unary(let unary, let operand):
            let value = try evaluate(operand)
            do throws(EvaluationError.Reason) {
                return try apply(unary, value)
            } catch {
                throw failure(error, place)
            }
        case .has(let base, let path): return .bool(try has(path, in: try evaluate(base), place))
        case .like(let base, let pattern):
            guard case .string(let text) = try evaluate(base) else {
                throw failure(.wrongType(expected: "a string"), place)
            }
            return .bool(code.patterns[Int(pattern)].matches(text))
        case .isType(let base, let type): return .bool(situation.type(of: try entity(base, place)) == type)
        case .isTypeWithin(let base, let type, let group):
            return .bool(try isType(try entity(base, place), type, within: group, place))
        default: return try made(place)
        }
    }

    /// Sets, records and what functions give.
    @inline(never)
    private func made(_ place: Code.Place) throws(EvaluationError) -> CompiledValue {
        switch code.nodes[Int(place)] {
        case .set(let list): return CompiledValue(elements: try values(list))
        case .record(let list):
            var fields: [CompiledRecord.Field] = []
            for place in stride(from: list.places.lowerBound, to: list.places.upperBound, by: 2) {
                let value = try evaluate(code.member(place + 1))
                fields.append(CompiledRecord.Field(name: code.member(place), value: value))
            }
            return .record(CompiledRecord(fields))
        case .call(let function, let list): return try call(function, try values(list), place)
        default: throw failure(.wrongType(expected: "an operator"), place)
        }
    }

    private func values(_ list: Code.Stretch) throws(EvaluationError) -> [CompiledValue] {
        var values: [CompiledValue] = []
        values.reserveCapacity(Int(list.count))
        for place in list.places { values.append(try evaluate(code.member(place))) }
        return values
    }

    func failure(_ reason: EvaluationError.Reason, _ place: Code.Place) -> EvaluationError {
        EvaluationError(reason: reason, position: code.positions[Int(place)])
    }

    private func value(of variable: Variable) -> CompiledValue {
        switch variable {
        case .principal: .entity(situation.principal)
        case .action: .entity(situation.action)
        case .resource: .entity(situation.resource)
        case .context: .record(situation.context)
        }
    }
}
