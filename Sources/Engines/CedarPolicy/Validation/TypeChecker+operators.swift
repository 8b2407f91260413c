// SPDX-License-Identifier: Apache-2.0

// Operators over two values (Cedar reference, "Policy validation" and "Operators").
extension TypeChecker {
    mutating func binary(
        _ term: Term, _ binary: BinaryOperator, _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        switch binary {
        case .equal: return try equal(term, left, right, knowing: known)
        case .less, .lessOrEqual: return try less(left, right, knowing: known)
        case .add, .subtract, .multiply:
            let first = try expect(.integer, left, knowing: known)
            let second = try expect(.integer, right, knowing: known)
            return Finding(.declared(.integer)).resting(on: first, second)
        case .within: return try within(left, right, knowing: known)
        case .contains: return try contains(term, left, right, knowing: known)
        case .containsAll, .containsAny: return try containsSome(term, left, right, knowing: known)
        case .hasTag: return try hasTag(left, right, knowing: known)
        case .getTag: return try getTag(term, left, right, knowing: known)
        case .notEqual, .greater, .greaterOrEqual: return .faulty()
        }
    }

    /// Entities of different types are never equal, which is no error; two literals are compared at once.
    private mutating func equal(
        _ term: Term, _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let first = try check(left, knowing: known)
        let second = try check(right, knowing: known)
        if let type = first.type?.entity, let other = second.type?.entity, type != other {
            return Finding(.bool(false)).resting(on: first, second)
        }
        if let value = literal(left), let other = literal(right) {
            return Finding(.bool(value == other)).resting(on: first, second)
        }
        guard try areComparable(first.type, second.type, .equality, at: term) else { return .faulty(.boolean) }
        return Finding(.boolean).resting(on: first, second)
    }

    /// A value that the policy writes out; `action` is one, because the kind of request names the action.
    private func literal(_ term: Term) -> Term.Form? {
        switch term.form {
        case .bool, .integer, .string, .entity: term.form
        case .variable(.action): .entity(environment.action)
        default: nil
        }
    }

    /// Whether two types go together. A type that is left open has its error already.
    private mutating func areComparable(
        _ left: StaticType?, _ right: StaticType?, _ comparison: ValidationError.Comparison, at term: Term
    ) throws(Steps.Exhausted) -> Bool {
        guard let left, let right else { return true }
        if try left.joined(with: right, &steps) != nil { return true }
        try report(.differentTypes(comparison, left.description, right.description), at: term)
        return false
    }

    /// Of whole numbers, datetimes or durations, both of the same.
    private mutating func less(
        _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let first = try check(left, knowing: known)
        let second = try check(right, knowing: known)
        guard let type = first.type, let other = second.type else { return .faulty(.boolean) }
        let ordered: [ValueType] = [.integer, .datetime, .duration]
        if let expected = ordered.first(where: type.is) ?? ordered.first(where: other.is) {
            for (operand, found) in [(left, type), (right, other)] where !found.is(expected) {
                let expected = StaticType.declared(expected).description
                try report(.unexpectedType(expected: expected, found: found.description), at: operand)
                return .faulty(.boolean)
            }
            return Finding(.boolean).resting(on: first, second)
        }
        for (operand, found) in [(left, type), (right, other)] {
            let expected = "a whole number, a date and time, or a length of time"
            try report(.unexpectedType(expected: expected, found: found.description), at: operand)
        }
        return .faulty(.boolean)
    }

    private mutating func contains(
        _ term: Term, _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let set = try expect(.set, left, knowing: known)
        let element = try check(right, knowing: known)
        guard try areComparable(set.type?.element, element.type, .membership, at: term) else {
            return .faulty(.boolean)
        }
        return Finding(.boolean).resting(on: set, element)
    }

    private mutating func containsSome(
        _ term: Term, _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let first = try expect(.set, left, knowing: known)
        let second = try expect(.set, right, knowing: known)
        guard try areComparable(first.type, second.type, .membership, at: term) else { return .faulty(.boolean) }
        return Finding(.boolean).resting(on: first, second)
    }
}

// `in`.
extension TypeChecker {
    /// False when no entity of that type can be in one of the other. Of actions that the policy names, the schema knows.
    private mutating func within(
        _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        // Looked at once, or the work would double with each `is … in` inside another.
        let before = tested.flatMap { $0.number == left.number ? $0.finding : nil }
        let first = if let before { before } else { try expect(.entity, left, knowing: known) }
        let second = try expect(.entityOrEntities, right, knowing: known)
        guard !first.isFaulty, !second.isFaulty else { return .faulty(.boolean) }
        if let action = entity(left), action.type.isAction, let groups = entities(right) {
            let above = schema.actions[action]?.ancestors ?? []
            return Finding(.bool(groups.contains { $0 == action || above.contains($0) }))
        }
        guard let type = first.type?.entity, let group = second.type?.entity ?? second.type?.element?.entity
        else { return .faulty(.boolean) }
        return Finding(can(type, beIn: group) ? .boolean : .bool(false))
    }

    private func can(_ type: TypeName, beIn group: TypeName) -> Bool {
        type == group || schema.entityTypes[type]?.ancestors.contains(group) ?? false
            || actionTypes.can(type, beIn: group)
    }

    private func entity(_ term: Term) -> EntityUID? {
        if case .entity(let uid) = literal(term) { uid } else { nil }
    }

    /// The entities that are named one by one; nil when something else stands among them.
    private func entities(_ term: Term) -> [EntityUID]? {
        if let uid = entity(term) { return [uid] }
        guard case .set(let elements) = term.form else { return nil }
        let named = elements.compactMap(entity)
        return named.count == elements.count ? named : nil
    }
}
