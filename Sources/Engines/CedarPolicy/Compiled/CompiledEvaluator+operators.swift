// SPDX-License-Identifier: Apache-2.0

extension CompiledEvaluator {
    func apply(
        _ unary: UnaryOperator, _ value: CompiledValue
    ) throws(EvaluationError.Reason) -> CompiledValue {
        switch unary {
        case .not:
            guard case .bool(let bool) = value else { throw .wrongType(expected: "a boolean") }
            return .bool(!bool)
        case .negate: return try checked(Int64(0).subtractingReportingOverflow(value.integer()))
        case .isEmpty: return .bool(try value.count() == 0)
        }
    }

    func apply(
        _ binary: BinaryOperator, _ left: CompiledValue, _ right: CompiledValue
    ) throws(EvaluationError.Reason) -> CompiledValue {
        switch binary {
        case .equal: .bool(left == right)
        case .notEqual: .bool(left != right)
        case .less: .bool(try isLess(left, right))
        case .greater: .bool(try isLess(right, left))
        case .lessOrEqual: .bool(try !isLess(right, left))
        case .greaterOrEqual: .bool(try !isLess(left, right))
        case .add: try checked(left.integer().addingReportingOverflow(right.integer()))
        case .subtract: try checked(left.integer().subtractingReportingOverflow(right.integer()))
        case .multiply: try checked(left.integer().multipliedReportingOverflow(by: right.integer()))
        case .contains: .bool(try left.contains(right))
        case .containsAll: .bool(try left.containsAll(of: right))
        case .containsAny: .bool(try left.containsAny(of: right))
        case .within: .bool(try isWithin(left.entity(), right))
        case .hasTag: .bool(try tag(right.text(), of: left.entity()) != nil)
        case .getTag: try existingTag(right.text(), of: left.entity())
        }
    }

    private func checked(
        _ result: (partialValue: Int64, overflow: Bool)
    ) throws(EvaluationError.Reason) -> CompiledValue {
        guard !result.overflow else { throw .overflow }
        return .integer(result.partialValue)
    }

    private func isLess(_ left: CompiledValue, _ right: CompiledValue) throws(EvaluationError.Reason) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.datetime(let left), .datetime(let right)): left < right
        case (.duration(let left), .duration(let right)): left < right
        default: throw .wrongType(expected: "two integers, two datetimes or two durations")
        }
    }

    func isWithin(
        _ entity: EntityNumber, _ group: CompiledValue
    ) throws(EvaluationError.Reason) -> Bool {
        switch group {
        case .entity(let group): return situation.is(entity, within: group)
        case .entities(let groups):
            let ancestors = situation.ancestors(of: entity)
            return groups.contains { $0 == entity || ancestors.place(of: $0) != nil }
        // A set that is not of entities alone has an element of another type, unless it is empty.
        case .set(let groups):
            guard groups.isEmpty else { throw .wrongType(expected: "a set of entities") }
            return false
        default: throw .wrongType(expected: "an entity or a set of entities")
        }
    }

    private func tag(_ name: Text, of entity: EntityNumber) -> CompiledValue? {
        situation.known(name).flatMap { situation.tags(of: entity)[$0] }
    }

    private func existingTag(
        _ name: Text, of entity: EntityNumber
    ) throws(EvaluationError.Reason) -> CompiledValue {
        guard situation.isKnown(entity) else { throw .unknownEntity(situation.uid(entity)) }
        guard let value = tag(name, of: entity) else { throw .missingTag(name) }
        return value
    }
}

// Attributes, types and functions: those that know their node.
extension CompiledEvaluator {
    func attribute(
        _ name: NameNumber, of value: CompiledValue, _ place: Code.Place
    ) throws(EvaluationError) -> CompiledValue {
        let found: CompiledValue?
        switch value {
        case .record(let record): found = record[name]
        case .entity(let number):
            guard let attributes = situation.attributes(of: number) else {
                throw failure(.unknownEntity(situation.uid(number)), place)
            }
            found = attributes[name]
        default: throw failure(.wrongType(expected: "a record or an entity"), place)
        }
        // The name is the policy's, so the store has it.
        guard let found else { throw failure(.missingAttribute(situation.store.names.text(name)), place) }
        return found
    }

    func has(
        _ path: Code.Stretch, in value: CompiledValue, _ place: Code.Place
    ) throws(EvaluationError) -> Bool {
        var value = value
        for member in path.places {
            let name = code.member(member)
            let found: CompiledValue?
            switch value {
            case .record(let record): found = record[name]
            case .entity(let number): found = situation.attributes(of: number)?[name]
            default: throw failure(.wrongType(expected: "a record or an entity"), place)
            }
            guard let found else { return false }
            value = found
        }
        return true
    }

    func entity(_ operand: Code.Place, _ place: Code.Place) throws(EvaluationError) -> EntityNumber {
        guard case .entity(let number) = try evaluate(operand) else {
            throw failure(.wrongType(expected: "an entity"), place)
        }
        return number
    }

    func isType(
        _ entity: EntityNumber, _ type: TypeNumber, within group: Code.Place, _ place: Code.Place
    ) throws(EvaluationError) -> Bool {
        guard situation.type(of: entity) == type else { return false }
        let group = try evaluate(group)
        do throws(EvaluationError.Reason) {
            return try isWithin(entity, group)
        } catch {
            throw failure(error, place)
        }
    }

    func call(
        _ function: ExtensionFunction, _ arguments: [CompiledValue], _ place: Code.Place
    ) throws(EvaluationError) -> CompiledValue {
        do throws(EvaluationError.Reason) {
            let result = try function.apply(arguments.map(\.argument))
            guard let value = CompiledValue(result: result) else { throw .invalidExtensionValue(function) }
            return value
        } catch {
            throw failure(error, place)
        }
    }
}
