// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes the text of policies and templates, and links for the templates.
struct GeneratedPolicies {
    var expression: GeneratedExpression

    init(dice: Dice) {
        expression = GeneratedExpression(dice: dice)
    }

    /// Some policies, with two links for each template.
    mutating func policies() throws -> PolicySet {
        let text = (0...expression.dice.number(8)).map { _ in policy() }.joined(separator: "\n")
        var policies = try PolicySet(parsing: text)
        for template in policies.templates {
            for link in 0..<2 {
                let entities = template.slots.map { ($0, expression.dice.pick(Vocabulary.uids)) }
                try policies.link(
                    template.id, as: Text("link\(link) of \(template.id)"), Dictionary(uniqueKeysWithValues: entities))
            }
        }
        return policies
    }

    private mutating func policy() -> String {
        let effect = expression.dice.chance(70) ? "permit" : "forbid"
        let head = "\(effect)(principal\(scope("?principal")), action\(action()), resource\(scope("?resource")))"
        let conditions = (0..<expression.dice.number(3)).map { _ in
            "\(expression.dice.pick(["when", "unless"])) { \(expression.text(.bool, 1 + expression.dice.number(3))) }"
        }
        return "\(head) \(conditions.joined(separator: " "));"
    }

    private mutating func scope(_ slot: String) -> String {
        let entity = expression.dice.chance(90) ? expression.entity() : slot
        let type = expression.dice.pick(Vocabulary.types)
        switch expression.dice.number(10) {
        case 0: return " == \(entity)"
        case 1, 2: return " in \(entity)"
        case 3: return " is \(type)"
        case 4: return " is \(type) in \(entity)"
        default: return ""
        }
    }

    private mutating func action() -> String {
        let names = Vocabulary.actions.map { "Action::\"\($0)\"" }
        switch expression.dice.number(5) {
        case 0: return " == \(expression.dice.pick(names))"
        case 1: return " in \(expression.dice.pick(names))"
        case 2: return " in [\(expression.dice.some(of: names, 50).joined(separator: ", "))]"
        default: return ""
        }
    }
}
