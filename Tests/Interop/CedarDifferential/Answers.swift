// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs

/// What our engine says to a case.
struct Answers {
    /// One line a request: decision, reasons, errors with their kind; or one line that says what was refused.
    let plain: [String]
    /// The same where entities and requests must keep to the schema.
    let strict: [String]
    /// The policies as JSON; empty when they are refused.
    let json: String
    /// The policies in their usual form; empty when they are refused.
    let formatted: String
    /// The policies and templates in which the validator finds an error, sorted.
    let invalid: [String]

    init(_ test: Case) {
        guard var policies = try? PolicySet(parsing: test.policies) else {
            plain = ["policies refused"]
            strict = plain
            json = ""
            formatted = ""
            invalid = []
            return
        }
        let bytes = policies.json
        let isSame = (try? PolicySet(json: bytes)) == policies
        json = isSame ? String(decoding: bytes, as: UTF8.self) : "\"does not come back\""
        formatted = (try? PolicyFormatter().format(test.policies)) ?? "cannot be formatted"
        let schema = try? Schema(parsing: test.schema)
        invalid = schema.map { Set($0.validate(policies).errors.map(\.policy)).sorted().map(\.string) } ?? []
        for link in test.links {
            guard (try? policies.link(link.template, as: link.id, link.values)) != nil else {
                plain = ["link refused"]
                strict = plain
                return
            }
        }
        plain = Self.lines(test, policies, nil)
        guard let schema else {
            strict = ["schema refused"]
            return
        }
        strict = Self.lines(test, policies, schema)
    }

    private static func lines(_ test: Case, _ policies: PolicySet, _ schema: Schema?) -> [String] {
        let json = Array(test.entities.utf8)
        let entities: Entities? =
            if let schema { try? Entities(json: json, schema: schema) } else { try? Entities(json: json) }
        guard let entities, let compiled = try? CompiledAuthorizer(policies, entities.all) else {
            return ["entities refused"]
        }
        return test.requests.map { question in
            guard let request = question.request(schema) else { return "request refused" }
            let response = policies.decide(request, entities)
            return compiled.decide(request) == response ? answer(response) : "another answer when compiled"
        }
    }

    private static func answer(_ response: Response) -> String {
        let errors = response.errors.map { "\($0.policy):\($0.error.reason.kind)" }
        return "\(response.decision.rawValue) \(response.reasons.map(\.string)) \(errors)"
    }
}

extension Case.Question {
    /// The request; nil when it is refused.
    fileprivate func request(_ schema: Schema?) -> Request? {
        let context = Array(context.utf8)
        guard let schema else {
            return try? Request(
                principal: principal, action: action, resource: resource, contextJSON: context, escapes: .read)
        }
        return try? Request(
            principal: principal, action: action, resource: resource, contextJSON: context, schema: schema,
            escapes: .read)
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
        let answers = Answers(self)
        let value: CanonicalValue = [
            "seed": .integer(Int64(seed)), "schema": .string(schema), "policies": .string(policies),
            "links": .array(links.map(\.json)), "entities": .string(entities), "requests": .array(requests.map(\.json)),
            "plain": .array(answers.plain.map { .string($0) }), "strict": .array(answers.strict.map { .string($0) }),
            "json": .string(answers.json), "formatted": .string(answers.formatted),
            "invalid": .array(answers.invalid.map { .string($0) }),
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
