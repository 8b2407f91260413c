// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs

/// What our engine says to a case.
struct Answers {
    /// One line a request: decision, reasons, errors with their kind; or one line that says what was refused.
    let lines: [String]

    init(_ test: Case) {
        guard var policies = try? PolicySet(parsing: test.policies) else {
            lines = ["policies refused"]
            return
        }
        for link in test.links {
            guard (try? policies.link(link.template, as: link.id, link.values)) != nil else {
                lines = ["link refused"]
                return
            }
        }
        guard let entities = try? Entities(json: Array(test.entities.utf8)) else {
            lines = ["entities refused"]
            return
        }
        lines = test.requests.map { Self.answer($0, policies, entities) }
    }

    private static func answer(_ question: Case.Question, _ policies: PolicySet, _ entities: Entities) -> String {
        let request = try? Request(
            principal: question.principal, action: question.action, resource: question.resource,
            contextJSON: Array(question.context.utf8), escapes: .read)
        guard let request else { return "request refused" }
        let response = policies.decide(request, entities)
        let errors = response.errors.map { "\($0.policy):\($0.error.reason.kind)" }
        return "\(response.decision.rawValue) \(response.reasons.map(\.string)) \(errors)"
    }
}

extension EvaluationError.Reason {
    /// The kind of the error in a word.
    fileprivate var kind: String {
        switch self {
        case .wrongType: "type"
        case .overflow: "overflow"
        case .unknownEntity: "entity"
        case .missingAttribute: "attribute"
        case .missingTag: "tag"
        case .invalidExtensionValue: "extension"
        case .wrongArgumentCount: "arguments"
        case .openSlot: "slot"
        }
    }
}

extension Case {
    /// The case and our answers as one line of JSON.
    ///
    /// - Throws: `CanonicalError`, which would be a fault of the generator.
    func line() throws(CanonicalError) -> String {
        let value: CanonicalValue = [
            "seed": .integer(Int64(seed)), "schema": .string(schema), "policies": .string(policies),
            "links": .array(links.map(\.json)), "entities": .string(entities), "requests": .array(requests.map(\.json)),
            "answers": .array(Answers(self).lines.map { .string($0) }),
        ]
        return String(decoding: try value.encode(), as: UTF8.self)
    }
}

extension Case.Link {
    fileprivate var json: CanonicalValue {
        let members = values.map { slot, entity in CanonicalMember("?\(slot.rawValue)", entity.json) }
        return ["template_id": .string(template.string), "new_id": .string(id.string), "values": .object(members)]
    }
}

extension Case.Question {
    fileprivate var json: CanonicalValue {
        ["principal": principal.json, "action": action.json, "resource": resource.json, "context": .string(context)]
    }
}

extension EntityUID {
    fileprivate var json: CanonicalValue {
        ["type": .string(type.text.string), "id": .string(id.string)]
    }
}
