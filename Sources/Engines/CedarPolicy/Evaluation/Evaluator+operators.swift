// SPDX-License-Identifier: Apache-2.0

extension UnaryOperator {
    func apply(_ value: Value) throws(EvaluationError.Reason) -> Value {
        switch self {
        case .not:
            guard case .bool(let bool) = value else { throw .wrongType(expected: "a boolean") }
            return .bool(!bool)
        case .negate:
            let (result, overflow) = Int64(0).subtractingReportingOverflow(try value.integer())
            guard !overflow else { throw .overflow }
            return .integer(result)
        case .isEmpty: return .bool(try value.set().isEmpty)
        }
    }
}

extension BinaryOperator {
    /// What it gives for values alone. Those that ask what is known of entities are `Evaluator`'s.
    func apply(_ left: Value, _ right: Value) throws(EvaluationError.Reason) -> Value {
        switch self {
        case .equal: .bool(left == right)
        case .notEqual: .bool(left != right)
        case .less: .bool(try Self.isLess(left, right))
        case .greater: .bool(try Self.isLess(right, left))
        case .lessOrEqual: .bool(try !Self.isLess(right, left))
        case .greaterOrEqual: .bool(try !Self.isLess(left, right))
        case .add: .integer(try Self.checked(left.integer().addingReportingOverflow(right.integer())))
        case .subtract: .integer(try Self.checked(left.integer().subtractingReportingOverflow(right.integer())))
        case .multiply: .integer(try Self.checked(left.integer().multipliedReportingOverflow(by: right.integer())))
        case .contains: .bool(try left.set().contains(right))
        case .containsAll: .bool(try left.set().isSuperset(of: right.set()))
        case .containsAny: .bool(try !left.set().isDisjoint(with: right.set()))
        case .within, .hasTag, .getTag: throw .wrongType(expected: "an operator over values alone")
        }
    }

    private static func checked(
        _ result: (partialValue: Int64, overflow: Bool)
    ) throws(EvaluationError.Reason) -> Int64 {
        guard !result.overflow else { throw .overflow }
        return result.partialValue
    }

    private static func isLess(_ left: Value, _ right: Value) throws(EvaluationError.Reason) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.datetime(let left), .datetime(let right)): left < right
        case (.duration(let left), .duration(let right)): left < right
        default: throw .wrongType(expected: "two integers, two datetimes or two durations")
        }
    }
}

extension Evaluator {
    func apply(
        _ binary: BinaryOperator, _ left: Value, _ right: Value
    ) throws(EvaluationError.Reason) -> Value {
        switch binary {
        case .within: .bool(try isWithin(left.entity(), right))
        case .hasTag: .bool(try hasTag(right.text(), left.entity()))
        case .getTag: try tag(right.text(), of: left.entity())
        default: try binary.apply(left, right)
        }
    }

    /// An element of another type makes the whole comparison an error, also behind one that would do.
    private func isWithin(_ entity: EntityUID, _ group: Value) throws(EvaluationError.Reason) -> Bool {
        switch group {
        case .entity(let group): return entities.is(entity, within: group)
        case .set(let groups):
            var found = false
            for group in groups {
                guard case .entity(let group) = group else { throw .wrongType(expected: "a set of entities") }
                found = found || entities.is(entity, within: group)
            }
            return found
        default: throw .wrongType(expected: "an entity or a set of entities")
        }
    }

    /// Takes values, so that a tag name of another type is an error also where there is no entity.
    private func hasTag(_ name: Text, _ entity: EntityUID) -> Bool {
        entities[entity]?.tags[name] != nil
    }

    private func tag(_ name: Text, of entity: EntityUID) throws(EvaluationError.Reason) -> Value {
        guard let data = entities[entity] else { throw .unknownEntity(entity) }
        guard let value = data.tags[name] else { throw .missingTag(name) }
        return value
    }
}

// Attributes.
extension Evaluator {
    func attribute(_ name: Text, of value: Value) throws(EvaluationError.Reason) -> Value {
        let attributes: [Text: Value]
        switch value {
        case .record(let record): attributes = record
        case .entity(let uid):
            guard let entity = entities[uid] else { throw .unknownEntity(uid) }
            attributes = entity.attributes
        default: throw .wrongType(expected: "a record or an entity")
        }
        guard let attribute = attributes[name] else { throw .missingAttribute(name) }
        return attribute
    }

    /// `has a.b.c` is `has a && .a has b && .a.b has c`; an entity without data has no attributes.
    func has(_ path: ArraySlice<Text>, in value: Value) throws(EvaluationError.Reason) -> Bool {
        var value = value
        for name in path {
            let attribute: Value?
            switch value {
            case .record(let record): attribute = record[name]
            case .entity(let uid): attribute = entities[uid]?.attributes[name]
            default: throw .wrongType(expected: "a record or an entity")
            }
            guard let attribute else { return false }
            value = attribute
        }
        return true
    }
}

extension Value {
    func integer() throws(EvaluationError.Reason) -> Int64 {
        guard case .integer(let value) = self else { throw .wrongType(expected: "an integer") }
        return value
    }

    func text() throws(EvaluationError.Reason) -> Text {
        guard case .string(let text) = self else { throw .wrongType(expected: "a string") }
        return text
    }

    func set() throws(EvaluationError.Reason) -> Set<Value> {
        guard case .set(let set) = self else { throw .wrongType(expected: "a set") }
        return set
    }

    func entity() throws(EvaluationError.Reason) -> EntityUID {
        guard case .entity(let uid) = self else { throw .wrongType(expected: "an entity") }
        return uid
    }
}
