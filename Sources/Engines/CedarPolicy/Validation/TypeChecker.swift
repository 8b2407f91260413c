// SPDX-License-Identifier: Apache-2.0

/// Finds the type of expressions for one kind of request, by the strict rules
/// (Cedar reference, "Policy validation"; formally, the type checker of the Cedar specification).
///
/// It goes on after an error, so that all errors of a policy are told at once.
struct TypeChecker {
    let schema: Schema
    /// Which types of actions can be in which others.
    let actionTypes: ActionTypes
    let environment: RequestEnvironment
    let context: RecordType
    var steps: Steps
    /// What was found to be wrong, in the order in which it was found.
    private(set) var faults: [Fault] = []
    /// The types of terms by number; nil for one that was not looked at, because it is never reached. Empty when nobody
    /// wants to know.
    private(set) var types: [StaticType?] = []
    /// What was found about `x` in the first half of `x is T in y`; the second half follows at once.
    var tested: (number: Int, finding: Finding)?

    /// Something wrong at a place of the policy.
    struct Fault: Hashable {
        let reason: ValidationError.Reason
        let position: Position
    }

    init(
        schema: Schema, actionTypes: ActionTypes, environment: RequestEnvironment, context: RecordType, steps: Steps,
        recording count: Int = 0
    ) {
        self.schema = schema
        self.actionTypes = actionTypes
        self.environment = environment
        self.context = context
        self.steps = steps
        types = Array(repeating: nil, count: count)
    }

    mutating func report(_ reason: ValidationError.Reason, at term: Term) throws(Steps.Exhausted) {
        try steps.spend(Steps.perReport)
        faults.append(Fault(reason: reason, position: term.position))
    }

    /// The type of an expression where some optional things are known to be there.
    ///
    /// INVARIANT: no expression is much higher than `SyntaxLimits.height`, so this may recurse.
    mutating func check(
        _ term: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        try steps.spend(1)
        let finding = try self.finding(term, knowing: known)
        if types.indices.contains(term.number) { types[term.number] = finding.type }
        return finding
    }

    private mutating func finding(
        _ term: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        switch term.form {
        case .bool(let value): return Finding(.bool(value))
        case .integer: return Finding(.declared(.integer))
        case .string(let text):
            try steps.spend(text)
            return Finding(.declared(.string))
        case .entity(let uid):
            try steps.spend(uid.id)
            return entity(uid)
        case .variable(let variable): return Finding(.declared(type(of: variable)))
        case .slot(let slot): return Finding(.declared(type(of: slot)))
        case .conditional(let condition, let then, let otherwise):
            return try conditional(term, condition, then, otherwise, knowing: known)
        case .and(let left, let right): return try and(left, right, knowing: known)
        case .or(let left, let right): return try or(left, right, knowing: known)
        case .set(let elements): return try set(term, elements, knowing: known)
        case .record(let fields): return try record(fields, knowing: known)
        default: return try operation(term, knowing: known)
        }
    }

    private mutating func operation(
        _ term: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        switch term.form {
        case .unary(let unary, let operand): return try self.unary(unary, operand, knowing: known)
        case .binary(let binary, let left, let right):
            return try self.binary(term, binary, left, right, knowing: known)
        case .attribute(let base, let name): return try attribute(term, base, name, knowing: known)
        case .has(let base, let path): return try has(term, base, path, knowing: known)
        case .like(let base, _):
            return Finding(.boolean).resting(on: try expect(.text, base, knowing: known))
        case .isType(let base, let type): return try isType(base, type, knowing: known)
        case .call(let function, let arguments): return try call(term, function, arguments, knowing: known)
        default: return .faulty()
        }
    }

    /// An entity that is not declared has no type; that it is not is said once for the policy.
    private func entity(_ uid: EntityUID) -> Finding {
        let isDeclared = uid.type.isAction ? schema.actions[uid] != nil : schema.entityTypes[uid.type] != nil
        return isDeclared ? Finding(.declared(.entity(uid.type))) : .faulty()
    }

    /// A slot stands only after `==` or `in` in a head. What it could be besides the type of what is left of that makes
    /// the head either false or no better known, so nothing else need be tried.
    private func type(of slot: Slot) -> ValueType {
        switch slot {
        case .principal: .entity(environment.principal)
        case .resource: .entity(environment.resource)
        }
    }

    private func type(of variable: Variable) -> ValueType {
        switch variable {
        case .principal: .entity(environment.principal)
        case .action: .entity(environment.action.type)
        case .resource: .entity(environment.resource)
        case .context: .record(context)
        }
    }

    private mutating func set(
        _ term: Term, _ elements: [Term], knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        var isFaulty = false
        var types: [StaticType] = []
        for element in elements {
            let finding = try check(element, knowing: known)
            isFaulty = isFaulty || finding.isFaulty
            if let type = finding.type { types.append(type) }
        }
        guard var joined = types.first else {
            if elements.isEmpty { try report(.emptySet, at: term) }
            return .faulty()
        }
        guard types.count == elements.count else { return .faulty() }
        for type in types.dropFirst() {
            guard let both = try joined.joined(with: type, &steps) else {
                try report(.differentTypes(.elements, joined.description, type.description), at: term)
                return .faulty()
            }
            joined = both
        }
        return isFaulty ? .faulty(.set(joined)) : Finding(.set(joined))
    }

    private mutating func record(
        _ fields: [Text: Term], knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        var isFaulty = false
        var types: [Text: StaticType] = [:]
        for (name, field) in fields {
            let finding = try check(field, knowing: known)
            isFaulty = isFaulty || finding.isFaulty
            types[name] = finding.type
        }
        guard types.count == fields.count else { return .faulty() }
        return isFaulty ? .faulty(.record(types)) : Finding(.record(types))
    }
}

/// Which types of actions have members of which other types, besides their own.
struct ActionTypes: Sendable {
    private let above: [TypeName: Set<TypeName>]

    init(_ schema: Schema) {
        var above: [TypeName: Set<TypeName>] = [:]
        for (uid, action) in schema.actions {
            for ancestor in action.ancestors { above[uid.type, default: []].insert(ancestor.type) }
        }
        self.above = above
    }

    func can(_ type: TypeName, beIn other: TypeName) -> Bool {
        above[type]?.contains(other) ?? false
    }
}
