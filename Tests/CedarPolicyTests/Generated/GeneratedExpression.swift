// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes the text of expressions: every operator, mostly over the types that it takes.
struct GeneratedExpression {
    var dice: Dice

    enum Kind: CaseIterable {
        case bool
        case integer
        case string
        case entity
        case set
        case record
        case decimal
        case address
        case datetime
        case duration
    }

    /// An expression in brackets, at most so many operators high.
    mutating func text(_ wanted: Kind, _ height: Int) -> String {
        let kind = dice.chance(97) ? wanted : dice.pick(Kind.allCases)
        if height == 0 { return literal(kind) }
        switch dice.number(10) {
        case 0: return literal(kind)
        case 1: return "(if \(text(.bool, height - 1)) then \(text(kind, height - 1)) else \(text(kind, height - 1)))"
        case 2, 3: return attribute(kind, height)
        default: return "(\(operation(kind, height - 1)))"
        }
    }

    private mutating func attribute(_ kind: Kind, _ height: Int) -> String {
        let base = text(dice.pick([.entity, .entity, .record]), height - 1)
        if dice.chance(20) { return "\(base).getTag(\(text(.string, height - 1)))" }
        let name = name(of: kind)
        return dice.chance(80) ? "\(base).\(name)" : "\(base)[\"\(name)\"]"
    }

    private func name(of kind: Kind) -> String {
        switch kind {
        case .bool: "on"
        case .integer: "age"
        case .string: "name"
        case .entity: "chief"
        case .set: "team"
        case .record: "home"
        case .decimal: "cost"
        case .address: "net"
        case .datetime: "since"
        case .duration: "rest"
        }
    }

    private mutating func literal(_ kind: Kind) -> String {
        switch kind {
        case .bool: dice.pick(["true", "false"])
        case .integer: "(\(dice.pick(Vocabulary.integers)))"
        case .string: "\"\(dice.pick(Vocabulary.strings))\""
        case .entity: dice.chance(60) ? dice.pick(["principal", "action", "resource"]) : entity()
        case .set: "[\((0..<dice.number(3)).map { _ in entity() }.joined(separator: ", "))]"
        case .record: dice.chance(70) ? "context" : "{age: 1, \"on\": true, chief: \(entity())}"
        case .decimal: "decimal(\"\(written(Vocabulary.decimals))\")"
        case .address: "ip(\"\(written(Vocabulary.addresses))\")"
        case .datetime: "datetime(\"\(written(Vocabulary.datetimes))\")"
        case .duration: "duration(\"\(written(Vocabulary.durations))\")"
        }
    }

    private mutating func written(_ texts: [String]) -> String {
        dice.pick(dice.chance(97) ? texts : Vocabulary.invalid)
    }

    mutating func entity() -> String {
        dice.pick(Vocabulary.uids).description
    }

    private mutating func operation(_ kind: Kind, _ height: Int) -> String {
        switch kind {
        case .bool: bool(height)
        case .integer: integer(height)
        case .string, .entity, .decimal, .address: attribute(kind, height + 1)
        case .set: "[\(elements(height).joined(separator: ", "))]"
        case .record: "{age: \(text(.integer, height)), home: \(text(.record, height)), on: \(text(.bool, height))}"
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

    private mutating func elements(_ height: Int) -> [String] {
        (0..<dice.number(4)).map { _ in text(dice.chance(80) ? .entity : .integer, height) }
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
        case 7, 8:
            let kind = dice.pick(Kind.allCases)
            return "\(text(kind, height)) \(dice.pick(["==", "!="])) \(text(kind, height))"
        case 9, 10:
            let kind: Kind = dice.pick([.integer, .integer, .datetime, .duration])
            return "\(text(kind, height)) \(dice.pick(["<", "<=", ">", ">="])) \(text(kind, height))"
        case 11, 12: return "\(text(.entity, height)) in \(text(dice.pick([.entity, .entity, .set]), height))"
        case 13: return has(height)
        case 14: return "\(text(.string, height)) like \"\(dice.pick(Vocabulary.patterns))\""
        case 15: return isType(height)
        case 16: return "\(text(.entity, height)).hasTag(\(text(.string, height)))"
        case 17: return address(height)
        case 18: return decimal(height)
        default: return sets(height)
        }
    }

    private mutating func row(_ sign: String, _ height: Int) -> String {
        (0...(1 + dice.number(3))).map { _ in text(.bool, height) }.joined(separator: " \(sign) ")
    }

    private mutating func has(_ height: Int) -> String {
        let base = text(dice.pick([.entity, .record]), height)
        let path = (0...dice.number(2)).map { _ in dice.pick(Vocabulary.attributes) }
        return "\(base) has \(path.joined(separator: "."))"
    }

    private mutating func isType(_ height: Int) -> String {
        let test = "\(text(.entity, height)) is \(dice.pick(Vocabulary.types))"
        return dice.chance(50) ? test : "\(test) in \(text(dice.pick([.entity, .set]), height))"
    }

    private mutating func address(_ height: Int) -> String {
        let base = text(.address, height)
        return dice.chance(50)
            ? "\(base).isInRange(\(text(.address, height)))"
            : "\(base).\(dice.pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"]))()"
    }

    private mutating func decimal(_ height: Int) -> String {
        let function = dice.pick(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])
        return "\(text(.decimal, height)).\(function)(\(text(.decimal, height)))"
    }

    private mutating func sets(_ height: Int) -> String {
        let base = text(.set, height)
        switch dice.number(4) {
        case 0: return "\(base).isEmpty()"
        case 1: return "\(base).contains(\(text(dice.pick([.entity, .entity, .integer]), height)))"
        default: return "\(base).\(dice.pick(["containsAll", "containsAny"]))(\(text(.set, height)))"
        }
    }
}
