// SPDX-License-Identifier: Apache-2.0

extension PolicyWriter {
    /// A policy or template (Cedar reference, "Representing a policy with JSON").
    mutating func policy(_ policy: Policy) {
        object(
            ("effect", { $0.string(policy.effect.rawValue) }),
            ("principal", { $0.scope(policy.principal) }),
            ("action", { $0.scope(policy.action) }),
            ("resource", { $0.scope(policy.resource) }),
            ("conditions", { $0.array(policy.conditions) { $0.condition($1) } }),
            ("annotations", policy.annotations.isEmpty ? nil : { $0.annotations(policy.annotations) }))
    }

    private mutating func annotations(_ annotations: [Annotation]) {
        object(annotations, name: \.name) { $0.string($1.value) }
    }

    private mutating func condition(_ condition: Condition) {
        object(("kind", { $0.string(condition.kind.rawValue) }), ("body", { $0.expression(condition.body) }))
    }

    private mutating func scope(_ scope: EntityScope) {
        switch scope {
        case .any: object(("op", { $0.string("All") }))
        case .equal(let reference): operation("==", reference)
        case .within(let reference): operation("in", reference)
        case .isType(let type): object(("op", { $0.string("is") }), ("entity_type", { $0.string(type.text) }))
        case .isTypeWithin(let type, let reference):
            object(
                ("op", { $0.string("is") }), ("entity_type", { $0.string(type.text) }),
                ("in", { $0.operation(nil, reference) }))
        }
    }

    private mutating func operation(_ name: String?, _ reference: EntityReference) {
        let name = name.map { name in { (writer: inout PolicyWriter) in writer.string(name) } }
        switch reference {
        case .entity(let uid): object(("op", name), ("entity", { $0.entity(uid) }))
        case .slot(let slot): object(("op", name), ("slot", { $0.string("?" + slot.rawValue) }))
        }
    }

    private mutating func scope(_ scope: ActionScope) {
        switch scope {
        case .any: object(("op", { $0.string("All") }))
        case .equal(let action): operation("==", .entity(action))
        case .within(let action): operation("in", .entity(action))
        case .withinAny(let actions):
            object(("op", { $0.string("in") }), ("entities", { $0.array(actions) { $0.entity($1) } }))
        }
    }
}
