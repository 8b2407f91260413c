// SPDX-License-Identifier: Apache-2.0

/// A policy as what must be true, one after the other, for it to apply
/// (Cedar language reference, "Authorization": how the parts of a policy are evaluated).
struct LoweredPolicy {
    /// What is asked of the principal and of the action.
    let head: [Term]
    /// What is asked of the resource; then what follows `when`, and the opposite of what follows `unless`.
    let rest: [Term]
    /// How many terms there are.
    let count: Int

    init(_ policy: Policy) {
        var lowering = Lowering()
        let place = policy.position
        head = [
            lowering.scope(policy.principal, of: .principal, at: place), lowering.scope(policy.action, at: place),
        ]
        let resource = lowering.scope(policy.resource, of: .resource, at: place)
        rest = [resource] + policy.conditions.map { lowering.condition($0) }
        count = lowering.count
    }
}

/// Turns the parts of one policy into terms.
private struct Lowering {
    /// The forms seen so far. Terms compare by their numbers, so no look-up walks a tree.
    private var shapes: [Term.Form: Int] = [:]
    /// How many terms were made.
    private(set) var count = 0

    mutating func condition(_ condition: Condition) -> Term {
        let body = term(condition.body)
        return condition.kind == .when ? body : make(.unary(.not, body), at: condition.body.position)
    }

    private mutating func make(_ form: Term.Form, at position: Position) -> Term {
        let shape = shapes[form] ?? shapes.count
        shapes[form] = shape
        defer { count += 1 }
        return Term(form: form, shape: shape, number: count, position: position)
    }
}

// The head of a policy.
extension Lowering {
    mutating func scope(_ scope: EntityScope, of variable: Variable, at place: Position) -> Term {
        let subject = make(.variable(variable), at: place)
        switch scope {
        case .any: return make(.bool(true), at: place)
        case .equal(let reference): return make(.binary(.equal, subject, named(reference, at: place)), at: place)
        case .within(let reference): return make(.binary(.within, subject, named(reference, at: place)), at: place)
        case .isType(let type): return make(.isType(subject, type), at: place)
        case .isTypeWithin(let type, let reference):
            let within = make(.binary(.within, subject, named(reference, at: place)), at: place)
            return make(.and(make(.isType(subject, type), at: place), within), at: place)
        }
    }

    private mutating func named(_ reference: EntityReference, at place: Position) -> Term {
        switch reference {
        case .entity(let uid): make(.entity(uid), at: place)
        case .slot(let slot): make(.slot(slot), at: place)
        }
    }

    mutating func scope(_ scope: ActionScope, at place: Position) -> Term {
        let action = make(.variable(.action), at: place)
        switch scope {
        case .any: return make(.bool(true), at: place)
        case .equal(let uid): return make(.binary(.equal, action, make(.entity(uid), at: place)), at: place)
        case .within(let uid): return within(action, [uid], at: place)
        case .withinAny(let uids): return within(action, uids, at: place)
        }
    }

    private mutating func within(_ action: Term, _ groups: [EntityUID], at place: Position) -> Term {
        let elements = groups.map { make(.entity($0), at: place) }
        return make(.binary(.within, action, make(.set(elements), at: place)), at: place)
    }
}

// Expressions. INVARIANT: no expression is higher than `SyntaxLimits.height`, so this may recurse.
extension Lowering {
    private mutating func term(_ expression: Expression) -> Term {
        let place = expression.position
        switch expression.kind {
        case .bool(let value): return make(.bool(value), at: place)
        case .integer(let value): return make(.integer(value), at: place)
        case .string(let value): return make(.string(value), at: place)
        case .entity(let uid): return make(.entity(uid), at: place)
        case .variable(let variable): return make(.variable(variable), at: place)
        case .conditional(let condition, let then, let otherwise):
            return make(
                .conditional(term(condition), then: term(then), otherwise: term(otherwise)), at: place)
        case .and(let left, let right): return both(term(left), term(right), true, at: place)
        case .or(let left, let right): return both(term(left), term(right), false, at: place)
        case .unary(let unary, let operand): return make(.unary(unary, term(operand)), at: place)
        case .binary(let binary, let left, let right): return self.binary(binary, term(left), term(right), at: place)
        case .attribute(let base, let name): return make(.attribute(term(base), name), at: place)
        case .has(let base, let path): return has(path, in: term(base), at: place)
        case .like(let base, let pattern): return make(.like(term(base), pattern), at: place)
        case .isType(let base, let type, let within): return isType(term(base), type, within, at: place)
        case .set(let elements): return make(.set(elements.map { term($0) }), at: place)
        case .record(let fields):
            var record: [Text: Term] = [:]
            for field in fields { record[field.name] = term(field.value) }
            return make(.record(record), at: place)
        case .call(let function, let arguments):
            return make(.call(function, arguments.map { term($0) }), at: place)
        }
    }

    /// `&&`, or `||`. Of two truth values that are written out it is one itself, as Cedar's own engine has it: then it
    /// is a literal, and comparing literals is never a fault.
    private mutating func both(_ left: Term, _ right: Term, _ isAnd: Bool, at place: Position) -> Term {
        if case .bool(let first) = left.form, case .bool(let second) = right.form {
            return make(.bool(isAnd ? first && second : first || second), at: place)
        }
        return make(isAnd ? .and(left, right) : .or(left, right), at: place)
    }

    private mutating func binary(_ binary: BinaryOperator, _ left: Term, _ right: Term, at place: Position) -> Term {
        let opposite: BinaryOperator? =
            switch binary {
            case .notEqual: .equal
            case .greater: .lessOrEqual
            case .greaterOrEqual: .less
            default: nil
            }
        guard let opposite else { return make(.binary(binary, left, right), at: place) }
        return make(.unary(.not, make(.binary(opposite, left, right), at: place)), at: place)
    }

    private mutating func has(_ path: [Text], in base: Term, at place: Position) -> Term {
        var steps: [Term.Step] = []
        var subject = base
        for name in path {
            steps.append(Term.Step(subject: subject.shape, name: name))
            // Only its number is wanted: a path may be long, and nothing is to be higher than the expression was.
            let step = make(.attribute(subject, name), at: place)
            subject = Term(form: .bool(true), shape: step.shape, number: step.number, position: place)
        }
        return make(.has(base, steps), at: place)
    }

    /// `x is T in y` is `x is T && x in y`.
    private mutating func isType(
        _ base: Term, _ type: TypeName, _ within: Expression?, at place: Position
    ) -> Term {
        let test = make(.isType(base, type), at: place)
        guard let within else { return test }
        return make(.and(test, make(.binary(.within, base, term(within)), at: place)), at: place)
    }
}
