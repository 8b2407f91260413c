// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// What the parser accepts, what it refuses, and where it says the fault is.
@Suite struct SyntaxTests {
    @Test(arguments: [
        "1 + 2 * 3 - 4", "(1 + 2) * 3", "1 - (2 - 3)", "!(!(!(!(!true))))", "!!!!true", "-(5)", "--5", "-(-5)",
        "---(5)",
        "-9223372036854775808", "-1.a", "(-1).a", "-(1.a)", "if true then 1 else if false then 2 else 3",
        "(if true then 1 else 2) + 3", "true && false || true", "true && (false || true)", "true || (false || true)",
        "principal.a[\"b c\"].d", "context has a.b.c", "context has \"a b\"", "(context has a) == true",
        "principal is A::B in resource", "principal is A", "[1, [2], {a: 1, \"b c\": {}}]",
        "\"a\\n\\u{e9}\\x41\\0\\\"\" like \"*a\\**\"", "ip(\"::1\").isInRange(ip(\"::/0\"))", "[1].containsAll([2])",
        "principal.hasTag(\"a\") && principal.getTag(\"a\") == A::B::\"x\\\"y\"", "[].isEmpty()",
        "datetime(\"2024-01-01\").offset(duration(\"1d\")).toDate()", "-principal.a", "1 < -2",
    ])
    func whatIsPrintedReadsBackTheSame(text: String) throws {
        let policy = try Policy(parsing: "permit(principal, action, resource) when { \(text) };")
        #expect(try Policy(parsing: policy.description) == policy, "\(policy)")
    }

    @Test(arguments: [
        "permit(principal == ?principal, action, resource in ?resource);",
        "@a(\"x\") @if @b forbid(principal is A in B::\"c\", action in [Action::\"a\", N::Action::\"b\",], resource is R,) unless { false };",
        "permit(principal in A::\"x\", action == Action::\"y\", resource == principal::\"z\");",
        "permit(principal, action in Action::\"all\", resource is T in ?resource) when { 1 == 1 } unless { false };",
    ])
    func headsReadBackTheSame(text: String) throws {
        let policy = try Policy(parsing: text)
        #expect(try Policy(parsing: policy.description) == policy, "\(policy)")
    }

    @Test func policiesAndTemplatesAreNumberedTogether() throws {
        let set = try PolicySet(
            parsing: """
                permit(principal, action, resource); // one
                permit(principal == ?principal, action, resource);
                forbid(principal, action, resource);
                """)
        #expect(set.policies.map(\.id) == ["policy0", "policy2"])
        #expect(set.templates.map(\.id) == ["policy1"])
        #expect(set.policies.last?.position.line == 3)
    }

