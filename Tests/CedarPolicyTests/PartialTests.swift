// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// What is left of policies when part of a request and of the data is known.
@Suite struct PartialTests {
    private let schema: Schema
    private let nurse: EntityUID
    private let chart: EntityUID
    private let ward: EntityUID
    private let read: EntityUID

    init() throws {
        schema = try Schema(parsing: Clinic.schema)
        nurse = try Ward.uid("Nurse", "n")
        chart = try Ward.uid("Chart", "c")
        ward = try Ward.uid("Ward", "w")
        read = try Ward.uid("Action", "read")
    }

    private var home: Value { .record(["city": .string("Ulm")]) }

    private var context: [Text: Value] {
        [
            "why": .string("care"), "level": .entity(EntityUID(type: level, id: "low")), "count": .integer(.max),
            "isUrgent": .bool(true), "home": .record([:]),
        ]
    }

    private var level: TypeName { schema.entityTypes.keys.first { $0.text == "Level" } ?? nurse.type }

    private func decide(
        _ policies: String, principal: EntityUID? = nil, resource: EntityUID? = nil, context: [Text: Value]? = nil,
        _ entities: [PartialEntity] = []
    ) throws -> PartialResponse {
        let request = PartialRequest(
            principal: principal.map(PartialEntityUID.known) ?? .unknown(nurse.type), action: read,
            resource: resource.map(PartialEntityUID.known) ?? .unknown(chart.type), context: context)
        return try PartialAuthorizer(try PolicySet(parsing: policies), schema: schema)
            .decide(request, PartialEntities(entities, schema: schema))
    }

    private func outcome(
        _ condition: String, principal: EntityUID? = nil, resource: EntityUID? = nil, context: [Text: Value]? = nil,
        _ entities: [PartialEntity] = []
    ) throws -> ResidualPolicy.Outcome {
        let response = try decide(
            "permit(principal, action == Action::\"read\", resource) when { \(condition) };", principal: principal,
            resource: resource, context: context, entities)
        return try #require(response.policies.first).outcome
    }

    @Test(
        arguments: [
            ("principal is Nurse", .satisfied), ("principal is Doctor", .unsatisfied),
            ("principal == Doctor::\"d\"", .unsatisfied), ("principal == Nurse::\"n\"", .open),
            ("principal in Level::\"low\"", .unsatisfied), ("principal in Ward::\"w\"", .open),
            ("principal is Nurse in Ward::\"w\"", .open), ("principal is Doctor in Ward::\"w\"", .unsatisfied),
            ("principal has wage", .unsatisfied), ("principal has pager", .open), ("context has why", .satisfied),
            ("principal.hasTag(\"a\")", .unsatisfied), ("resource.hasTag(\"a\")", .open),
            ("action in Action::\"any\"", .satisfied), ("action == Action::\"sign\"", .unsatisfied),
            ("1 + 1 == 2", .satisfied), ("9223372036854775807 + 1 == 0", .failing),
            ("9223372036854775807 + context.count == 0", .open),
            // What may fail is not left out, whatever it is compared with.
            ("context.count + 1 == 1 && false", .open), ("context.count == 1 && false", .unsatisfied),
            ("context.count + 1 == 1 || true", .open), ("context.count == 1 || true", .satisfied),
            ("principal.ward == Ward::\"w\" && false", .open), ("context.home has city && false", .unsatisfied),
            ("context.home has city && context.home.city == \"Ulm\" && false", .unsatisfied),
            ("principal has pager && !(principal has pager)", .unsatisfied),
            ("principal.ward is Ward", .open), ("context.level is Level", .satisfied),
            ("if context.isUrgent then 1 == 1 else 1 == 2", .open), ("if 1 == 1 then true else false", .satisfied),
            ("(if principal is Nurse then 1 else 2) == 1", .satisfied),
            ("[1, context.count].contains(1)", .open),
            ("{a: context.count, b: 9223372036854775807 + 1}.b == 1", .failing),
            ("decimal(\"1.0\").lessThan(decimal(\"2.0\"))", .satisfied),
        ] as [(String, ResidualPolicy.Outcome)])
    func nothingIsKnownButTypes(condition: String, expected: ResidualPolicy.Outcome) throws {
        #expect(try outcome(condition) == expected)
    }

