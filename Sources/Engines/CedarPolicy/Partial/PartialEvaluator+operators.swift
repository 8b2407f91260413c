// SPDX-License-Identifier: Apache-2.0

// Operators that want all their operands: they have a value when all have one, and none when one has none.
extension PartialEvaluator {
    func unary(_ unary: UnaryOperator, _ operand: Residual, _ type: StaticType) -> Residual {
        if operand.isFailure { return Residual(operand.form, type) }
        guard let value = operand.value else { return Residual(.unary(unary, operand), type) }
        return settled(type) { () throws(EvaluationError.Reason) in try unary.apply(value) }
    }

    func binary(_ binary: BinaryOperator, _ left: Residual, _ right: Residual, _ type: StaticType) -> Residual {
        if let failure = [left, right].first(where: \.isFailure) { return Residual(failure.form, type) }
        let open = Residual.Form.binary(binary, left, right)
        guard let first = left.value, let second = right.value else { return Residual(open, type) }
        switch binary {
        case .within, .hasTag, .getTag:
            do throws(EvaluationError.Reason) {
                let value = try ask(binary, of: first.entity(), second)
                return Residual(value.map(Residual.Form.value) ?? open, type)
            } catch {
                return Residual(.failure(error), type)
            }
        default: return settled(type) { () throws(EvaluationError.Reason) in try binary.apply(first, second) }
        }
    }

    func like(_ base: Residual, _ pattern: Pattern, _ type: StaticType) -> Residual {
        if base.isFailure { return Residual(base.form, type) }
        guard let value = base.value else { return Residual(.like(base, pattern), type) }
        return settled(type) { () throws(EvaluationError.Reason) in .bool(pattern.matches(try value.text())) }
    }

    func isType(_ base: Residual, _ name: TypeName, _ type: StaticType) -> Residual {
        if base.isFailure { return Residual(base.form, type) }
        guard let value = base.value else { return Residual(.isType(base, name), type) }
        return settled(type) { () throws(EvaluationError.Reason) in .bool(try value.entity().type == name) }
    }

    func set(_ elements: [Residual], _ type: StaticType) -> Residual {
        if let failure = elements.first(where: \.isFailure) { return Residual(failure.form, type) }
        let values = elements.compactMap(\.value)
        return Residual(values.count == elements.count ? .value(.set(Set(values))) : .set(elements), type)
    }

    func record(_ fields: [Text: Residual], _ type: StaticType) -> Residual {
        if let failure = fields.values.first(where: \.isFailure) { return Residual(failure.form, type) }
        let values = fields.compactMapValues(\.value)
        return Residual(values.count == fields.count ? .value(.record(values)) : .record(fields), type)
    }

    func call(_ function: ExtensionFunction, _ arguments: [Residual], _ type: StaticType) -> Residual {
        if let failure = arguments.first(where: \.isFailure) { return Residual(failure.form, type) }
        let values = arguments.compactMap(\.value)
        guard values.count == arguments.count else { return Residual(.call(function, arguments), type) }
        return settled(type) { () throws(EvaluationError.Reason) in try function.apply(values) }
    }

    private func settled(
        _ type: StaticType, _ body: () throws(EvaluationError.Reason) -> Value
    ) -> Residual {
        do throws(EvaluationError.Reason) {
            return Residual(.value(try body()), type)
        } catch {
            return Residual(.failure(error), type)
        }
    }
}
