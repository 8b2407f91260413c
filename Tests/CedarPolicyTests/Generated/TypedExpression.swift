// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes the text of expressions that fit a schema: every operator over the types that it takes, and whatever may be
/// missing asked for first.
struct TypedExpression {
    var dice: Dice
    let principal: ValueType
    let resource: ValueType
    let context: ValueType
    /// What has an attribute of a type.
    private var sources: [ValueType: [Source]] = [:]
    /// The types there are, in a fixed order.
    private var types: [ValueType] = []
    private let tags: [ValueType: [ValueType]]

    private struct Source {
        let owner: ValueType
        let name: String
        let isRequired: Bool
    }

    init(_ schema: Schema, _ principal: TypeName, _ action: EntityUID, _ resource: TypeName, dice: Dice) {
        self.dice = dice
        self.principal = .entity(principal)
        self.resource = .entity(resource)
        let context = schema.actions[action]?.context ?? [:]
        self.context = .record(context)
        let declared = schema.entityTypes.sorted { $0.key.text < $1.key.text }
        tags = Dictionary(grouping: declared.filter { $1.tags != nil }) { $1.tags ?? .bool }
            .mapValues { $0.map { .entity($0.key) } }
        for (name, type) in declared { collect(type.attributes, of: .entity(name)) }
        collect(context, of: .record(context))
    }

    private mutating func collect(_ attributes: RecordType, of owner: ValueType) {
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            if sources[attribute.type] == nil { types.append(attribute.type) }
            let source = Source(owner: owner, name: name.string, isRequired: attribute.isRequired)
            sources[attribute.type, default: []].append(source)
            if case .record(let inner) = attribute.type { collect(inner, of: attribute.type) }
        }
    }

    /// An expression, in brackets where it has parts, that is at most so many operators high.
    mutating func text(_ type: ValueType, _ height: Int) -> String {
        guard height > 0 else { return leaf(type) }
        switch dice.number(10) {
        case 0: return leaf(type)
        case 1: return "(if \(text(.bool, height - 1)) then \(text(type, height - 1)) else \(text(type, height - 1)))"
        case 2...5: return attribute(type, height - 1)
        default: return operation(type, height - 1)
        }
    }
}

// What has no operators, or only the dot.
extension TypedExpression {
    private mutating func leaf(_ type: ValueType) -> String {
        switch type {
        case .bool: dice.pick(["true", "false"])
        case .integer: "(\(dice.pick(Vocabulary.integers)))"
        case .string: "\"\(dice.pick(Vocabulary.strings))\""
        case .entity(let name): entity(name)
        case .set(let element): "[\((0...dice.number(3)).map { _ in leaf(element) }.joined(separator: ", "))]"
        case .record(let fields): record(fields)
        case .decimal: "decimal(\"\(dice.pick(Vocabulary.decimals))\")"
        case .address: "ip(\"\(dice.pick(Vocabulary.addresses))\")"
        case .datetime: "datetime(\"\(dice.pick(Vocabulary.datetimes))\")"
        case .duration: "duration(\"\(dice.pick(Vocabulary.durations))\")"
        }
    }

    mutating func entity(_ type: TypeName) -> String {
        let variables = [("principal", principal), ("resource", resource)].filter { $0.1 == .entity(type) }
        if !variables.isEmpty, dice.chance(70) { return dice.pick(variables).0 }
        if type.text == "Action", dice.chance(50) { return "action" }
        let id = dice.pick(TypedVocabulary.ids(type.text.string))
        return EntityUID(type: type, id: Text(id)).description
    }

    /// A record of which something may be missing cannot be written out.
    private mutating func record(_ fields: RecordType) -> String {
        if .record(fields) == context, dice.chance(80) || !fields.values.allSatisfy(\.isRequired) { return "context" }
        if fields.values.allSatisfy(\.isRequired) {
            let written = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \(leaf($0.value.type))" }
            return "{\(written.joined(separator: ", "))}"
        }
        let source = dice.pick((sources[.record(fields)] ?? []).filter(\.isRequired))
        return "\(leaf(source.owner)).\(source.name)"
    }

    private mutating func attribute(_ type: ValueType, _ height: Int) -> String {
        if let owners = tags[type], dice.chance(20) {
            let (base, name) = (text(dice.pick(owners), height), tag(height))
            return "(if \(base).hasTag(\(name)) then \(base).getTag(\(name)) else \(text(type, height)))"
        }
        guard let sources = sources[type] else { return operation(type, height) }
        let source = dice.pick(sources)
        let base = text(source.owner, height)
        if source.isRequired { return "\(base).\(source.name)" }
        return "(if \(base) has \(source.name) then \(base).\(source.name) else \(text(type, height)))"
    }

    private mutating func tag(_ height: Int) -> String {
        dice.chance(70) ? "\"\(dice.pick(TypedVocabulary.tags))\"" : text(.string, min(height, 1))
    }
}

