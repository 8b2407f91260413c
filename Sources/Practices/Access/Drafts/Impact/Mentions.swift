// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// What texts of rules mention, and by what they can tell people and patients apart.
///
/// Whoever is not mentioned here and has the same attributes is the same to every rule: so one of them is enough to
/// decide about all.
struct Mentions: Sendable {
    /// Every string and every id of an entity.
    private(set) var names: Set<Text> = []
    /// Every entity.
    private(set) var entities: Set<EntityUID> = []
    /// Every moment.
    private(set) var moments: Set<Datetime> = []
    /// Every length of time.
    private(set) var durations: Set<Milliseconds> = []
    /// Whether a rule looks at the day or the hour.
    private(set) var readsClock = false
    /// Whether a rule looks at keys or tags in a way that could tell any two people or patients apart.
    private(set) var tellsEverybodyApart = false

    /// Reads these policies.
    init(of books: [PolicySet]) {
        for policy in books.flatMap(\.policies) { look(at: policy) }
    }

    private mutating func look(at policy: Policy) {
        for scope in [policy.principal, policy.resource] {
            if case .entity(let uid)? = scope.reference { note(uid) }
        }
        for condition in policy.conditions { look(at: condition.body) }
    }

    private mutating func note(_ uid: EntityUID) {
        entities.insert(uid)
        names.insert(uid.id)
    }

    // Nesting is bounded where the text is read.
    private mutating func look(at expression: Expression) {
        switch expression.kind {
        case .bool, .integer, .variable: break
        case .string(let text): names.insert(text)
        case .entity(let uid): note(uid)
        case .attribute(let owner, let name):
            if name == "key" { tellsEverybodyApart = true }
            look(at: owner)
        case .binary(let tagged, let owner, let name) where tagged == .hasTag || tagged == .getTag:
            look(atTagOf: owner, name)
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right):
            look(at: left)
            look(at: right)
        case .conditional(let condition, let then, let otherwise):
            for part in [condition, then, otherwise] { look(at: part) }
        case .unary(_, let operand), .has(let operand, _), .like(let operand, _): look(at: operand)
        case .isType(let operand, _, let group):
            look(at: operand)
            if let group { look(at: group) }
        case .set(let elements): for element in elements { look(at: element) }
        case .record(let fields): for field in fields { look(at: field.value) }
        case .call(let function, let operands): look(atCallOf: function, operands)
        }
    }

    /// A tag of a patient is named by the person's key, one of a person by the patient's, or either by a text that is
    /// written out; anything else could be any name.
    private mutating func look(atTagOf owner: Expression, _ name: Expression) {
        switch (owner.kind, name.kind) {
        case (.variable(.principal), .string(let text)), (.variable(.resource), .string(let text)):
            names.insert(text)
        case (.variable(let owner), .attribute(let other, "key")):
            let expected: Variable = owner == .resource ? .principal : .resource
            if case .variable(expected) = other.kind, owner == .resource || owner == .principal { return }
            tellsEverybodyApart = true
        default:
            tellsEverybodyApart = true
            look(at: owner)
            look(at: name)
        }
    }

    private mutating func look(atCallOf function: ExtensionFunction, _ operands: [Expression]) {
        switch function {
        case .datetime:
            if case .string(let text)? = operands.first?.kind, let moment = Datetime(text) { moments.insert(moment) }
        case .duration:
            if case .string(let text)? = operands.first?.kind, let length = Milliseconds(text) {
                durations.insert(length)
            }
        case .toDate, .toTime, .durationSince: readsClock = true
        default: break
        }
        for operand in operands { look(at: operand) }
    }
}
