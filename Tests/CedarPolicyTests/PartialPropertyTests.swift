// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Foundation
import Testing

/// What is left of generated policies says, for whatever turns out to have been hidden, what the policies say.
///
/// `SALUS_CEDAR_COMPLETIONS` asks for more comparisons than the usual ones, `SALUS_CEDAR_SEED` for others.
@Suite struct PartialPropertyTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wanted = environment["SALUS_CEDAR_COMPLETIONS"].flatMap(Int.init) ?? 20_000
    private static let seed = environment["SALUS_CEDAR_SEED"].flatMap(UInt64.init) ?? 1
    private let schema: Schema

    init() throws {
        schema = try Schema(parsing: TypedVocabulary.schema)
    }

    @Test func whatIsLeftOfAPolicyMeansWhatThePolicyMeans() throws {
        var tally = PartialTally()
        var seed = Self.seed << 32
        while tally.compared < Self.wanted, tally.differences.count < 5 {
            seed += 1
            var world = try PartialWorld(schema, seed: seed)
            let policies = try world.policies()
            tally.sets += 1
            guard let authorizer = tally.authorizer(policies, schema) else { continue }
            let all = world.data.entities()
            let entities = try Entities(all)
            for _ in 0..<4 {
                let request = world.request()
                let hidden = world.hide(request)
                let known = world.hide(all, entities)
                guard
                    let response = try tally.response(authorizer, hidden, PartialEntities(known, schema: schema))
                else { break }
                try tally.compare(response, policies, request, entities)
                for _ in 0..<3 {
                    let request = world.fill(hidden, like: request)
                    try tally.compare(response, policies, request, Entities(world.fill(known, like: all)))
                }
            }
        }
        print("Partial evaluation of Cedar policies: \(tally.summary)")
        #expect(tally.differences.isEmpty, "\(tally.differences.joined(separator: "\n"))")
        // Most policies fit, and what is compared is not all of one kind.
        #expect(tally.unfit * 10 < tally.sets)
        for outcome in ResidualPolicy.Outcome.allCases {
            #expect(tally.outcomes[outcome, default: 0] * 400 > tally.compared, "\(outcome)")
        }
        #expect(tally.decided * 10 > tally.responses && tally.decided * 10 < tally.responses * 9)
        #expect(tally.failed * 20 > tally.compared)
    }

    @Test func searchesFindWhatAskingForEachFinds() throws {
        var (asked, found, open, withActions) = (0, 0, 0, 0)
        for seed in 0..<UInt64(Self.wanted / 20) {
            var world = try PartialWorld(schema, seed: Self.seed << 33 + seed)
            let policies = try world.policies()
            let entities = try Entities(world.data.entities())
            let request = world.request()
            guard (try? PartialAuthorizer(policies, schema: schema)) != nil else { continue }
            let search = try PermissionSearch(policies, schema: schema, entities: entities)
            guard
                let resources = try? search.resources(
                    ofType: world.resource, principal: request.principal, action: request.action,
                    context: request.context)
            else { continue }
            let principals = try search.principals(
                ofType: world.principal, action: request.action, resource: request.resource, context: request.context)
            let expectedResources = Self.candidates(world.resource, entities).filter {
                policies.allow(request.principal, request.action, $0, request.context, entities)
            }
            let expectedPrincipals = Self.candidates(world.principal, entities).filter {
                policies.allow($0, request.action, request.resource, request.context, entities)
            }
            #expect(resources == expectedResources, "\(policies.policies)")
            #expect(principals == expectedPrincipals, "\(policies.policies)")
            asked += 2
            found += resources.count + principals.count
            if !resources.isEmpty, resources.count < Self.candidates(world.resource, entities).count { open += 1 }
            if checkActions(search, policies, request, entities) { withActions += 1 }
        }
        print(
            "Searches by Cedar policies: \(asked) asked, \(found) found, \(open) found only some, \(withActions) for actions"
        )
        #expect(asked * 20 > Self.wanted && found * 2 > asked && open * 50 > asked && withActions * 10 > asked)
    }

    /// False when a policy fits only requests for another action, so that there is no answer.
    private func checkActions(
        _ search: PermissionSearch, _ policies: PolicySet, _ request: Request, _ entities: Entities
    ) -> Bool {
        let known = try? search.actions(
            principal: request.principal, resource: request.resource, context: request.context)
        let unknown = try? search.actions(principal: request.principal, resource: request.resource)
        guard let known, let unknown else { return false }
        let fitting = schema.actions.keys.sorted().filter { action in
            let request = Request(
                principal: request.principal, action: action, resource: request.resource, context: request.context)
            return (try? schema.validate(request)) != nil
        }
        let expected = fitting.filter {
            policies.allow(request.principal, $0, request.resource, request.context, entities)
        }
        #expect(known.allowed == expected && known.open.isEmpty)
        // With an unknown context, nothing that is allowed in this one may be missing, and what is allowed is so here.
        #expect(Set(expected).isSubset(of: unknown.allowed + unknown.open))
        #expect(fitting.allSatisfy { !unknown.allowed.contains($0) || expected.contains($0) })
        return true
    }

    private static func candidates(_ type: TypeName, _ entities: Entities) -> [EntityUID] {
        TypedVocabulary.uids.filter { $0.type == type && (entities[$0] != nil || type.text == "Level") }.sorted()
    }
}