// Operators.
extension TypedExpression {
    private mutating func operation(_ type: ValueType, _ height: Int) -> String {
        switch type {
        case .bool: "(\(bool(height)))"
        case .integer: "(\(integer(height)))"
        case .string, .entity, .decimal, .address: leaf(type)
        case .set(let element): "[\((0...dice.number(3)).map { _ in text(element, height) }.joined(separator: ", "))]"
        case .record(let fields):
            fields.values.allSatisfy(\.isRequired)
                ? "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \(text($0.value.type, height))" }.joined(separator: ", "))}"
                : record(fields)
        case .datetime:
            dice.chance(60)
                ? "\(text(.datetime, height)).offset(\(text(.duration, height)))"
                : "\(text(.datetime, height)).toDate()"
        case .duration:
            dice.chance(60)
                ? "\(text(.datetime, height)).durationSince(\(text(.datetime, height)))"
                : "\(text(.datetime, height)).toTime()"
        }
    }

    private mutating func integer(_ height: Int) -> String {
        switch dice.number(5) {
        case 0: "-\(text(.integer, height))"
        case 1: "\(text(.duration, height)).to\(dice.pick(["Milliseconds", "Seconds", "Minutes", "Hours", "Days"]))()"
        default: "\(text(.integer, height)) \(dice.pick(["+", "-", "*"])) \(text(.integer, height))"
        }
    }

    private mutating func bool(_ height: Int) -> String {
        switch dice.number(20) {
        case 0...2: return row("&&", height)
        case 3...5: return row("||", height)
        case 6: return "!\(text(.bool, height))"
        case 7: return equality(height)
        case 8: return "\(integer(height)) < \(integer(height))"
        case 9, 10:
            let type: ValueType = dice.pick([.integer, .integer, .datetime, .duration])
            return "\(text(type, height)) \(dice.pick(["<", "<=", ">", ">="])) \(text(type, height))"
        case 11, 12: return "\(text(anyEntity(), height)) in \(text(group(), height))"
        case 13: return has(height)
        case 14: return "\(text(.string, height)) like \"\(dice.pick(Vocabulary.patterns))\""
        case 15: return isType(height)
        case 16: return "\(text(anyEntity(), height)).hasTag(\(tag(height)))"
        case 17: return address(height)
        case 18:
            let function = dice.pick(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])
            return "\(text(.decimal, height)).\(function)(\(text(.decimal, height)))"
        default: return sets(height)
        }
    }

    /// Often with a part that may be missing and is asked for before it is used.
    private mutating func row(_ sign: String, _ height: Int) -> String {
        (0...(1 + dice.number(3))).map { _ in dice.chance(25) ? guarded(height) : text(.bool, height) }
            .joined(separator: " \(sign) ")
    }

    private mutating func guarded(_ height: Int) -> String {
        let type = dice.pick(types)
        guard let source = (sources[type] ?? []).filter({ !$0.isRequired }).randomElement(using: &dice) else {
            return text(.bool, height)
        }
        let base = text(source.owner, height)
        let use = "\(base) has \(source.name) && \(base).\(source.name) == \(text(type, height))"
        return dice.chance(70) ? "(\(use))" : "(\(base) has \(source.name) && \(use))"
    }

    private mutating func equality(_ height: Int) -> String {
        let type = dice.pick(types + [.bool, principal, resource])
        let sign = dice.pick(["==", "!="])
        if case .entity = type, dice.chance(20) { return "\(text(type, height)) \(sign) \(text(anyEntity(), height))" }
        return "\(text(type, height)) \(sign) \(text(type, height))"
    }

    private mutating func anyEntity() -> ValueType {
        let types = types.filter { if case .entity = $0 { true } else { false } }
        return dice.pick(types + [principal, resource])
    }

    private mutating func group() -> ValueType {
        dice.chance(60) ? anyEntity() : .set(anyEntity())
    }

    private mutating func has(_ height: Int) -> String {
        let source = dice.pick(sources[dice.pick(types)] ?? [])
        let base = text(source.owner, height)
        guard dice.chance(40), let inner = names(in: type(of: source)).randomElement(using: &dice) else {
            return "\(base) has \(dice.chance(95) ? source.name : "nothing")"
        }
        return "\(base) has \(source.name).\(inner)"
    }

    private func type(of source: Source) -> ValueType? {
        types.first { type in
            (sources[type] ?? []).contains { $0.owner == source.owner && $0.name == source.name }
        }
    }

    private func names(in owner: ValueType?) -> [String] {
        types.flatMap { type in (sources[type] ?? []).filter { $0.owner == owner }.map(\.name) }
    }

    private mutating func isType(_ height: Int) -> String {
        let test = "\(text(anyEntity(), height)) is \(dice.pick(TypedVocabulary.types))"
        return dice.chance(40) ? test : "\(test) in \(text(group(), height))"
    }

    private mutating func address(_ height: Int) -> String {
        let base = text(.address, height)
        return dice.chance(50)
            ? "\(base).isInRange(\(text(.address, height)))"
            : "\(base).\(dice.pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"]))()"
    }

    private mutating func sets(_ height: Int) -> String {
        let element = dice.pick(types)
        let base = text(.set(element), height)
        switch dice.number(4) {
        case 0: return "\(base).isEmpty()"
        case 1: return "\(base).contains(\(text(element, height)))"
        default: return "\(base).\(dice.pick(["containsAll", "containsAny"]))(\(text(.set(element), height)))"
        }
    }
}
