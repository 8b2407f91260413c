// SPDX-License-Identifier: Apache-2.0

/// Looks whether everything that a policy names is declared, also where it is never reached, and whether it is what it
/// looks like (Cedar reference, "Policy validation": unrecognized names and confusable strings).
struct NameCheck {
    let schema: Schema
    private(set) var faults: [TypeChecker.Fault] = []
    /// Where texts with turned writing stand.
    private(set) var turned: Set<Position> = []
    /// The `x` of each `x is T`, which `x is T in y` has twice and which is looked at once.
    private var tested: Set<Int> = []

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// Looks at an expression and all in it.
    ///
    /// INVARIANT: no expression is much higher than `SyntaxLimits.height`, so this may recurse.
    mutating func look(at term: Term) {
        switch term.form {
        case .entity(let uid): look(at: uid, term.position)
        case .isType(_, let type): look(at: type, term.position)
        default: break
        }
        if term.form.texts.contains(where: \.turnsWriting) { turned.insert(term.position) }
        if case .isType(let base, _) = term.form { tested.insert(base.number) }
        if case .binary(.within, let base, let group) = term.form, tested.contains(base.number) {
            return look(at: group)
        }
        for child in term.form.children { look(at: child) }
    }

    private mutating func look(at type: TypeName, _ position: Position) {
        guard !type.isAction, schema.entityTypes[type] == nil else { return }
        faults.append(TypeChecker.Fault(reason: .unknownType(type), position: position))
    }

    private mutating func look(at uid: EntityUID, _ position: Position) {
        look(at: uid.type, position)
        if uid.type.isAction {
            guard schema.actions[uid] == nil else { return }
            faults.append(TypeChecker.Fault(reason: .unknownAction(uid), position: position))
        } else if let ids = schema.entityTypes[uid.type]?.ids, !ids.contains(uid.id) {
            faults.append(TypeChecker.Fault(reason: .unlistedEntity(uid), position: position))
        }
    }
}

extension Term.Form {
    /// The expressions inside.
    var children: [Term] {
        switch self {
        case .bool, .integer, .string, .entity, .variable, .slot: []
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .and(let left, let right), .or(let left, let right), .binary(_, let left, let right): [left, right]
        case .unary(_, let operand), .attribute(let operand, _), .has(let operand, _), .like(let operand, _),
            .isType(let operand, _):
            [operand]
        case .set(let elements), .call(_, let elements): elements
        case .record(let fields): Array(fields.values)
        }
    }

    /// The texts and names that this alone holds.
    fileprivate var texts: [Text] {
        switch self {
        case .string(let text), .attribute(_, let text): [text]
        case .entity(let uid): [uid.id]
        case .has(_, let path): path.map(\.name)
        case .like(_, let pattern): pattern.parts
        case .record(let fields): Array(fields.keys)
        default: []
        }
    }
}

extension Text {
    /// Whether it has one of U+202A to U+202E or U+2066 to U+2069, which embed, override or isolate a direction.
    fileprivate var turnsWriting: Bool {
        zip(utf8, zip(utf8.dropFirst(), utf8.dropFirst(2))).contains { first, rest in
            switch (first, rest.0, rest.1) {
            case (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA6...0xA9): true
            default: false
            }
        }
    }
}
