// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs

/// One test of Cedar's integration tests: policies, entities, a schema that these and all requests keep to, whether the
/// policies do, and the answers that the requests must get.
struct CedarCase {
    let policies: String
    let schema: String
    let shouldValidate: Bool
    let entities: String
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
        guard let policies = root["policies"]?.string, let schema = root["schema"]?.string,
            let shouldValidate = root["shouldValidate"]?.bool, let entities = root["entities"]?.string
        else { throw Malformed() }
        self.policies = policies
        self.schema = schema
        self.shouldValidate = shouldValidate
        self.entities = entities
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

/// How many answers were compared, and which were others than expected.
struct CedarTally {
    var tests = 0
    var requests = 0
    var valid = 0
    var validations: [String] = []
    var decisions: [String] = []
    var reasons: [String] = []
    var errors: [String] = []
    var unreadable: [String] = []
    var changedByPrinting: [String] = []
    var changedByJSON: [String] = []
    var changedByCompiling: [String] = []
    var changedByFormatting: [String] = []

    /// Reads a test's files and compares every answer.
    mutating func check(_ name: String, _ test: [UInt8], file: (String) throws -> [UInt8]) {
        tests += 1
        do {
            let test = try CedarCase(test)
            let policies = try PolicySet(parsing: file(test.policies))
            let schema = try Schema(parsing: file(test.schema))
            let entities = try Entities(json: file(test.entities), schema: schema)
            compare(name, schema.validate(policies), test.shouldValidate)
            let printed = policies.policies.map(\.description).joined(separator: "\n\n")
            if try PolicySet(parsing: printed) != policies { changedByPrinting.append(name) }
            if try PolicySet(json: policies.json) != policies { changedByJSON.append(name) }
            if try Schema(parsing: schema.description) != schema { changedByPrinting.append(name) }
            let formatted = try PolicyFormatter().format(file(test.policies))
            let isStable = try PolicyFormatter().format(formatted) == formatted
            if try !isStable || PolicySet(parsing: formatted) != policies { changedByFormatting.append(name) }
            let compiled = try CompiledAuthorizer(policies, entities.all)
            for question in test.requests {
                let request = try question.request(schema)
                let response = policies.decide(request, entities)
                compare(name, response, question)
                if compiled.decide(request) != response { changedByCompiling.append(name) }
            }
        } catch {
            unreadable.append("\(name): \(error)")
        }
    }

    private mutating func compare(_ name: String, _ result: ValidationResult, _ shouldValidate: Bool) {
        if shouldValidate { valid += 1 }
        if result.isValid != shouldValidate { validations.append("\(name): \(result.errors)") }
    }

    private mutating func compare(_ name: String, _ response: Response, _ question: CedarCase.Question) {
        requests += 1
        let errors = response.errors.map(\.policy.string)
        if response.decision.rawValue != question.decision { decisions.append(name) }
        if response.reasons.map(\.string) != question.reasons { reasons.append(name) }
        if errors != question.errors { self.errors.append("\(name): \(response.errors)") }
    }

    var summary: String {
        """
        \(tests) tests, of which \(valid) are valid, \(requests) requests: \(validations.count) validation differences, \
        \(decisions.count) decision, \(reasons.count) reason, \(errors.count) error differences, \
        \(unreadable.count) unreadable, \(changedByPrinting.count) changed by printing, \(changedByJSON.count) by json, \
        \(changedByCompiling.count) by compiling, \(changedByFormatting.count) by formatting
        """
    }

    /// The first few of everything that is wrong.
    var faults: [String] {
        [
            validations, decisions, reasons, errors, unreadable, changedByPrinting, changedByJSON, changedByCompiling,
            changedByFormatting,
        ].flatMap { $0.prefix(5) }
    }
}
