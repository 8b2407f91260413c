// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Which policies fit a schema, and what is said of those that do not. Every expectation was compared with the
/// reference implementation.
@Suite struct ValidationTests {
    @Test(arguments: [
        "principal is Nurse && principal.ward == resource.ward", "principal is Doctor && principal has pager",
        "principal has pager && principal.pager == 1",
        "!(principal has pager) || principal has pager && principal.pager == 1",
        "if principal has pager then principal.pager == 1 else false",
        "(if principal has pager then context.isUrgent else principal has pager) && principal.pager == 1",
        "(principal has pager && principal.pager == 1) || (principal has pager && principal.pager == 2)",
        "(principal has pager || principal has pager) && principal.pager == 1",
        "principal has home.city && principal.home.city == \"Ulm\"",
        "principal has \"pager\" && principal[\"pager\"] == 1", "true || 1", "!(false && 1)",
        "if true then true else 1", "1 == \"a\"", "1 != true", "Nurse::\"a\" == Ward::\"a\"", "principal != resource",
        "principal in resource.ward && principal in [Ward::\"a\", Ward::\"b\"]", "principal is Nurse in Ward::\"a\"",
        "principal is Doctor in 1", "action == Action::\"read\" && action in [Action::\"any\"]",
        "action has name || Action::\"read\" in Nurse::\"x\" || true",
        "resource.hasTag(\"a\") && resource.getTag(\"a\") == 1",
        "resource.hasTag(context.why) && resource.getTag(context.why) == 1", "context.level == Level::\"high\"",
        "[1, context.count].contains(2) && [[1]].containsAll([[2]]) && ![true].isEmpty()",
        "(true || false) == 1 || (false && true) != (true && true)",
        "[true, context.isUrgent].containsAny([false])", "{a: 1, b: true} == {b: context.isUrgent, a: 2}",
        "{a: true}.a && {a: {b: true}} has a.b", "{a: 1} has a || principal.wage == 1",
        "(if context.isUrgent then {a: true} else {a: false}).a",
        "1 + 2 * -context.count < 3", "datetime(\"2026-01-01\").offset(duration(\"1d\")) >= datetime(\"2026-01-01\")",
        "duration(\"1d\").toHours() == 24", "decimal(\"1.0\").lessThan(decimal(\"2.0\"))",
        "ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))", "context.why like \"a*\"",
    ])
    func fits(condition: String) throws {
        let result = try Clinic.validate(
            "permit(principal is Nurse, action == Action::\"read\", resource) when { \(condition) };")
        #expect(result.errors.isEmpty, "\(condition): \(result.errors)")
    }

