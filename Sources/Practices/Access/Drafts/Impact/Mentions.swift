// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// What texts of rules mention, and by what they can tell people and patients apart.
///
/// Whoever is not mentioned here and has the same attributes is the same to every rule: so one of them is enough to
/// decide about all.
struct Mentions: Sendable {
    /// Every string and every id of an entity.
    private(set) var names: Set<Text> = []
    /// Every entity.
    private(set) var entities: Set<EntityUID> = []
    /// Every attribute.
    private(set) var attributes: Set<Text> = []
    /// Every moment, and those that lie a length of time of the same rule away from one.
    private(set) var moments: Set<Datetime> = []
    /// Every length of time.
    private(set) var durations: Set<Milliseconds> = []
    /// Whether a rule looks at the day or the hour.
    private(set) var readsClock = false
    /// Whether a rule looks at keys or tags in a way that could tell any two people or patients apart.
    private(set) var tellsEverybodyApart = false

    /// Reads these policies.
    init(of books: [PolicySet]) {
        self.init(of: books.flatMap(\.policies))
    }

    /// Reads these policies.
    init(of policies: [Policy]) {
        for policy in policies {
            var own = Mentions()
            own.look(at: policy)
            add(own)
        }
    }

    private init() {}

    private mutating func add(_ rule: Mentions) {
        names.formUnion(rule.names)
        entities.formUnion(rule.entities)
        attributes.formUnion(rule.attributes)
        moments.formUnion(rule.moments)
        durations.formUnion(rule.durations)
        readsClock = readsClock || rule.readsClock
        tellsEverybodyApart = tellsEverybodyApart || rule.tellsEverybodyApart
        // A rule can count from a moment, and look at the day as a whole.
        let day = rule.readsClock ? [Milliseconds(count: 86_400_000)] : []
        for length in Array(rule.durations) + day {
            let back = Milliseconds(count: 0 &- length.count)
            moments.formUnion(rule.moments.flatMap { [$0.offset(by: length), $0.offset(by: back)] }.compactMap { $0 })
        }
    }

    /// The entities of a type.
    func entities(of type: TypeName) -> [EntityUID] { entities.filter { $0.type == type }.sorted() }

    /// The people who are named, as entities or by their keys.
    var people: [EntityUID] { keyed(CedarType.person, notOf: CedarType.patient) }

    /// The patients who are named in the same way.
    var patients: [EntityUID] { keyed(CedarType.patient, notOf: CedarType.person) }

    /// A text that is written out can be the key of a person or of a patient.
    private func keyed(_ type: TypeName, notOf other: TypeName) -> [EntityUID] {
        let others = Set(entities(of: other).map(\.id))
        let keys = names.filter { Identifier<Kernel.Person>($0.string) != nil && !others.contains($0) }
        return Set(entities(of: type) + keys.map { EntityUID(type: type, id: $0) }).sorted()
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
            attributes.insert(name)
            look(at: owner)
        case .binary(let tagged, let owner, let name) where tagged == .hasTag || tagged == .getTag:
            look(atTagOf: owner, name)
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right):
            look(at: left)
            look(at: right)
        case .conditional(let condition, let then, let otherwise):
            for part in [condition, then, otherwise] { look(at: part) }
        case .has(let operand, let names):
            attributes.formUnion(names)
            look(at: operand)
        case .unary(_, let operand), .like(let operand, _): look(at: operand)
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
