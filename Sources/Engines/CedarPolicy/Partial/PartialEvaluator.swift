// SPDX-License-Identifier: Apache-2.0

/// Evaluates what can be evaluated of one policy that the validator has looked at, for one kind of request
/// (Cedar specification, "TPE": the evaluator).
///
/// INVARIANT: no term is much higher than `SyntaxLimits.height`, so this may recurse. Each term is walked once.
struct PartialEvaluator {
    let request: PartialRequest
    let entities: PartialEntities
    /// What the validator found, by the numbers of the terms.
    let types: [StaticType?]

    /// What is left of a term.
    ///
    /// Where its type is known to be always true or always false, that is its value, unless it may have none.
    func evaluate(_ term: Term) -> Residual {
        guard let type = types[term.number] else { return .unreached(.boolean) }
        let residual = reduce(term, type)
        guard case .bool(let value) = type, !residual.canFail else { return residual }
        return Residual(.value(.bool(value)), type)
    }

    private func reduce(_ term: Term, _ type: StaticType) -> Residual {
        switch term.form {
        case .bool(let value): Residual(.value(.bool(value)), type)
        case .integer(let value): Residual(.value(.integer(value)), type)
        case .string(let value): Residual(.value(.string(value)), type)
        case .entity(let uid): Residual(.value(.entity(uid)), type)
        case .variable(let variable): Residual(form(of: variable), type)
        case .slot(let slot): Residual(.failure(.openSlot(slot)), type)
        case .conditional(let condition, let then, let otherwise): conditional(condition, then, otherwise, type)
        case .and(let left, let right): and(left, right, type)
        case .or(let left, let right): or(left, right, type)
        case .set(let elements): set(elements.map(evaluate), type)
        case .record(let fields): record(fields.mapValues(evaluate), type)
        default: operation(term, type)
        }
    }

    private func form(of variable: Variable) -> Residual.Form {
        let value: Value? =
            switch variable {
            case .principal: request.principal.uid.map(Value.entity)
            case .action: .entity(request.action)
            case .resource: request.resource.uid.map(Value.entity)
            case .context: request.context.map(Value.record)
            }
        return value.map(Residual.Form.value) ?? .variable(variable)
    }

    private func operation(_ term: Term, _ type: StaticType) -> Residual {
        switch term.form {
        case .unary(let unary, let operand): self.unary(unary, evaluate(operand), type)
        case .binary(let binary, let left, let right): self.binary(binary, evaluate(left), evaluate(right), type)
        case .attribute(let base, let name): attribute(evaluate(base), name, type)
        case .has(let base, let path): has(evaluate(base), path.map(\.name), type)
        case .like(let base, let pattern): like(evaluate(base), pattern, type)
        case .isType(let base, let name): isType(evaluate(base), name, type)
        case .call(let function, let arguments): call(function, arguments.map(evaluate), type)
        default: .unreached(type)
        }
    }
}

extension Residual {
    /// What stands where evaluation never comes to.
    static func unreached(_ type: StaticType) -> Residual {
        Residual(.failure(.wrongType(expected: "nothing, because this is never reached")), type)
    }
}

// What decides what is looked at at all. A side of which the validator knows that it is never reached has no types.
extension PartialEvaluator {
    private func conditional(_ condition: Term, _ then: Term, _ otherwise: Term, _ type: StaticType) -> Residual {
        let test = evaluate(condition)
        switch test.form {
        case .failure: return Residual(test.form, type)
        case .value: return test.truth == true ? evaluate(then) : evaluate(otherwise)
        default:
            // One side may be unreached, when the condition has only one value but may have none.
            let sides = (
                types[then.number] == nil ? .unreached(type) : evaluate(then),
                types[otherwise.number] == nil ? .unreached(type) : evaluate(otherwise)
            )
            return Residual(.conditional(test, then: sides.0, otherwise: sides.1), type)
        }
    }

    private func and(_ left: Term, _ right: Term, _ type: StaticType) -> Residual {
        if let residual = isTypeWithin(left, right) { return residual }
        let first = evaluate(left)
        if first.isFailure || first.truth == false || types[right.number] == nil { return first }
        let second = evaluate(right)
        if first.truth == true { return second }
        if second.truth == true { return first }
        if second.truth == false, !first.canFail { return second }
        return Residual(.and(first, second), type)
    }

    private func or(_ left: Term, _ right: Term, _ type: StaticType) -> Residual {
        let first = evaluate(left)
        if first.isFailure || first.truth == true || types[right.number] == nil { return first }
        let second = evaluate(right)
        if first.truth == false { return second }
        if second.truth == false { return first }
        if second.truth == true, !first.canFail { return second }
        return Residual(.or(first, second), type)
    }

    /// `x is T in y`, in which `x` stands twice: as the validator knows the type of `x`, one of the two is enough.
    private func isTypeWithin(_ left: Term, _ right: Term) -> Residual? {
        guard case .isType(let base, _) = left.form, case .binary(.within, let member, _) = right.form,
            base.number == member.number, case .bool(let fits) = types[left.number]
        else { return nil }
        return fits ? evaluate(right) : evaluate(left)
    }
}