extension PolicySet {
    fileprivate func allow(
        _ principal: EntityUID, _ action: EntityUID, _ resource: EntityUID, _ context: [Text: Value],
        _ entities: Entities
    ) -> Bool {
        let request = Request(principal: principal, action: action, resource: resource, context: context)
        return decide(request, entities).decision == .allow
    }
}

/// What was compared.
struct PartialTally {
    var sets = 0
    var unfit = 0
    var responses = 0
    var decided = 0
    var compared = 0
    var failed = 0
    var outcomes: [ResidualPolicy.Outcome: Int] = [:]
    var differences: [String] = []

    var summary: String {
        let counts = ResidualPolicy.Outcome.allCases.map { "\(outcomes[$0, default: 0]) \($0)" }
        return """
            \(compared) policies with something hidden and filled compared (\(counts.joined(separator: ", ")); \
            \(failed) failed), \(responses) partial responses (\(decided) decided), \(sets) sets (\(unfit) unfit), \
            \(differences.count) differences
            """
    }

    mutating func authorizer(_ policies: PolicySet, _ schema: Schema) -> PartialAuthorizer? {
        do {
            return try PartialAuthorizer(policies, schema: schema)
        } catch {
            unfit += 1
            return nil
        }
    }

    /// Nil when a policy does not fit the schema; anything else that is refused is a difference.
    mutating func response(
        _ authorizer: PartialAuthorizer, _ request: PartialRequest, _ entities: PartialEntities
    ) -> PartialResponse? {
        do throws(PartialError) {
            let response = try authorizer.decide(request, entities)
            responses += 1
            if response.decision != nil { decided += 1 }
            return response
        } catch {
            if case .policy = error { unfit += 1 } else { differences.append("\(error)") }
            return nil
        }
    }

    mutating func compare(
        _ response: PartialResponse, _ policies: PolicySet, _ request: Request, _ entities: Entities
    ) throws {
        let expected = policies.decide(request, entities)
        let found = try response.reauthorize(request, entities)
        if found != expected { differences.append("\(found) and not \(expected): \(policies.policies)") }
        if let decision = response.decision, decision != expected.decision {
            differences.append("too early \(decision): \(policies.policies)")
        }
        if let reasons = response.reasons, !Set(reasons).isSubset(of: expected.reasons) {
            differences.append("reasons \(reasons): \(policies.policies)")
        }
        let evaluator = Evaluator(request: request, entities: entities)
        for policy in response.policies { compare(policy, evaluator) }
    }

    private mutating func compare(_ residual: ResidualPolicy, _ evaluator: Evaluator) {
        compared += 1
        outcomes[residual.outcome, default: 0] += 1
        let expected = try? evaluator.isSatisfied(residual.policy)
        let found = try? evaluator.isSatisfied(residual)
        if expected == nil { failed += 1 }
        var isRight = found == expected && (expected != true || residual.canBeSatisfied)
        switch residual.outcome {
        case .satisfied: isRight = isRight && expected == true
        case .unsatisfied: isRight = isRight && expected == false
        case .failing: isRight = isRight && expected == nil
        case .open: break
        }
        if expected == nil, !residual.conditions.contains(where: \.canFail) { isRight = false }
        if !isRight {
            differences.append(
                "\(residual.policy)\nleaves \(residual.conditions)\n\(String(describing: expected)) and not "
                    + String(describing: found))
        }
    }
}