    @Test(
        arguments: [
            ("principal == Nurse::\"n\"", .satisfied), ("principal == Nurse::\"m\"", .unsatisfied),
            ("principal.ward == Ward::\"w\"", .satisfied), ("principal has pager", .unsatisfied),
            ("principal has home.city", .satisfied), ("principal in Ward::\"w\"", .satisfied),
            ("principal in [Ward::\"v\", Ward::\"x\"]", .unsatisfied),
            ("principal in [Ward::\"v\", resource.ward]", .open), ("principal.ward.name == \"West\"", .open),
            ("principal.ward in Ward::\"w\"", .satisfied), ("principal.ward in Ward::\"v\"", .unsatisfied),
            ("principal has ward.name", .open), ("resource.hasTag(\"a\") && resource.getTag(\"a\") == 1", .satisfied),
            ("resource.hasTag(\"b\")", .unsatisfied), ("resource.ward == Ward::\"w\"", .open),
            ("resource in Ward::\"w\"", .open),
            ("resource in [resource.ward, Ward::\"w\"]", .open), ("context.count + 1 == 0", .failing),
            ("!context.isUrgent || principal in Ward::\"w\"", .satisfied),
        ] as [(String, ResidualPolicy.Outcome)])
    func muchIsKnown(condition: String, expected: ResidualPolicy.Outcome) throws {
        #expect(try outcome(condition, principal: nurse, resource: chart, context: context, entities()) == expected)
    }

    private func entities() -> [PartialEntity] {
        [
            PartialEntity(
                uid: nurse, attributes: ["ward": .entity(ward), "home": home], tags: [:], ancestors: [ward]),
            PartialEntity(uid: chart, tags: ["a": .integer(1)]), PartialEntity(uid: ward, ancestors: []),
        ]
    }

    /// Where the schema of the generated policies has what this one has not.
    @Test(
        arguments: [
            ("-context.count == 1 && false", .open), ("context.count * 2 == 1 && false", .open),
            ("context.at.offset(duration(\"1d\")) == context.at && false", .open),
            ("context.at.durationSince(context.at) == duration(\"1d\") && false", .open),
            ("context.at.toDate() == context.at && false", .open),
            ("context.at.toTime() == duration(\"1d\") && false", .unsatisfied),
            ("context.from.isInRange(ip(\"10.0.0.0/8\")) && false", .unsatisfied),
            ("context has limit && context.limit.lessThan(decimal(\"1.0\")) && false", .unsatisfied),
            ("principal.getTag(\"t\") == 1 && false", .open), ("principal.hasTag(\"t\") && false", .unsatisfied),
        ] as [(String, ResidualPolicy.Outcome)])
    func whatMayFailIsNotLeftOut(condition: String, expected: ResidualPolicy.Outcome) throws {
        let asked = condition.contains("getTag") ? "principal.hasTag(\"t\") && \(condition)" : condition
        #expect(try typed(asked, context: nil) == expected)
    }

    /// What the schema says of actions needs no entities.
    @Test func actionsAreWhereTheSchemaHasThem() throws {
        let schema = try Schema(parsing: TypedVocabulary.schema)
        var data = TypedData(schema: schema, dice: Dice(seed: 1))
        var context = data.request(nurse.type, read, chart.type).context
        context["action"] = .entity(try Ward.uid("Action", "any"))
        #expect(try typed("action in context.action", context: context) == .satisfied)
        context["action"] = .entity(try Ward.uid("Action", "sign"))
        #expect(try typed("action in context.action", context: context) == .unsatisfied)
        #expect(try typed("action in context.action", context: nil) == .open)
    }

    private func typed(_ condition: String, context: [Text: Value]?) throws -> ResidualPolicy.Outcome {
        let schema = try Schema(parsing: TypedVocabulary.schema)
        let policies = try PolicySet(parsing: "permit(principal, action, resource) when { \(condition) };")
        let request = PartialRequest(
            principal: .unknown(nurse.type), action: read, resource: .unknown(chart.type), context: context)
        let response = try PartialAuthorizer(policies, schema: schema)
            .decide(request, PartialEntities([PartialEntity](), schema: schema))
        return try #require(response.policies.first).outcome
    }

