// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Foundation
import Testing

/// The compiled form answers every request exactly as `PolicySet.decide` does: decision, reasons, and errors with
/// their reasons and places.
///
/// `SALUS_CEDAR_REQUESTS` asks for more requests than the usual ones, `SALUS_CEDAR_SEED` for others.
@Suite struct CompiledTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let requests = environment["SALUS_CEDAR_REQUESTS"].flatMap(Int.init) ?? 50_000
    private static let seed = environment["SALUS_CEDAR_SEED"].flatMap(UInt64.init) ?? 1
    private static let requestsPerWorld = 50

    @Test func generatedRequestsAreAnsweredAsByTheOracle() throws {
        var tally = Tally()
        for world in 0..<Self.requests / Self.requestsPerWorld {
            guard tally.differences.count < 5 else { break }
            var world = try World(seed: Self.seed << 32 + UInt64(world))
            let authorizer = try CompiledAuthorizer(world.policies, world.entities.all)
            for _ in 0..<Self.requestsPerWorld {
                let request = world.data.request()
                let expected = world.policies.decide(request, world.entities)
                tally.compare(authorizer.decide(request), expected) { "\(request) \(world.policies.policies)" }
            }
        }
        print("Compiled Cedar policies: \(tally.summary)")
        #expect(tally.differences.isEmpty, "\(tally.differences.joined(separator: "\n"))")
        // What is compared must not be all of one kind.
        #expect(tally.requests >= Self.requests / 100 * 99)
        #expect(tally.allowed * 10 > tally.requests && tally.allowed * 10 < tally.requests * 9)
        #expect(tally.erring * 10 > tally.requests && tally.erring * 10 < tally.requests * 9)
    }

    @Test func entitiesThatARequestBringsStandInFrontOfTheStore() throws {
        var tally = Tally()
        var refused = 0
        for number in 0..<Self.requests / 20 {
            var world = try World(seed: Self.seed << 33 + UInt64(number))
            let authorizer = try CompiledAuthorizer(world.policies, world.entities.all)
            for _ in 0..<4 {
                let request = world.data.request()
                let brought = world.change(of: request)
                guard let entities = try? world.entities(with: brought) else {
                    refused += 1
                    #expect(throws: EntitiesError.self) { try authorizer.decide(request, with: brought) }
                    continue
                }
                let expected = world.policies.decide(request, entities)
                tally.compare(try authorizer.decide(request, with: brought), expected) { "\(request) \(brought)" }
            }
        }
        print("Compiled Cedar policies, with entities of the request: \(tally.summary), \(refused) refused")
        #expect(tally.differences.isEmpty, "\(tally.differences.joined(separator: "\n"))")
        #expect(refused > 0 && tally.requests > refused)
    }

    @Test func changesToTheStoreCountAtOnceAndOnlyWhereTheyWereMade() throws {
        var tally = Tally()
        for number in 0..<Self.requests / 250 {
            var world = try World(seed: Self.seed << 34 + UInt64(number))
            var authorizer = try CompiledAuthorizer(world.policies, world.entities.all)
            for _ in 0..<20 {
                let request = world.data.request()
                let (old, answer) = (authorizer, authorizer.decide(request))
                try world.change(&authorizer, about: request)
                tally.compare(old.decide(request), answer) { "an older copy: \(request)" }
                let expected = world.policies.decide(request, world.entities)
                tally.compare(authorizer.decide(request), expected) { "\(request) \(world.policies.policies)" }
                #expect(authorizer.count == world.entities.count)
            }
        }
        print("Compiled Cedar policies, changed: \(tally.summary)")
        #expect(tally.differences.isEmpty, "\(tally.differences.joined(separator: "\n"))")
    }

    @Test func namesThatTheStoreHasNeverHeardOfCountForOneRequest() throws {
        let stranger = try Ward.uid("Stranger", "s")
        let policies = try PolicySet(
            parsing: """
                permit(principal, action, resource) when { context == {x: resource} };
                permit(principal, action, resource) when { principal.hasTag("fresh") && principal.getTag("fresh") == resource };
                permit(principal, action, resource) when { principal.fond has age || principal.fond has new };
                """)
        let authorizer = try CompiledAuthorizer(policies, Ward.entities().all)
        let request = Request(
            principal: stranger, action: try Ward.uid("Action", "a"), resource: try Ward.uid("File", "new"),
            context: ["x": .entity(try Ward.uid("File", "new"))])
        let brought = [
            Entity(
                uid: stranger, attributes: ["fond": .record(["new": .integer(1)])],
                tags: ["fresh": .entity(try Ward.uid("File", "new"))])
        ]
        let expected = policies.decide(request, try Entities(Ward.entities().all + brought))
        #expect(expected.reasons == ["policy0", "policy1", "policy2"])
        #expect(try authorizer.decide(request, with: brought) == expected)
        #expect(authorizer.decide(request) == policies.decide(request, try Ward.entities()))
    }

    @Test(arguments: [" + ", " - ", " || ", " && "])
    func theHighestExpressionsHaveTheirValues(sign: String) throws {
        let operand = sign.contains("+") || sign.contains("-") ? "1" : "(1 == \(sign.contains("|") ? 2 : 1))"
        let row = Array(repeating: operand, count: 990).joined(separator: sign)
        let policies = try PolicySet(parsing: "permit(principal, action, resource) when { (\(row)) == true };")
        let expected = try policies.decide(Ward.request(b: 1), Ward.entities())
        #expect(try CompiledAuthorizer(policies, Ward.entities().all).decide(Ward.request(b: 1)) == expected)
    }

    @Test func aDuplicateACycleAndTooMuchAreRefusedAndChangeNothing() throws {
        let entities = try Ward.entities().all.sorted { $0.uid < $1.uid }
        let (ward, house) = (try Ward.uid("Ward", "w"), try Ward.uid("House", "h"))
        #expect(throws: EntitiesError.duplicate(entities[0].uid)) {
            try CompiledAuthorizer(PolicySet(), entities + [entities[0]])
        }
        #expect(throws: EntitiesError.tooManyAncestors(limit: 2)) {
            try CompiledAuthorizer(PolicySet(), entities, limit: 2)
        }
        let policies = try PolicySet(parsing: "permit(principal in House::\"h\", action, resource);")
        var authorizer = try CompiledAuthorizer(policies, entities, limit: 3)
        #expect(throws: EntitiesError.cycle(house)) { try authorizer.put(Entity(uid: house, parents: [ward])) }
        #expect(throws: EntitiesError.cycle(ward)) { try authorizer.put(Entity(uid: ward, parents: [ward])) }
        #expect(throws: EntitiesError.tooManyAncestors(limit: 3)) {
            try authorizer.put(Entity(uid: house, parents: [Ward.uid("Town", "t")]))
        }
        #expect(try authorizer.decide(Ward.request(b: 1)).decision == .allow)
        authorizer.remove(ward)
        #expect(try authorizer.decide(Ward.request(b: 1)).decision == .deny)
        #expect(authorizer.count == 2)
    }
}