    @Test(arguments: [
        (
            "principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "principal.wage == 1",
            "an entity of type `Nurse` has no attribute `wage` (it has `ward`, `home` and `pager`)"
        ),
        ("action.name == 1", "an entity of type `Action` has no attribute `name` or any other"),
        (
            "context.nothing == 1",
            "a record of 5 attributes has no attribute `nothing` (it has `count`, `home`, `isUrgent`, `level` and `why`)"
        ),
        ("{a: 1}.b == 1", "a record of `a` has no attribute `b`"),
        (
            "principal has pager || principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "(principal has pager || context.isUrgent) && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "(if context.isUrgent then principal has pager else true) && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "(if principal has pager then true else false) && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "!(principal has pager) && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "(principal has pager) == true && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "Nurse::\"a\" has pager && principal.pager == 1",
            "an entity of type `Nurse` may lack the attribute `pager`: ask with `has` before using it"
        ),
        (
            "principal has ward || principal.wage == 1",
            "an entity of type `Nurse` has no attribute `wage` (it has `ward`, `home` and `pager`)"
        ),
        ("principal has ward.name.x", "expected an entity or a record, found a text"),
        ("resource.getTag(\"a\") == 1", "the entity may lack this tag: ask with `hasTag` before using it"),
        (
            "resource.hasTag(\"b\") && resource.getTag(\"a\") == 1",
            "the entity may lack this tag: ask with `hasTag` before using it"
        ),
        ("principal.getTag(\"a\") == 1", "entities of type `Nurse` have no tags"),
        ("1", "expected a truth value, found a whole number"), ("!\"a\"", "expected a truth value, found a text"),
        ("context.why.contains(\"a\")", "expected a set, found a text"),
        ("1 in principal", "expected an entity, found a whole number"),
        ("principal in [1]", "expected an entity or a set of entities, found a set of whole numbers"),
        ("context.why < 1", "expected a whole number, found a text"),
        ("\"a\" < context.level", "expected a whole number, a date and time, or a length of time, found a text"),
        ("datetime(\"2026-01-01\") < duration(\"1d\")", "expected a date and time, found a length of time"),
        ("principal == 1", "these can never be equal: an entity of type `Nurse`, and a whole number"),
        ("[1].contains(\"a\")", "the set can never hold that: a whole number, and a text"),
        (
            "[1, true].isEmpty()",
            "elements of one set must have one type: a whole number, and something that is always true"
        ),
        (
            "[principal, resource].isEmpty()",
            "elements of one set must have one type: an entity of type `Nurse`, and an entity of type `Chart`"
        ),
        (
            "if context.isUrgent then 1 else \"a\"",
            "`then` and `else` must give the same type: a whole number, and a text"
        ),
        ("{a: 1} == {b: 1}", "these can never be equal: a record of `a`, and a record of `b`"),
        (
            "{city: \"Ulm\"} == context.home",
            "these can never be equal: a record of `city`, and a record of perhaps `city`"
        ),
        (
            "resource.ward.home == context.home",
            "these can never be equal: a record of `city`, and a record of perhaps `city`"
        ),
        ("[].isEmpty()", "an empty set `[]` cannot be checked: use `.isEmpty()` or leave it out"),
        ("ip(\"1.2.3\").isIpv4()", "\"1.2.3\" is no value that `ip` can read"),
        ("ip(context.why).isIpv4()", "`ip` needs a text written out in quotation marks, so that it can be checked"),
        ("ip(\"::1\", \"::1\").isIpv4()", "`ip` takes 1 arguments, its own value included, and not 2"),
        ("ip(\"::1\").isInRange(1)", "expected an internet address, found a whole number"),
        ("false && principal is Patient", "the schema has no entity type `Patient`"),
        ("false && action == Action::\"burn\"", "the schema has no action `Action::\"burn\"`"),
        (
            "context.level == Level::\"middle\"",
            "`Level::\"middle\"` is not one of the entities of type `Level` that the schema lists"
        ),
    ])
    func doesNotFit(condition: String, message: String) throws {
        let result = try Clinic.validate(
            "permit(principal is Nurse, action == Action::\"read\", resource) when { \(condition) };")
        #expect(result.errors.map(\.reason.description).contains(message), "\(condition): \(result.errors)")
        #expect(!result.isValid)
    }

    @Test(arguments: [
        "principal, action == Action::\"any\", resource", "principal is Ward, action, resource",
        "principal in Chart::\"c\", action, resource", "principal, action == Action::\"read\", resource is Nurse",
        "principal == Doctor::\"d\", action == Action::\"sign\", resource == Ward::\"w\"",
        "principal is Nurse, action == Action::\"sign\", resource",
        "principal == Action::\"read\", action, resource", "principal is Nurse in Doctor::\"d\", action, resource",
    ])
    func noActionFits(head: String) throws {
        let result = try Clinic.validate("forbid(\(head));")
        #expect(result.errors.contains { $0.reason == .noApplicableAction }, "\(head): \(result.errors)")
        #expect(result.warnings.map(\.reason) == [.neverApplies])
    }

