// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Policies as JSON: both ways, what is refused, and where the fault is said to be.
@Suite struct PolicyJSONTests {
    private func policy(_ body: String) -> String {
        """
        {"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},\
        "conditions":[{"kind":"when","body":\(body)}]}
        """
    }

    private func read(_ json: String, limits: SyntaxLimits = .standard) throws(SyntaxError) -> Policy {
        try Policy(json: Array(json.utf8), limits: limits)
    }

    private func text(_ policy: Policy) -> String {
        String(decoding: policy.json, as: UTF8.self)
    }

    @Test(arguments: [
        (#"1 == -9223372036854775808"#, #"{"==":{"left":{"Value":1},"right":{"Value":-9223372036854775808}}}"#),
        (#"-(5) != --5"#, #"{"!=":{"left":{"neg":{"arg":{"Value":5}}},"right":{"neg":{"arg":{"Value":-5}}}}}"#),
        (#"A::B::"x\n\"\u{1}""#, #"{"Value":{"__entity":{"type":"A::B","id":"x\n\"\u0001"}}}"#),
        (
            #"context like "a*b\*""#,
            #"{"like":{"left":{"Var":"context"},"pattern":[{"Literal":"a"},"Wildcard",{"Literal":"b*"}]}}"#
        ),
        (#"context has a.b"#, #"{"has":{"left":{"Var":"context"},"attr":["a","b"]}}"#),
        (#"context has "a b""#, #"{"has":{"left":{"Var":"context"},"attr":"a b"}}"#),
        (
            #"principal is A in context.b"#,
            #"{"is":{"left":{"Var":"principal"},"entity_type":"A","in":{".":{"left":{"Var":"context"},"attr":"b"}}}}"#
        ),
        (
            #"if true then {b: [], "a c": 1} else ip("::").isIpv6()"#,
            #"{"if-then-else":{"if":{"Value":true},"then":{"Record":{"b":{"Set":[]},"a c":{"Value":1}}},"else":{"isIpv6":[{"ip":[{"Value":"::"}]}]}}}"#
        ),
        (
            #"[].isEmpty() && !true || principal.hasTag("t")"#,
            #"{"||":{"left":{"&&":{"left":{"isEmpty":{"arg":{"Set":[]}}},"right":{"!":{"arg":{"Value":true}}}}},"right":{"hasTag":{"left":{"Var":"principal"},"right":{"Value":"t"}}}}}"#
        ),
    ])
    func expressionsAreWrittenAsTheReferenceSays(condition: String, json: String) throws {
        let parsed = try Policy(parsing: "permit(principal, action, resource) when { \(condition) };")
        #expect(text(parsed) == policy(json))
        #expect(try read(policy(json)) == parsed)
    }

    @Test(arguments: [
        (
            #"permit(principal == ?principal, action in [Action::"a"], resource is R in ?resource);"#,
            #"{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"in","entities":[{"type":"Action","id":"a"}]},"resource":{"op":"is","entity_type":"R","in":{"slot":"?resource"}},"conditions":[]}"#
        ),
        (
            #"@z("x") @if forbid(principal in A::"b", action in Action::"a", resource is R) unless { true };"#,
            #"{"effect":"forbid","principal":{"op":"in","entity":{"type":"A","id":"b"}},"action":{"op":"in","entity":{"type":"Action","id":"a"}},"resource":{"op":"is","entity_type":"R"},"conditions":[{"kind":"unless","body":{"Value":true}}],"annotations":{"z":"x","if":""}}"#
        ),
    ])
    func headsAreWrittenAsTheReferenceSays(text: String, json: String) throws {
        let parsed = try Policy(parsing: text)
        #expect(self.text(parsed) == json)
        #expect(try read(json) == parsed)
    }

    @Test(arguments: [
        (#"{"Value":[1,{"a":{"__entity":{"type":"A","id":"b"}}}]}"#, #"[1, {a: A::"b"}]"#),
        (#"{"Value":{"__extn":{"fn":"ip","arg":"x"}}}"#, #"ip("x")"#),
        (#"{"Value":{"__extn":{"fn":"offset","args":["x","y"]}}}"#, #""x".offset("y")"#),
        (
            #"{"like":{"left":{"Value":"s"},"pattern":[{"Literal":"a"},{"Literal":"b"},"Wildcard"]}}"#,
            #""s" like "ab*""#
        ),
        (#"{"has":{"left":{"Var":"context"},"attr":["a"]}}"#, "context has a"),
    ])
    func otherWritingsMeanTheSame(json: String, condition: String) throws {
        let parsed = try Policy(parsing: "permit(principal, action, resource) when { \(condition) };")
        #expect(try read(policy(json)) == parsed)
    }

    @Test func anAnnotationWithoutValueIsEmpty() throws {
        let json = policy(#"{"Value":true}"#).dropLast() + #","annotations":{"a":null}}"#
        #expect(try read(String(json)).annotations.first?.value == "")
    }

    @Test(arguments: [
        (#"{"Value":null}"#, "`null` is no value of the language"),
        (#"{"Value":1.5}"#, "`1.5` is no value of the language"),
        (#"{"Value":9223372036854775808}"#, "integer `9223372036854775808` does not fit 64 bits"),
        (#"{"Value":{"__expr":"1"}}"#, "`__expr` is no member here"),
        (#"{"Value":{"__entity":{"type":"A","id":"b"},"c":1}}"#, "`c` is no member here"),
        (#"{"Value":{"__entity":{"type":"A::if","id":"b"}}}"#, "`A::if` is no type"),
        (#"{"Value":{"__extn":{"fn":"f","arg":1}}}"#, "`f` is no function"),
        (#"{"Record":{"a":{"Value":1},"\u0061":{"Value":2}}}"#, "malformed json: duplicate name"),
        (#"{"Slot":"?principal"}"#, "slot `?principal` may not stand here"),
        (#"{"Unknown":{"name":"x"}}"#, "an unknown value may not stand in a policy"),
        (#"{"Var":"x"}"#, "`x` is no variable"),
        (#"{"/":{"left":{"Value":1},"right":{"Value":1}}}"#, "`/` is no function"),
        (#"{"isIpv4":[]}"#, "expected what the method is called on, found no arguments"),
        (#"{"!":{"arg":{"Value":true},"x":1}}"#, "`x` is no member here"),
        (#"{"==":{"left":{"Value":1}}}"#, "member `right` is missing"),
        (#"{}"#, "expected an object with one member, found another number of them"),
        (#"{"Value":1,"Var":"action"}"#, "expected an object with one member, found another number of them"),
        (#"true"#, "expected an expression, found `true`"),
        (#"{"like":{"left":{"Value":"s"},"pattern":"a*"}}"#, "expected an array, found `\"a*\"`"),
        (#"{"like":{"left":{"Value":"s"},"pattern":["*"]}}"#, "expected `Wildcard` or a literal, found `\"*\"`"),
        (#"{"has":{"left":{"Var":"context"},"attr":["a","b c"]}}"#, "`b c` may not be a name here"),
        (#"{"has":{"left":{"Var":"context"},"attr":[]}}"#, "expected an attribute, found none"),
        (#"{"is":{"left":{"Var":"principal"},"entity_type":"A::"}}"#, "`A::` is no type"),
    ])
    func whatIsNoExpressionIsRefused(body: String, message: String) throws {
        let error = try #require(throws: SyntaxError.self) { try read(policy(body)) }
        #expect(error.reason.description == message)
    }

    @Test(arguments: [
        (
            #""principal":{"op":"All"}"#, #""principal":{"op":"==","slot":"?resource"}"#,
            "slot `?resource` may not stand here"
        ),
        (
            #""resource":{"op":"All"}"#, #""resource":{"op":"==","slot":"?principal"}"#,
            "slot `?principal` may not stand here"
        ),
        (
            #""resource":{"op":"All"}"#, #""resource":{"op":"is","entity_type":"R","in":{"slot":"?principal"}}"#,
            "slot `?principal` may not stand here"
        ),
        (
            #""action":{"op":"All"}"#, #""action":{"op":"==","slot":"?principal"}"#,
            "slot `?principal` may not stand here"
        ),
        (
            #""action":{"op":"All"}"#, #""action":{"op":"==","entity":{"type":"User","id":"a"}}"#,
            "`User::\"a\"` is no action"
        ),
        (
            #""action":{"op":"All"}"#, #""action":{"op":"is","entity_type":"A"}"#,
            "expected `All`, `==` or `in`, found `\"is\"`"
        ),
        (
            #""principal":{"op":"All"}"#, #""principal":{"op":"All","entity":{"type":"A","id":"b"}}"#,
            "`entity` is no member here"
        ),
        (
            #""principal":{"op":"All"}"#,
            #""principal":{"op":"==","entity":{"type":"A","id":"b"},"slot":"?principal"}"#, "`entity` is no member here"
        ),
        (#""principal":{"op":"All"}"#, #""principal":{"op":"<"}"#, "expected `All`, `==`, `in` or `is`, found `\"<\"`"),
        (#""permit""#, #""allow""#, "expected `permit` or `forbid`, found `\"allow\"`"),
        (#""when""#, #""if""#, "expected `when` or `unless`, found `\"if\"`"),
        (#""effect""#, #""annotations":{"a b":null},"effect""#, "`a b` may not be a name here"),
        (#""effect""#, #""x":1,"effect""#, "`x` is no member here"),
        (#""effect":"permit","#, "", "member `effect` is missing"),
    ])
    func headsAreStrict(part: String, replacement: String, message: String) throws {
        let json = policy(#"{"Value":true}"#)
        let range = try #require(json.firstRange(of: part))
        let error = try #require(throws: SyntaxError.self) {
            try read(json.replacingCharacters(in: range, with: replacement))
        }
        #expect(error.reason.description == message)
    }

    @Test func faultsHaveAPlace() throws {
        let json = policy("{\n  \"==\": {\n    \"left\": {\"Value\": 1},\n    \"right\": {\"Var\": \"x\"}}}")
        let error = try #require(throws: SyntaxError.self) { try read(json) }
        #expect(error.description == "`x` is no variable at line 4, column 22")
        let cut = try #require(throws: SyntaxError.self) { try read("{\n") }
        #expect(cut.description == "malformed json: the text ends too early at line 2, column 1")
    }

    @Test func depthAndSizeAreBounded() throws {
        func nested(_ open: String, _ close: String, _ count: Int) -> String {
            policy(String(repeating: open, count: count) + #"{"Value":true}"# + String(repeating: close, count: count))
        }
        let not = (#"{"!":{"arg":"#, "}}")
        #expect(throws: Never.self) { _ = try read(nested(not.0, not.1, 999)) }
        for count in [1_000, 100_000] {
            #expect(throws: SyntaxError.self) { _ = try read(nested(not.0, not.1, count)) }
            #expect(throws: SyntaxError.self) {
                let open = String(repeating: "[", count: count + 1)
                _ = try read(policy(#"{"Value":"# + open + String(repeating: "]", count: count + 1) + "}"))
            }
        }
        #expect(throws: SyntaxError.self) { try read(nested(not.0, not.1, 9), limits: SyntaxLimits(height: 9)) }
        #expect(throws: SyntaxError.self) { try read(policy(#"{"Value":1}"#), limits: SyntaxLimits(bytes: 8)) }
    }

    @Test func aRowOfOperatorsAsHighAsTextAllowsComesBack() throws {
        let row = Array(repeating: "true", count: 1_000).joined(separator: " || ")
        let parsed = try Policy(parsing: "permit(principal, action, resource) when { \(row) };")
        #expect(try Policy(json: parsed.json) == parsed)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
