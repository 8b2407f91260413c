// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs

/// One test of Cedar's integration tests: policies, entities, and requests with the answers they must get.
struct CedarCase {
    let policies: String
    let entities: String
    let requests: [Question]

    struct Question {
        let request: Request
        let decision: String
        let reasons: [String]
        let errors: [String]
    }

    struct Malformed: Error {}

    init(_ bytes: [UInt8]) throws {
        let root = try JSONDocument.parse(bytes).root
        guard let policies = root["policies"]?.string, let entities = root["entities"]?.string else {
            throw Malformed()
        }
        self.policies = policies
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
        request = try Request(
            principal: Self.uid(node["principal"]), action: Self.uid(node["action"]),
            resource: Self.uid(node["resource"]), contextJSON: Array(context.sourceBytes), escapes: .read)
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
    var decisions: [String] = []
    var reasons: [String] = []
    var errors: [String] = []
    var unreadable: [String] = []
    var changedByPrinting: [String] = []
    var changedByJSON: [String] = []
    var changedByFormatting: [String] = []

    /// Reads a test's files and compares every answer.
    mutating func check(_ name: String, _ test: [UInt8], file: (String) throws -> [UInt8]) {
        tests += 1
        do {
            let test = try CedarCase(test)
            let policies = try PolicySet(parsing: file(test.policies))
            let entities = try Entities(json: file(test.entities))
            let printed = policies.policies.map(\.description).joined(separator: "\n\n")
            if try PolicySet(parsing: printed) != policies { changedByPrinting.append(name) }
            if try PolicySet(json: policies.json) != policies { changedByJSON.append(name) }
            let formatted = try PolicyFormatter().format(file(test.policies))
            let isStable = try PolicyFormatter().format(formatted) == formatted
            if try !isStable || PolicySet(parsing: formatted) != policies { changedByFormatting.append(name) }
            for question in test.requests { compare(name, policies.decide(question.request, entities), question) }
        } catch {
            unreadable.append("\(name): \(error)")
        }
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
        \(tests) tests, \(requests) requests: \(decisions.count) decision, \(reasons.count) reason, \
        \(errors.count) error differences, \(unreadable.count) unreadable, \(changedByPrinting.count) changed by printing, \
        \(changedByJSON.count) changed by json, \
        \(changedByFormatting.count) changed by formatting
        """
    }

    /// The first few of everything that is wrong.
    var faults: [String] {
        [decisions, reasons, errors, unreadable, changedByPrinting, changedByJSON, changedByFormatting].flatMap {
            $0.prefix(5)
        }
    }
}
