// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs
import Kernel
import Testing

@testable import Access

/// How an application's own rules answer: the scenario's decisions, and what programs may say about things.
struct OwnRulesTests {
    private func decide(_ json: String, _ rules: OwnRules? = nil) throws -> Verdict {
        try (rules ?? CertificationFixture.rules()).decide(CertificationFixture.question(json), explaining: true)
    }

    private static let alice = #""subject": {"type": "user", "id": "alice"}"#
    private static let bob = #""subject": {"type": "user", "id": "bob"}"#
    private static let admin = #""subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}"#
    private static let first = #""resource": {"type": "record", "id": "record-1"}"#
    private static let archived =
        #""resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}"#
    private static func action(_ name: String) -> String { #""action": {"name": "\#(name)"}"# }
    private static func delete(_ soft: Bool) -> String {
        #""action": {"name": "delete", "properties": {"soft": \#(soft)}}"#
    }

    @Test(arguments: [
        (alice, action("read"), first, true), (alice, action("write"), first, true), (bob, action("read"), first, true),
        (bob, action("write"), first, false), (alice, action("write"), archived, false),
        (admin, action("write"), archived, true), (alice, delete(true), first, true),
        (alice, delete(false), first, false),
    ])
    func theEightDecisionsOfTheScenario(subject: String, action: String, resource: String, expected: Bool) throws {
        for context in ["", #", "context": {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}"#] {
            let verdict = try decide("{\(subject), \(action), \(resource)\(context)}")
            #expect(verdict.isAllowed == expected)
        }
    }

    @Test func aDenialNamesThePolicyThatCameNearest() throws {
        let verdict = try decide("{\(Self.alice), \(Self.action("write")), \(Self.archived)}")
        #expect(
            verdict.reason
                == #"No policy permits this. alice-writes came nearest and lacked: when resource.status == "active""#)
        #expect(verdict.words == "Archived records stay as they are.")
        let allowed = try decide("{\(Self.alice), \(Self.action("read")), \(Self.first)}")
        #expect(allowed.policies == ["everybody-reads"] && allowed.reason == "Permitted by everybody-reads.")
    }

    @Test(arguments: [
        #"{"subject": {"type": "spaceship", "id": "a"}, "action": {"name": "read"}, \#(first)}"#,
        #"{\#(alice), "action": {"name": "fly"}, \#(first)}"#,
        #"{\#(alice), "action": {"name": ""}, \#(first)}"#,
        #"{\#(alice), "action": {"name": "read"}, "resource": {"type": "user", "id": "bob"}}"#,
        #"{"subject": {"type": "record", "id": "record-1"}, "action": {"name": "read"}, \#(first)}"#,
        #"{"subject": {"type": "Action", "id": "read"}, "action": {"name": "read"}, \#(first)}"#,
    ])
    func whatTheSchemaDoesNotForeseeIsDenied(question: String) throws {
        let verdict = try decide(question)
        #expect(!verdict.isAllowed && verdict.policies.isEmpty && !verdict.isFailure)
    }

    private static let typed = """
        entity user enum ["alice"];
        entity folder;
        entity thing in [folder] = {
          flag?: Bool, count?: Long, name?: String, owner?: user, tags?: Set<String>,
          inner?: { at: datetime, note?: String }, price?: decimal, address?: ipaddr, wait?: duration
        };
        action use appliesTo { principal: user, resource: thing, context: { here?: ipaddr } };
        """

    private func typed(_ properties: String, _ policy: String) throws -> Verdict {
        let rules = try CertificationFixture.rules(
            CertificationFixture.texts(Self.typed, "permit (principal, action, resource) when { \(policy) };"))
        return try decide(
            """
            {"subject": {"type": "user", "id": "alice"}, "action": {"name": "use"},
             "resource": {"type": "thing", "id": "t", "properties": \(properties)}}
            """, rules)
    }

    @Test(arguments: [
        (#"{"flag": true}"#, "resource has flag && resource.flag"),
        (#"{"count": -7}"#, "resource has count && resource.count == -7"),
        (#"{"name": "é"}"#, #"resource has name && resource.name == "é""#),
        (#"{"owner": {"type": "user", "id": "alice"}}"#, "resource has owner && resource.owner == principal"),
        (#"{"tags": ["b", "a", "b"]}"#, #"resource has tags && resource.tags == ["a", "b"]"#),
        (
            #"{"inner": {"at": "2026-01-02", "more": {"__entity": 1}}}"#,
            #"resource has inner && resource.inner.at == datetime("2026-01-02") && !(resource.inner has note)"#
        ),
        (#"{"price": "1.20"}"#, #"resource has price && resource.price == decimal("1.2")"#),
        (#"{"address": "10.1.2.3"}"#, #"resource has address && resource.address.isInRange(ip("10.0.0.0/8"))"#),
        (#"{"wait": "1h"}"#, #"resource has wait && resource.wait == duration("60m")"#),
    ])
    func propertiesAreReadByTheirDeclaredType(properties: String, policy: String) throws {
        #expect(try typed(properties, policy).isAllowed)
        #expect(try !typed("{}", policy).isAllowed)
    }

    @Test(arguments: [
        #"{"flag": "true"}"#, #"{"flag": 1}"#, #"{"flag": null}"#, #"{"count": 1.5}"#, #"{"count": "1"}"#,
        #"{"count": 9223372036854775808}"#, #"{"name": ["x"]}"#, #"{"owner": "alice"}"#,
        #"{"owner": {"__entity": {"type": "user", "id": "alice"}}}"#, #"{"owner": {"type": "user", "id": "bob"}}"#,
        #"{"owner": {"type": "folder", "id": "alice"}}"#, #"{"tags": "a"}"#, #"{"tags": ["a", 1]}"#,
        #"{"inner": {}}"#, #"{"inner": {"at": 5}}"#, #"{"inner": []}"#, #"{"price": 1.2}"#,
        #"{"price": {"__extn": {"fn": "decimal", "arg": "1.2"}}}"#, #"{"address": "ten"}"#, #"{"wait": "soon"}"#,
    ])
    func aDeclaredPropertyOfAnotherTypeIsAnError(properties: String) throws {
        let fault = #expect(throws: Fault.self) { try typed(properties, "true") }
        #expect(fault?.code == .invalidInput)
    }

    @Test(arguments: [
        #"{"__entity": {"type": "user", "id": "alice"}}"#, #"{"__extn": {"fn": "ip", "arg": "::1"}}"#,
        #"{"unknown": {"__entity": 1}, "flag ": true, "FLAG": true}"#, #"{"unknown": null, "deep": [[[[1.5e300]]]]}"#,
    ])
    func whatIsNotDeclaredIsLeftOut(properties: String) throws {
        #expect(try typed(properties, "!(resource has flag) && !(resource has owner)").isAllowed)
    }

    @Test func whatIsSentCompletesAndOverridesWhatIsStored() throws {
        let rules = try CertificationFixture.rules()
        func write(_ subject: String, _ resource: String) throws -> Bool {
            try decide("{\(subject), \(Self.action("write")), \(resource)}", rules).isAllowed
        }
        let stored = #""resource": {"type": "record", "id": "record-2"}"#
        let active = #""resource": {"type": "record", "id": "record-2", "properties": {"status": "active"}}"#
        #expect(try !write(Self.alice, stored))
        #expect(try write(Self.alice, active))
        #expect(try write(Self.bob, stored))
        #expect(try !write(#""subject": {"type": "user", "id": "bob", "properties": {"role": "x"}}"#, stored))
        #expect(try write(#""subject": {"type": "user", "id": "eve", "properties": {"role": "admin"}}"#, stored))
        #expect(try !write(Self.alice, stored), "nothing of an earlier question stays")
    }

    @Test func groupsOfStoredEntitiesStayWhenPropertiesAreSent() throws {
        let schema = """
            entity team; entity user in [team] = { level?: Long };
            action act appliesTo { principal: user, resource: user };
            """
        let entities = """
            [{"uid": {"type": "user", "id": "a"}, "attrs": {}, "parents": [{"type": "team", "id": "t"}]},
             {"uid": {"type": "team", "id": "t"}, "attrs": {}, "parents": []}]
            """
        let policy = """
            permit (principal in team::"t", action, resource)
            when { principal has level && principal.level > 1 } when { principal == resource };
            """
        let rules = try CertificationFixture.rules(CertificationFixture.texts(schema, policy, entities))
        func ask(_ subject: String, _ resource: String) throws -> Verdict {
            try decide(
                """
                {"subject": {"type": "user", "id": "a", "properties": \(subject)}, "action": {"name": "act"},
                 "resource": {"type": "user", "id": "a", "properties": \(resource)}}
                """, rules)
        }
        #expect(try ask(#"{"level": 2}"#, "{}").isAllowed)
        #expect(try ask("{}", #"{"level": 2}"#).isAllowed)
        #expect(try ask(#"{"level": 2}"#, #"{"level": 2}"#).isAllowed)
        #expect(throws: Fault.self) { try ask(#"{"level": 2}"#, #"{"level": 3}"#) }
    }

    @Test func aForbidThatCannotBeEvaluatedDenies() throws {
        let schema = """
            entity user; entity record = { count: Long };
            action read appliesTo { principal: user, resource: record };
            """
        let policies = """
            @id("all") permit (principal, action, resource);
            @id("not-many") forbid (principal, action, resource) when { resource.count > 5 };
            """
        let rules = try CertificationFixture.rules(CertificationFixture.texts(schema, policies))
        let ask = { (properties: String) in
            try decide(
                """
                {"subject": {"type": "user", "id": "a"}, "action": {"name": "read"},
                 "resource": {"type": "record", "id": "r"\(properties)}}
                """, rules)
        }
        #expect(try ask(#", "properties": {"count": 1}"#).isAllowed)
        #expect(try ask(#", "properties": {"count": 6}"#).policies == ["not-many"])
        let unknown = try ask("")
        #expect(!unknown.isAllowed && unknown.policies == ["not-many"])
    }

    @Test func circumstancesThatTheSchemaDemandsMustBeThere() throws {
        let schema = """
            entity user; action read appliesTo { principal: user, resource: user, context: { from: ipaddr } };
            """
        let policy = #"permit (principal, action, resource) when { context.from.isInRange(ip("10.0.0.0/8")) };"#
        let rules = try CertificationFixture.rules(CertificationFixture.texts(schema, policy))
        let ask = { (context: String) in
            try decide(
                """
                {"subject": {"type": "user", "id": "a"}, "action": {"name": "read"},
                 "resource": {"type": "user", "id": "b"}\(context)}
                """, rules)
        }
        #expect(try ask(#", "context": {"from": "10.0.0.1", "other": 1}"#).isAllowed)
        #expect(try !ask(#", "context": {"from": "11.0.0.1"}"#).isAllowed)
        for context in ["", #", "context": {}"#, #", "context": {"from": 10}"#] {
            #expect(throws: Fault.self) { try ask(context) }
        }
    }
}