    @Test(arguments: [
        ("", "expected `;`, found the end at line 2, column 1"),
        ("when { 1 + }", "expected an expression, found `}` at line 2, column 12"),
        ("when { x }", "`x` is no variable at line 2, column 8"),
        ("when { f(1) }", "`f` is no function at line 2, column 8"),
        ("when { contains(1) }", "`contains` is called in the wrong style at line 2, column 8"),
        ("when { context.ip(1) }", "`ip` is called in the wrong style at line 2, column 15"),
        ("when { context.f(1) }", "`f` is no method at line 2, column 15"),
        ("when { [].contains() }", "`contains` takes 1 arguments at line 2, column 10"),
        ("when { [].isEmpty(1) }", "`isEmpty` takes 0 arguments at line 2, column 10"),
        ("when { {a: 1, \"a\": 2} }", "record names `a` twice at line 2, column 15"),
        ("when { context.if }", "`if` is a reserved word at line 2, column 16"),
        ("when { !!!!!true }", "more than four unary operators in a row at line 2, column 12"),
        ("when { 1 / 2 }", "`/` is no operator of the language at line 2, column 10"),
        ("when { 1 = 2 }", "`=` is no operator of the language at line 2, column 10"),
        ("when { 1 < 2 < 3 }", "expected `}`, found `<` at line 2, column 14"),
        ("when { 9223372036854775808 }", "integer `9223372036854775808` does not fit 64 bits at line 2, column 8"),
        ("when { -9223372036854775809 }", "integer `9223372036854775809` does not fit 64 bits at line 2, column 9"),
        ("when { -9223372036854775808.a }", "integer `9223372036854775808` does not fit 64 bits at line 2, column 9"),
        ("when { \"\\q\" }", "malformed escape sequence at line 2, column 8"),
        ("when { \"\\*\" }", "malformed escape sequence at line 2, column 8"),
        ("when { \"\\u{d800}\" }", "malformed escape sequence at line 2, column 8"),
        ("when { \"a", "string without closing quotation mark at line 2, column 8"),
        ("when { principal == ?principal }", "slot `?principal` may not stand here at line 2, column 21"),
        ("when { # }", "unexpected character `#` at line 2, column 8"),
        ("when { __cedar::A::\"b\" == 1 }", "`__cedar` is a reserved word at line 2, column 8"),
    ])
    func faultsHaveAPlace(condition: String, message: String) throws {
        let error = try #require(throws: SyntaxError.self) {
            try PolicySet(parsing: "permit(principal, action, resource)\n\(condition)")
        }
        #expect(error.description == message)
    }

    @Test(arguments: [
        ("permit(principal == ?resource, action, resource);", "slot `?resource` may not stand here"),
        ("permit(principal, action == ?action, resource);", "slot `?action` may not stand here"),
        ("permit(principal, action == User::\"a\", resource);", "`User::\"a\"` is no action"),
        ("@a @a permit(principal, action, resource);", "annotation `a` stands twice"),
        ("allow(principal, action, resource);", "expected `permit` or `forbid`, found `allow`"),
        ("permit(principal, resource, action);", "expected `action`, found `resource`"),
    ])
    func headsAreStrict(text: String, message: String) throws {
        let error = try #require(throws: SyntaxError.self) { try PolicySet(parsing: text) }
        #expect(error.reason.description == message)
    }

    @Test func depthAndSizeAreBounded() throws {
        func fails(_ body: String, _ limit: Int) -> Bool {
            let text = "permit(principal, action, resource) when { \(body) };"
            return #expect(throws: SyntaxError.self) { try PolicySet(parsing: text) }?.reason == .tooDeep(limit: limit)
        }
        let many = 100_000
        #expect(fails(String(repeating: "(", count: many), 128))
        #expect(fails(String(repeating: "[", count: many), 128))
        #expect(fails(String(repeating: "{a:", count: many), 128))
        #expect(fails(String(repeating: "if ", count: many), 128))
        #expect(fails("true" + String(repeating: " && true", count: many), 1_000))
        #expect(fails("context" + String(repeating: ".a", count: many), 1_000))
        #expect(throws: SyntaxError.self) {
            try PolicySet(parsing: "// a long comment", limits: SyntaxLimits(bytes: 8))
        }
    }

    @Test func bytesThatAreNoTextAreRefusedWithTheirPlace() throws {
        let bytes = Array("permit(principal, action, resource)\nwhen { \"".utf8) + [0xC3, 0x28]
        let error = try #require(throws: SyntaxError.self) { try PolicySet(parsing: bytes) }
        #expect(error.description == "invalid utf-8 at line 2, column 9")
    }

    @Test func aTemplateBecomesAPolicyOnlyWithAllItsEntities() throws {
        var set = try PolicySet(parsing: "permit(principal in ?principal, action, resource);")
        let type = try #require(TypeName("Clinic::Ward"))
        let ward = EntityUID(type: type, id: "w1")
        #expect(throws: LinkError.missingEntity(.principal)) { try set.link("policy0", as: "a", [:]) }
        #expect(throws: LinkError.superfluousEntity(.resource)) {
            try set.link("policy0", as: "a", [.principal: ward, .resource: ward])
        }
        #expect(throws: LinkError.unknownTemplate("x")) { try set.link("x", as: "a", [:]) }
        try set.link("policy0", as: "a", [.principal: ward])
        #expect(throws: LinkError.idInUse("a")) { try set.link("policy0", as: "a", [.principal: ward]) }
        #expect(set.policies.first?.principal == .within(.entity(ward)))
        #expect(set.templates.count == 1)
    }

    @Test(arguments: ["", "A::", "::A", "A:B", "A::if", "1A", "A B", "Å"])
    func whatIsNoTypeIsRefused(text: String) {
        #expect(TypeName(Text(text)) == nil)
    }
}