    @Test func whatIsLeftNamesOnlyWhatIsUnknown() throws {
        let policy = """
            permit(principal in Ward::"w", action in Action::"any", resource)
            when { context.isUrgent && principal has pager && principal.pager > 3 }
            unless { principal.ward == resource.ward };
            """
        let response = try decide(policy, principal: nurse, context: context, [entities()[0]])
        // The nurse has no pager.
        #expect(response.decision == .deny && response.permits.unsatisfied == ["policy0"])
        let other = try Ward.uid("Nurse", "m")
        let paged = PartialEntity(
            uid: other, attributes: ["ward": .entity(ward), "pager": .integer(4)], tags: [:], ancestors: [ward])
        let left = try #require(decide(policy, principal: other, context: context, [paged]).policies.first)
        #expect(left.conditions.count == 1)
        guard case .unary(.not, let condition)? = left.conditions.first?.form,
            case .binary(.equal, let first, let second) = condition.form,
            case .attribute(let base, "ward") = second.form
        else {
            Issue.record("\(left.conditions)")
            return
        }
        #expect(first.value == .entity(ward) && base.form == .variable(.resource) && base.type == .entity(chart.type))
        #expect(second.type == .entity(ward.type) && second.canFail && !first.canFail && condition.type == .bool)
    }

    @Test func aDecisionIsGivenAsSoonAsNothingCanChangeIt() throws {
        let permit = "permit(principal, action, resource);"
        let open = "(principal, action == Action::\"read\", resource) when { context.isUrgent };"
        let never = "(principal, action == Action::\"read\", resource) when { context.count + 1 == 1 && false };"
        #expect(try decide("").decision == .deny)
        #expect(try decide(permit).decision == .allow)
        #expect(try decide(permit).reasons == ["policy0"])
        #expect(try decide("permit" + open).decision == nil)
        #expect(try decide("permit" + open).reasons == nil)
        #expect(try decide(permit + "permit" + open).decision == .allow)
        #expect(try decide(permit + "forbid" + open).decision == nil)
        #expect(try decide(permit + "forbid(principal, action, resource);" + "forbid" + open).decision == .deny)
        #expect(try decide("forbid" + open).decision == .deny)
        let response = try decide(permit + "forbid" + never + "permit" + open)
        #expect(response.decision == .allow)
        #expect(response.forbids.open == ["policy1"] && response.permits.open == ["policy2"])
        #expect(try decide("permit" + never).decision == .deny)
    }