    @Test func oneUnknownActionMakesTheWholeListUnusable() throws {
        let result = try Clinic.validate(
            "permit(principal, action in [Action::\"read\", Action::\"burn\"], resource);")
        let burn = EntityUID(type: try #require(TypeName("Action")), id: "burn")
        #expect(result.errors.map(\.reason) == [.unknownAction(burn), .noApplicableAction])
    }

    @Test(arguments: [
        "principal, action, resource", "principal is Doctor, action == Action::\"sign\", resource",
        "principal in Ward::\"w\", action in Action::\"any\", resource is Chart",
        "principal == Nurse::\"n\", action in [Action::\"any\", Action::\"sign\"], resource == Chart::\"c\"",
        "principal is Nurse in Ward::\"w\", action, resource in Ward::\"w\"",
    ])
    func someActionFits(head: String) throws {
        let result = try Clinic.validate("forbid(\(head));")
        #expect(result.isValid && result.warnings.isEmpty, "\(head): \(result)")
    }

    @Test func aConditionThatIsNeverTrueIsNoError() throws {
        for condition in ["false", "principal is Ward", "principal == resource", "context has nothing"] {
            let result = try Clinic.validate("permit(principal, action, resource) when { \(condition) };")
            #expect(result.isValid)
            #expect(result.warnings.map(\.reason) == [.neverApplies], "\(condition)")
        }
    }

    @Test func ofManyAttributesTheNearestAreNamed() throws {
        func message(_ count: Int, _ wanted: String) throws -> String? {
            let names = (0..<count).map { "a\($0): Long" } + ["department: Long", "isActive: Long"]
            let schema = try Schema(
                parsing:
                    "entity A { \(names.joined(separator: ", ")) }; action go appliesTo { principal: A, resource: A };")
            let policy = "permit (principal, action, resource) when { principal.\(wanted) == 1 };"
            return schema.validate(try PolicySet(parsing: policy)).errors.first?.reason.description
        }
        let start = "an entity of type `A` has no attribute"
        #expect(try message(1, "deparment") == "\(start) `deparment` (it has `department`, `a0` and `isActive`)")
        #expect(try message(1, "active")?.contains("(it has `isActive`, `a0`") == true)
        #expect(
            try message(20, "departement")
                == "\(start) `departement` (it has `department`, `a0`, `a1`, `a10`, `a11`, `a12` and 16 others)")
        // To compare them all would take long.
        #expect(try message(1_000, "x") == "\(start) `x` (it has 1002 attributes)")
        let long = String(repeating: "n", count: 65)
        let schema = try Schema(
            parsing: "entity A { \(long): Long }; action go appliesTo { principal: A, resource: A };")
        let policy = try PolicySet(parsing: "permit (principal, action, resource) when { principal.n == 1 };")
        #expect(
            schema.validate(policy).errors.first?.reason.description == "\(start) `n` (it has 1 attribute)")
    }

    @Test func testsInsideOneAnotherAreLookedAtOnce() throws {
        var test = "principal"
        for _ in 0..<40 { test = "(if (\(test) is Nurse in Ward::\"w\") then principal else Nurse::\"x\")" }
        let policy = "permit(principal is Nurse, action == Action::\"read\", resource) when { \(test) == principal };"
        let result = try Schema(parsing: Clinic.schema)
            .validate(PolicySet(parsing: policy), limits: ValidationLimits(steps: 10_000))
        #expect(result.isValid, "\(result.errors)")
    }

    @Test func turnedWritingIsToldWithItsPlace() throws {
        let result = try Clinic.validate(
            "permit(principal, action, resource)\nwhen { principal == Nurse::\"\u{202E}a\" || \"\u{2066}\" like \"b\" };"
        )
        #expect(result.isValid)
        #expect(result.warnings.map(\.position.column) == [21, 38])
        #expect(result.warnings.allSatisfy { $0.reason == .turnedWriting && $0.position.line == 2 })
    }
}

/// A schema to validate by.
enum Clinic {
    static let schema = """
        entity Ward { name: String, home: { city: String } };
        entity Level enum ["low", "high"];
        entity Nurse in Ward { ward: Ward, pager?: Long, home?: { city?: String } };
        entity Doctor in Ward { ward: Ward, pager?: Long };
        entity Chart in Ward { ward: Ward } tags Long;
        action any;
        action read in any appliesTo {
            principal: [Nurse, Doctor], resource: Chart,
            context: { why: String, level: Level, count: Long, isUrgent: Bool, home: { city?: String } }
        };
        action sign appliesTo { principal: Doctor, resource: Chart };
        """

    static func validate(_ policies: String) throws -> ValidationResult {
        try Schema(parsing: schema).validate(try PolicySet(parsing: policies))
    }
}
