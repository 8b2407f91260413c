// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs

/// One test of Cedar's integration tests: policies, whether they fit the schema, entities and requests that keep to it,
/// and the answers that the requests must get.
struct CedarCase {
    let policies: String
    let entities: String
    let schema: String
    let shouldValidate: Bool
    let requests: [Question]

    struct Question {
        let principal: EntityUID
        let action: EntityUID
        let resource: EntityUID
        let context: [UInt8]
        let decision: String
        let reasons: [String]
        let errors: [String]
    }

    struct Malformed: Error {}

    init(_ bytes: [UInt8]) throws {
        let root = try JSONDocument.parse(bytes).root
        guard let policies = root["policies"]?.string, let entities = root["entities"]?.string,
            let schema = root["schema"]?.string, let shouldValidate = root["shouldValidate"]?.bool
        else { throw Malformed() }
        self.policies = policies
        self.entities = entities
        self.schema = schema
        self.shouldValidate = shouldValidate
        requests = try root["requests"]?.elements.map(Question.init) ?? []
    }
}

extension CedarCase.Question {
    fileprivate init(_ node: JSONNode) throws {
        guard let decision = node["decision"]?.string, let context = node["context"] else {
            throw CedarCase.Malformed()
        }
        self.decision = decision
        reasons = node["reason"]?.elements.compactMap(\.string).sorted() ?? []
        errors = node["errors"]?.elements.compactMap(\.string).sorted() ?? []
        principal = try Self.uid(node["principal"])
        action = try Self.uid(node["action"])
        resource = try Self.uid(node["resource"])
        self.context = Array(context.sourceBytes)
    }

    /// The question as the schema reads it.
    func request(_ schema: Schema) throws -> Request {
        try Request(
            principal: principal, action: action, resource: resource, contextJSON: context, schema: schema,
            escapes: .read)
    }

    private static func uid(_ node: JSONNode?) throws -> EntityUID {
        guard let type = node?["type"]?.string.flatMap({ TypeName(Text($0)) }), let id = node?["id"]?.utf8 else {
            throw CedarCase.Malformed()
        }
        return EntityUID(type: type, id: Text(String(decoding: id, as: UTF8.self)))
    }
}