    /// Of two ways to be true, one that never is leaves the other.
    @Test func whatIsFalseOrFailsInAnyCaseDecidesNothing() throws {
        let never = "(context.count + 1 == 1 && false)"
        let cases: [(String, Bool)] = [
            (never, false), ("\(never) || \(never)", false), ("\(never) || context.isUrgent", true),
            ("\(never) || principal has pager", true), ("context.isUrgent && \(never)", false),
            ("if context.isUrgent then \(never) else \(never)", false),
            ("if context.isUrgent then \(never) else principal has pager", true),
            ("if context.isUrgent then principal has pager else \(never)", true),
            ("context.isUrgent || 9223372036854775807 + 1 == 0", true),
            ("context.isUrgent && 9223372036854775807 + 1 == 0", false),
        ]
        for (condition, canBeSatisfied) in cases {
            let response = try decide(
                "permit(principal, action == Action::\"read\", resource) when { \(condition) };")
            #expect(response.policies.map(\.outcome) == [.open], "\(condition)")
            #expect(response.policies.map(\.canBeSatisfied) == [canBeSatisfied], "\(condition)")
            #expect(response.decision == (canBeSatisfied ? nil : .deny), "\(condition)")
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let doctor = try Ward.uid("Doctor", "d").type
        let sign = try Ward.uid("Action", "sign")
        let authorizer = try PartialAuthorizer(PolicySet(), schema: schema)
        let nothing = try PartialEntities([PartialEntity](), schema: schema)
        #expect(throws: PartialError.request(.wrongPrincipal(nurse.type, sign))) {
            try authorizer.decide(
                PartialRequest(principal: .unknown(nurse.type), action: sign, resource: .unknown(chart.type)), nothing)
        }
        #expect(throws: PartialError.request(.wrongResource(doctor, read))) {
            try authorizer.decide(
                PartialRequest(principal: .unknown(nurse.type), action: read, resource: .unknown(doctor)), nothing)
        }
        #expect(throws: PartialError.request(.undeclaredAttribute("more"))) {
            try decide("", context: context.merging(["more": .bool(true)]) { known, _ in known })
        }
        #expect(throws: PartialError.self) { try decide("permit(principal is Patient, action, resource);") }
        #expect(throws: PartialError.self) {
            try decide("permit(principal, action, resource) when { principal.wage == 1 };")
        }
        for (entity, error) in try unfitEntities() {
            #expect(throws: error) { try PartialEntities(entity, schema: schema) }
        }
    }

    private func unfitEntities() throws -> [([PartialEntity], PartialError)] {
        let (low, house) = (try Ward.uid("Level", "mid"), try Ward.uid("House", "h"))
        return [
            ([PartialEntity(uid: nurse), PartialEntity(uid: nurse)], .inconsistent(.duplicate(nurse))),
            ([PartialEntity(uid: nurse, attributes: [:])], .entity(nurse, .missingAttribute("ward"))),
            ([PartialEntity(uid: nurse, tags: ["a": .integer(1)])], .entity(nurse, .undeclaredTag("a"))),
            ([PartialEntity(uid: nurse, ancestors: [chart])], .entity(nurse, .misplaced(nurse, within: chart))),
            ([PartialEntity(uid: low)], .entity(low, .undeclaredID(low))),
            ([PartialEntity(uid: house)], .entity(house, .undeclaredType(house.type))),
            ([PartialEntity(uid: read, ancestors: [])], .entity(read, .differentAction(read))),
        ]
    }

    @Test func knownAncestorsMustGoTogether() throws {
        let schema = try Schema(parsing: "entity Ward in Ward;")
        let other = try Ward.uid("Ward", "v")
        let top = try Ward.uid("Ward", "t")
        #expect(throws: PartialError.inconsistent(.cycle(ward))) {
            try PartialEntities([PartialEntity(uid: ward, ancestors: [ward])], schema: schema)
        }
        let lists: [PartialEntity] = [
            PartialEntity(uid: ward, ancestors: [other]), PartialEntity(uid: other, ancestors: [top]),
        ]
        #expect(throws: PartialError.incompleteAncestors(ward, missing: top)) {
            try PartialEntities(lists, schema: schema)
        }
    }

    @Test func onlyWhatWasPartlyKnownCanBeCompleted() throws {
        let response = try decide("permit(principal, action, resource);", principal: nurse, [entities()[0]])
        let actions = schema.actions.map { Entity(uid: $0, parents: $1.parents) }
        let known = Entity(uid: nurse, attributes: ["ward": .entity(ward), "home": home], parents: [ward])
        let request = Request(principal: nurse, action: read, resource: chart, context: context)
        let full = try Entities(actions + [known])
        #expect(try response.reauthorize(request, full).decision == .allow)
        let other = Request(
            principal: try Ward.uid("Nurse", "m"), action: read, resource: chart, context: context)
        #expect(throws: PartialError.otherRequest) { try response.reauthorize(other, full) }
        #expect(throws: PartialError.otherEntity(nurse)) { try response.reauthorize(request, Entities(actions)) }
        let moved = Entity(uid: nurse, attributes: known.attributes)
        #expect(throws: PartialError.otherEntity(nurse)) {
            try response.reauthorize(request, Entities(actions + [moved]))
        }
        #expect(throws: PartialError.self) { try response.reauthorize(request, Entities([known])) }
    }

    /// As high as expressions may be, and with tests inside one another that a careless reading doubles at each level.
    @Test func highExpressionsAreNoTrap() throws {
        let row = Array(repeating: "context.isUrgent", count: 900).joined(separator: " || ")
        #expect(try outcome(row) == .open)
        #expect(try outcome(row, context: context) == .satisfied)
        let sum = Array(repeating: "context.count", count: 900).joined(separator: " + ")
        let response = try decide("permit(principal, action == Action::\"read\", resource) when { \(sum) == 1 };")
        let request = Request(principal: nurse, action: read, resource: chart, context: context)
        let entities = try Entities(schema.actions.map { Entity(uid: $0, parents: $1.parents) })
        #expect(try response.reauthorize(request, entities).errors.map(\.error.reason) == [.overflow])
    }

    @Test func testsInsideOneAnotherAreLookedAtOnce() throws {
        var test = "principal"
        for _ in 0..<40 { test = "(if (\(test) is Nurse in Ward::\"w\") then principal else Nurse::\"x\")" }
        let response = try decide(
            "permit(principal, action == Action::\"read\", resource) when { \(test) == principal };")
        #expect(try #require(response.policies.first?.conditions.first).size < 300)
    }
}

extension Residual {
    /// How many parts it has.
    fileprivate var size: Int {
        switch form {
        case .value, .failure, .variable: 1
        case .conditional(let condition, let then, let otherwise): 1 + condition.size + then.size + otherwise.size
        case .and(let left, let right), .or(let left, let right), .binary(_, let left, let right):
            1 + left.size + right.size
        case .unary(_, let base), .attribute(let base, _), .has(let base, _), .like(let base, _), .isType(let base, _):
            1 + base.size
        case .set(let parts), .call(_, let parts): parts.reduce(1) { $0 + $1.size }
        case .record(let fields): fields.values.reduce(1) { $0 + $1.size }
        }
    }
}
