// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// The value of expressions, or why they have none.
@Suite struct EvaluatorTests {
    @Test(arguments: [
        "1 + 2 * 3 == 7", "-9223372036854775808 < 0", "(if 1 < 2 then \"a\" else 1) == \"a\"", "1 != \"1\"",
        "[1, 2, 2] == [2, 1]", "{a: 1, b: 2} == {b: 2, a: 1}", "[[1]].contains([1])", "[1, 2].containsAll([2])",
        "![1].containsAny([2])", "[].isEmpty() && ![1].isEmpty()", "true || 1", "!(false && 1)",
        "1 <= 1 && 1 >= 1 && 2 > 1",
        "principal in Ward::\"w\"", "principal in House::\"h\"", "principal in principal", "principal in [Ward::\"w\"]",
        "!(principal in [])", "!(Nurse::\"unknown\" in Ward::\"w\")", "principal is Nurse in Ward::\"w\"",
        "!(principal is Doctor in 1)", "principal has age && principal.age == 30", "!(principal has wage)",
        "principal has home.city", "!(principal has home.street.name)", "!(Nurse::\"unknown\" has age)",
        "principal[\"age\"] == 30", "principal.home.city == \"Ulm\"",
        "principal.hasTag(\"a\" ) && principal.getTag(\"a\") == 1",
        "!principal.hasTag(\"b\")", "!Nurse::\"unknown\".hasTag(\"a\")", "context.a.b == 1",
        "action == Action::\"read\"",
        "\"abc\" like \"a*c\"", "\"ac\" like \"a*c\"", "!(\"ab\" like \"a*c\")", "\"a*c\" like \"a\\*c\"",
        "!(\"abc\" like \"a\\*c\")", "\"\" like \"*\"", "\"aXbXb\" like \"*b\"", "!(\"ab\" like \"ab*b\")",
        "\"e\\u{301}\" like \"e*\"", "!(\"\\u{e9}\" like \"e*\")", "\"\\u{e9}\" != \"e\\u{301}\"",
        "!(Nurse::\"\\u{e9}\" in Nurse::\"e\\u{301}\")",
    ])
    func isTrue(text: String) throws {
        #expect(try Ward.evaluate(text) == .bool(true), "\(text)")
    }

    @Test(arguments: [
        ("9223372036854775807 + 1", "integer overflow"), ("-9223372036854775808 - 1", "integer overflow"),
        ("-(-9223372036854775808)", "integer overflow"), ("9223372036854775807 * 2", "integer overflow"),
        ("1 && true", "expected a boolean"), ("true && 1", "expected a boolean"), ("!1", "expected a boolean"),
        ("if 1 then 1 else 1", "expected a boolean"), ("-\"a\"", "expected an integer"),
        ("1 < \"a\"", "expected two integers, two datetimes or two durations"),
        ("1 like \"a\"", "expected a string"), ("1 has a", "expected a record or an entity"),
        ("1 in principal", "expected an entity"), ("principal in 1", "expected an entity or a set of entities"),
        ("principal in [principal, 1]", "expected a set of entities"), ("1 is Nurse", "expected an entity"),
        ("principal is Nurse in 1", "expected an entity or a set of entities"),
        ("principal.wage", "attribute `wage` does not exist"), ("context.x", "attribute `x` does not exist"),
        ("Nurse::\"unknown\".age", "entity `Nurse::\"unknown\"` does not exist"),
        ("principal.getTag(\"b\")", "tag `b` does not exist"), ("principal.hasTag(1)", "expected a string"),
        ("Nurse::\"unknown\".hasTag(1)", "expected a string"), ("1.hasTag(\"a\")", "expected an entity"),
        ("Nurse::\"unknown\".getTag(\"a\")", "entity `Nurse::\"unknown\"` does not exist"),
        ("1.contains(1)", "expected a set"), ("[1].containsAll(1)", "expected a set"),
        ("1.isEmpty()", "expected a set"),
        ("ip(\"x\")", "`ip` has no value for its arguments"), ("ip()", "wrong number of arguments for `ip`"),
        ("ip(1)", "expected arguments that `ip` takes"),
        (
            "decimal(\"1.0\") < decimal(\"2.0\")",
            "expected two integers, two datetimes or two durations"
        ),
        ("decimal(\"1.0\").isIpv4()", "expected arguments that `isIpv4` takes"),
        ("decimal(\"1.0\").lessThan(1)", "expected arguments that `lessThan` takes"),
    ])
    func hasNoValue(text: String, message: String) throws {
        let error = try #require(throws: EvaluationError.self, "\(text)") { try Ward.evaluate(text) }
        #expect(error.reason.description == message)
    }

    @Test func anErrorSaysWhereItsOperatorStands() throws {
        let error = try #require(throws: EvaluationError.self) { try Ward.evaluate("true &&\n  1 + \"a\" == 2") }
        #expect(error.description == "expected an integer at line 2, column 5")
    }

    @Test func aForbidWinsAndAnErrorIsLeftOut() throws {
        let policies = try PolicySet(
            parsing: """
                permit(principal is Nurse, action in [Action::"read"], resource == File::"f");
                forbid(principal, action, resource) when { context.a.b == 2 };
                forbid(principal, action, resource) unless { principal.wage == 1 };
                permit(principal == ?principal, action, resource);
                permit(principal in House::"h", action, resource);
                """)
        let allowed = try policies.decide(Ward.request(b: 1), Ward.entities())
        #expect(allowed.decision == .allow && allowed.reasons == ["policy0", "policy4"])
        #expect(allowed.errors.map(\.policy) == ["policy2"])
        let denied = try policies.decide(Ward.request(b: 2), Ward.entities())
        #expect(denied.decision == .deny && denied.reasons == ["policy1"])
        #expect(try PolicySet().decide(Ward.request(b: 1), Ward.entities()).decision == .deny)
    }
}

/// A nurse on a ward of a house.
enum Ward {
    static func uid(_ type: Text, _ id: Text) throws -> EntityUID {
        EntityUID(type: try #require(TypeName(type)), id: id)
    }

    static func request(b: Int64) throws -> Request {
        Request(
            principal: try uid("Nurse", "mara"), action: try uid("Action", "read"), resource: try uid("File", "f"),
            context: ["a": .record(["b": .integer(b)])])
    }

    static func entities() throws -> Entities {
        let (ward, house) = (try uid("Ward", "w"), try uid("House", "h"))
        return try Entities([
            Entity(
                uid: uid("Nurse", "mara"),
                attributes: ["age": .integer(30), "home": .record(["city": .string("Ulm")])],
                tags: ["a": .integer(1)], parents: [ward]),
            Entity(uid: ward, parents: [house]), Entity(uid: house),
        ])
    }

    static func evaluate(_ text: String) throws -> Value {
        let policy = try Policy(parsing: "permit(principal, action, resource) when {\(text)};")
        let body = try #require(policy.conditions.first?.body)
        return try Evaluator(request: request(b: 1), entities: entities()).evaluate(body)
    }
}
