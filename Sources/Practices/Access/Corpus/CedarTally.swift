// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// How many answers were compared, and which were others than expected.
package struct CedarTally: Sendable {
    package private(set) var tests = 0
    package private(set) var requests = 0
    private var decisions: [String] = []
    private var reasons: [String] = []
    private var errors: [String] = []
    private var validations: [String] = []
    private var unreadable: [String] = []
    private var changedByPrinting: [String] = []
    private var changedByJSON: [String] = []
    private var changedByFormatting: [String] = []
    private var changedByCompiling: [String] = []
    private var changedByHiding: [String] = []
    /// How many times something was hidden from a request or from data, and how many times there was a decision anyway.
    package private(set) var hidden = (tried: 0, decided: 0)

    /// Nothing compared yet.
    package init() {}

    /// Reads a test's files and compares every answer.
    mutating func check(_ name: String, _ test: [UInt8], file: (String) throws -> [UInt8]) {
        tests += 1
        do {
            let test = try CedarCase(test)
            let policies = try PolicySet(parsing: file(test.policies))
            let schema = try Schema(parsing: file(test.schema))
            compare(name, schema.validate(policies), test.shouldValidate)
            let entities = try Entities(json: file(test.entities), schema: schema)
            if try Schema(parsing: schema.description) != schema { changedByPrinting.append(name) }
            try compareWritten(name, policies, file(test.policies))
            let compiled = try CompiledAuthorizer(policies, entities.all)
            let partial = test.shouldValidate ? try PartialComparison(policies, schema, entities) : nil
            for question in test.requests {
                let request = try question.request(schema)
                let response = policies.decide(request, entities)
                compare(name, response, question)
                if compiled.decide(request) != response { changedByCompiling.append(name) }
                if let partial { compare(name, try partial.differences(request, response)) }
            }
        } catch {
            unreadable.append("\(name): \(error)")
        }
    }

    /// Policies must come back from every form in which they are written.
    private mutating func compareWritten(_ name: String, _ policies: PolicySet, _ text: [UInt8]) throws {
        let printed = policies.policies.map(\.description).joined(separator: "\n\n")
        if try PolicySet(parsing: printed) != policies { changedByPrinting.append(name) }
        if try PolicySet(json: policies.json) != policies { changedByJSON.append(name) }
        let formatted = try PolicyFormatter().format(text)
        let isStable = try PolicyFormatter().format(formatted) == formatted
        if try !isStable || PolicySet(parsing: formatted) != policies { changedByFormatting.append(name) }
    }

    private mutating func compare(_ name: String, _ result: ValidationResult, _ shouldValidate: Bool) {
        if result.isValid != shouldValidate { validations.append("\(name): \(result.errors)") }
    }

    private mutating func compare(_ name: String, _ response: Response, _ question: CedarCase.Question) {
        requests += 1
        let errors = response.errors.map(\.policy.string)
        if response.decision.rawValue != question.decision { decisions.append(name) }
        if response.reasons.map(\.string) != question.reasons { reasons.append(name) }
        if errors != question.errors { self.errors.append("\(name): \(response.errors)") }
    }

    private mutating func compare(_ name: String, _ found: (wrong: Int, decided: Int, tried: Int)) {
        if found.wrong > 0 { changedByHiding.append(name) }
        hidden.tried += found.tried
        hidden.decided += found.decided
    }

    /// The counts in a line.
    package var summary: String {
        """
        \(tests) tests, \(requests) requests: \(decisions.count) decision, \(reasons.count) reason, \
        \(errors.count) error, \(validations.count) validation differences
        """
    }

    /// The first few of everything that is not as it must be, one line each; empty when all is.
    package var faults: [String] {
        let kinds = [
            ("decision", decisions), ("reasons", reasons), ("errors", errors), ("validation", validations),
            ("unreadable", unreadable),
            ("changed by printing", changedByPrinting), ("changed by json", changedByJSON),
            ("changed by formatting", changedByFormatting),
            ("changed by compiling", changedByCompiling), ("changed by hiding", changedByHiding),
        ]
        return kinds.flatMap { kind, names in names.prefix(5).map { "\(kind): \($0)" } }
    }
}
