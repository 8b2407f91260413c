// SPDX-License-Identifier: Apache-2.0

/// What is known when the first of several things, all of which must be true, have been looked at.
struct Conjunction {
    /// What is known to be there when they are all true.
    var capabilities: Set<Capability> = []
    /// Whether one of them is always false, so that the others are never reached.
    var isDecided = false
    /// Whether the type of one of them is left open.
    var isOpen = false

    /// Whether they are not known to be false together.
    var canBeTrue: Bool {
        !isDecided || isOpen
    }
}

// What decides between true and false, and thereby what is looked at at all: the side that is never reached is not
// checked (Cedar reference, "Policy validation").
extension TypeChecker {
    mutating func conditional(
        _ term: Term, _ condition: Term, _ then: Term, _ otherwise: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let test = try expect(.truth, condition, knowing: known)
        if case .bool(false) = test.type {
            return try check(otherwise, knowing: known).resting(on: test)
        }
        var first = try check(then, knowing: try union(known, test.capabilities))
        first.capabilities = try union(first.capabilities, test.capabilities)
        if case .bool(true) = test.type { return first.resting(on: test) }
        let second = try check(otherwise, knowing: known)
        guard let left = first.type, let right = second.type else { return .faulty() }
        guard let joined = try left.joined(with: right, &steps) else {
            try report(.differentTypes(.branches, left.description, right.description), at: term)
            return .faulty()
        }
        return Finding(joined, try intersection(first.capabilities, second.capabilities))
            .resting(on: test, first, second)
    }

    /// As if they were joined by `&&`, but for any number of them.
    mutating func check(_ parts: [Term], after before: Conjunction) throws(Steps.Exhausted) -> Conjunction {
        var all = before
        for part in parts {
            let finding = try expect(.truth, part, knowing: all.capabilities)
            if finding.type == nil { all.isOpen = true }
            if case .bool(false) = finding.type {
                all.isDecided = true
                return all
            }
            all.capabilities = try union(all.capabilities, finding.capabilities)
        }
        return all
    }

    mutating func and(
        _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let first = try expect(.truth, left, knowing: known)
        if case .bool(false) = first.type { return Finding(.bool(false)).resting(on: first) }
        let second = try expect(.truth, right, knowing: try union(known, first.capabilities))
        guard let type = first.type, let other = second.type else { return .faulty(.boolean) }
        if case .bool(false) = other { return Finding(.bool(false)).resting(on: first, second) }
        let both = try union(first.capabilities, second.capabilities)
        return switch (type, other) {
        case (_, .bool(true)): Finding(type, both).resting(on: first, second)
        case (.bool(true), _): Finding(other, both).resting(on: first, second)
        default: Finding(.boolean, both).resting(on: first, second)
        }
    }

    mutating func or(
        _ left: Term, _ right: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let first = try expect(.truth, left, knowing: known)
        if case .bool(true) = first.type { return first }
        let second = try expect(.truth, right, knowing: known)
        guard let type = first.type, let other = second.type else { return .faulty(.boolean) }
        switch (type, other) {
        case (_, .bool(true)): return Finding(other, second.capabilities).resting(on: first, second)
        case (_, .bool(false)): return Finding(type, first.capabilities).resting(on: first, second)
        case (.bool(false), _): return Finding(other, second.capabilities).resting(on: first, second)
        default:
            let either = try intersection(first.capabilities, second.capabilities)
            return Finding(.boolean, either).resting(on: first, second)
        }
    }

    mutating func unary(
        _ unary: UnaryOperator, _ operand: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        switch unary {
        case .not:
            let finding = try expect(.truth, operand, knowing: known)
            if case .bool(let value) = finding.type { return Finding(.bool(!value)).resting(on: finding) }
            return Finding(.boolean).resting(on: finding)
        case .negate:
            return Finding(.declared(.integer)).resting(on: try expect(.integer, operand, knowing: known))
        case .isEmpty:
            return Finding(.boolean).resting(on: try expect(.set, operand, knowing: known))
        }
    }

    mutating func isType(
        _ base: Term, _ type: TypeName, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let finding = try expect(.entity, base, knowing: known)
        tested = (base.number, finding)
        guard let entity = finding.type?.entity else { return .faulty(.boolean) }
        return Finding(.bool(entity == type)).resting(on: finding)
    }
}

// What is known to be there.
extension TypeChecker {
    private mutating func union(
        _ left: Set<Capability>, _ right: Set<Capability>
    ) throws(Steps.Exhausted) -> Set<Capability> {
        if right.isEmpty { return left }
        if left.isEmpty { return right }
        try steps.spend(left.count + right.count)
        return left.union(right)
    }

    private mutating func intersection(
        _ left: Set<Capability>, _ right: Set<Capability>
    ) throws(Steps.Exhausted) -> Set<Capability> {
        if left.isEmpty || right.isEmpty { return [] }
        try steps.spend(left.count + right.count)
        return left.intersection(right)
    }
}