/// How many answers were compared, and where they differ.
private struct Tally {
    var requests = 0
    var allowed = 0
    var erring = 0
    var differences: [String] = []

    mutating func compare(_ found: Response, _ expected: Response, _ situation: () -> String) {
        requests += 1
        if expected.decision == .allow { allowed += 1 }
        if !expected.errors.isEmpty { erring += 1 }
        if found != expected { differences.append("\(found)\ninstead of \(expected)\nfor \(situation())") }
    }

    var summary: String {
        "\(requests) requests, \(allowed) allowed, \(erring) with errors, \(differences.count) differences"
    }
}

/// Generated policies and entities, with changes to them.
private struct World {
    var data: GeneratedData
    var policies: PolicySet
    private(set) var entities: Entities

    init(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var generator = GeneratedPolicies(dice: Dice(seed: dice.next()))
        policies = try generator.policies()
        data = GeneratedData(dice: dice)
        entities = try Entities(data.entities())
    }

    func entities(with changed: [Entity]) throws -> Entities {
        guard Set(changed.map(\.uid)).count == changed.count else { throw EntitiesError.duplicate(changed[0].uid) }
        let replaced = Set(changed.map(\.uid))
        return try Entities(entities.all.filter { !replaced.contains($0.uid) } + changed)
    }

    /// Entities in new versions, some of them those that the request is about.
    mutating func change(of request: Request) -> [Entity] {
        (0...data.dice.number(3)).map { _ in
            let uid = data.dice.chance(50) ? data.dice.pick([request.principal, request.resource]) : data.uid()
            return data.entity(uid, above: Vocabulary.uids + Vocabulary.strangers)
        }
    }

    /// Changes one thing here and there.
    mutating func change(_ authorizer: inout CompiledAuthorizer, about request: Request) throws {
        switch data.dice.number(10) {
        case 0:
            var generator = GeneratedPolicies(dice: Dice(seed: data.dice.next()))
            policies = try generator.policies()
            authorizer.replace(policies)
        case 1, 2:
            let uid = data.uid()
            entities = try Entities(entities.all.filter { $0.uid != uid })
            authorizer.remove(uid)
        default:
            let entity = change(of: request)[0]
            if let changed = try? entities(with: [entity]) {
                entities = changed
                try authorizer.put(entity)
            } else {
                #expect(throws: EntitiesError.self) { try authorizer.put(entity) }
            }
        }
    }
}
