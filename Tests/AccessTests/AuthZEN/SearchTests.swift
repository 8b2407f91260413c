// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Testing

@testable import Access

/// Searches are complete, and agree with the single decisions.
struct SearchTests {
    private func search(_ kind: SearchQuestion.Kind, _ json: String, _ rules: OwnRules? = nil) throws -> [String] {
        let question = try SearchQuestion(CertificationFixture.node(json), kind)
        return try (rules ?? CertificationFixture.rules()).search(question).found
    }

    private static let first = #""resource": {"type": "record", "id": "record-1"}"#
    private static let archived =
        #""resource": {"type": "record", "id": "record-2", "properties": {"status": "archived"}}"#
    private static let admin = #""subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}"#

    @Test(arguments: [
        (
            SearchQuestion.Kind.subject, #"{"subject": {"type": "user"}, "action": {"name": "read"}, \#(first)}"#,
            ["alice", "bob"]
        ),
        (
            .subject, #"{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, \#(first)}"#,
            ["alice", "bob"]
        ),
        (
            .subject, #"{"subject": {"type": "user", "id": 7}, "action": {"name": "read"}, \#(first)}"#,
            ["alice", "bob"]
        ),
        (
            .resource,
            #"{"subject": {"type": "user", "id": "alice"}, "action": {"name": "read"}, "resource": {"type": "record", "id": "x"}}"#,
            ["record-1", "record-2"]
        ),
        (.action, #"{"subject": {"type": "user", "id": "alice"}, \#(first)}"#, ["read", "write"]),
        (.subject, #"{"subject": {"type": "user"}, "action": {"name": "write"}, \#(archived)}"#, ["bob"]),
        (.resource, #"{\#(admin), "action": {"name": "write"}, "resource": {"type": "record"}}"#, ["record-2"]),
        (.action, #"{\#(admin), \#(archived)}"#, ["read", "write"]),
        (.action, #"{"subject": {"type": "user", "id": "nobody"}, "resource": {"type": "record", "id": "x"}}"#, []),
        (.subject, #"{"subject": {"type": "spaceship"}, "action": {"name": "read"}, \#(first)}"#, []),
        (.subject, #"{"subject": {"type": "user"}, "action": {"name": "fly"}, \#(first)}"#, []),
        (.resource, #"{\#(admin), "action": {"name": "write"}, "resource": {"type": "moon"}}"#, []),
        (.action, #"{"subject": {"type": "spaceship", "id": "a"}, \#(first)}"#, []),
    ])
    func searchesOfTheScenario(kind: SearchQuestion.Kind, question: String, expected: [String]) throws {
        #expect(try search(kind, question) == expected)
    }

    @Test(arguments: [
        (SearchQuestion.Kind.subject, #"{"subject": {"type": "user"}, \#(first)}"#),
        (.subject, #"{"subject": {}, "action": {"name": "read"}, \#(first)}"#),
        (.subject, #"{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record"}}"#),
        (.resource, #"{"action": {"name": "read"}, "resource": {"type": "record"}}"#),
        (.resource, #"{"subject": {"type": "user"}, "action": {"name": "read"}, "resource": {"type": "record"}}"#),
        (.action, #"{"subject": {"type": "user", "id": "alice"}}"#),
        (.action, #"{"subject": {"type": "user"}, \#(first)}"#),
        (.action, #"{"subject": {"type": "user", "id": "a"}, "context": [], \#(first)}"#),
    ])
    func whatIsMissingIsAnError(kind: SearchQuestion.Kind, question: String) {
        let fault = #expect(throws: Fault.self) { try search(kind, question) }
        #expect(fault?.code == .invalidInput)
    }

    @Test func everyResultIsADecisionAndEveryDecisionAResult() throws {
        let users = (0..<40).map {
            #"{"uid":{"type":"user","id":"u\#($0)"},"attrs":{"level":\#($0 % 7)},"parents":[]}"#
        }
        let schema = """
            entity user = { level: Long }; entity door enum ["front", "back"];
            action open, close appliesTo { principal: user, resource: door };
            """
        let policies = """
            permit (principal, action == Action::"open", resource == door::"front") when { principal.level > 2 };
            permit (principal, action, resource == door::"back") when { principal.level == 6 };
            forbid (principal == user::"u6", action, resource);
            """
        let rules = try CertificationFixture.rules(
            CertificationFixture.texts(schema, policies, "[\(users.joined(separator: ","))]"))
        for door in ["front", "back"] {
            for action in ["open", "close"] {
                let tail = #""action": {"name": "\#(action)"}, "resource": {"type": "door", "id": "\#(door)"}}"#
                let found = try search(.subject, #"{"subject": {"type": "user"}, \#(tail)"#, rules)
                let expected = try (0..<40).map { "u\($0)" }.filter { user in
                    let question = #"{"subject": {"type": "user", "id": "\#(user)"}, \#(tail)"#
                    return try rules.decide(CertificationFixture.question(question), explaining: false).isAllowed
                }
                #expect(found == expected.sorted())
            }
        }
        // The ids of an enumerated type are known although no entity is stored for them.
        let open =
            #"{"subject": {"type": "user", "id": "u13"}, "action": {"name": "open"}, "resource": {"type": "door"}}"#
        #expect(try search(.resource, open, rules) == ["back", "front"])
    }

    @Test func aSearchThatIsNotWholeInTimeIsNoAnswer() throws {
        for (kind, question) in [
            (
                SearchQuestion.Kind.subject,
                #"{"subject": {"type": "user"}, "action": {"name": "read"}, \#(Self.first)}"#
            ),
            (.resource, #"{\#(Self.admin), "action": {"name": "write"}, "resource": {"type": "record"}}"#),
            (.action, #"{"subject": {"type": "user", "id": "alice"}, \#(Self.first)}"#),
        ] {
            let question = try SearchQuestion(CertificationFixture.node(question), kind)
            let fault = #expect(throws: Fault.self) {
                try CertificationFixture.rules().search(question, until: SearchDeadline(.zero))
            }
            #expect(fault?.code == .unavailable && fault?.message.contains("was ended without an answer") == true)
        }
    }

    @Test func anApplicationSearchesOnceAtATime() async throws {
        let turns = SearchTurns()
        let (one, other) = (Identifier<Application>(at: Instant(microseconds: 0)), CertificationFixture.application.id)
        try await turns.take(one) {
            let fault = await #expect(throws: Fault.self) { try await turns.take(one) {} }
            #expect(fault?.code == .throttled && fault?.httpStatus == 429)
            try await turns.take(other) {}
            // The one that was turned away has not ended the turn of the first.
            await #expect(throws: Fault.self) { try await turns.take(one) {} }
        }
        // Over, also when it failed.
        await #expect(throws: CancellationError.self) { try await turns.take(one) { throw CancellationError() } }
        try await turns.take(one) {}
    }

    @Test func pagesTogetherAreTheWhole() throws {
        let all = (0..<10).map { "id\($0)" }
        func page(_ json: String, scope: String = "s") throws -> ResultPage? {
            try ResultPage(CertificationFixture.node(json), scope: scope)
        }
        let question = #""subject": {"type": "user"}, "action": {"name": "read"}"#
        var collected: [String] = []
        var (results, said) = try #require(try page("{\(question), \"page\": {\"limit\": 4}}")).take(all)
        collected += results
        #expect(said["count"]?.integerValue == 4 && said["total"]?.integerValue == 10)
        while let token = said["next_token"]?.stringValue, !token.isEmpty {
            // Members in another order are the same question; the limit may be left out.
            let again = #"{"action":{"name":"read"},"page":{"token":"\#(token)"},"subject":{"type":"user"}}"#
            (results, said) = try #require(try page(again)).take(all)
            collected += results
        }
        #expect(collected == all)
        #expect(try page("{\(question)}") == nil)
    }

    @Test func aTokenGoesOnWithItsOwnQuestionOnly() throws {
        func page(_ json: String, scope: String = "s") throws -> ResultPage? {
            try ResultPage(CertificationFixture.node(json), scope: scope)
        }
        let (_, said) = try #require(try page(#"{"subject": {"type": "user"}, "page": {"limit": 1}}"#)).take(["a", "b"])
        let token = try #require(said["next_token"]?.stringValue)
        for other in [
            #"{"subject": {"type": "record"}, "page": {"token": "\#(token)"}}"#,
            #"{"subject": {"type": "user"}, "context": {}, "page": {"token": "\#(token)"}}"#,
            #"{"subject": {"type": "user"}, "page": {"token": "\#(token)", "limit": 2}}"#,
            #"{"subject": {"type": "user"}, "page": {"token": "\#(token)x"}}"#,
            #"{"subject": {"type": "user"}, "page": {"token": ""}}"#, #"{"page": {"token": 7}}"#,
            #"{"page": {"limit": -1}}"#, #"{"page": {"limit": "1"}}"#, #"{"page": {"limit": 1.5}}"#, #"{"page": 1}"#,
        ] {
            #expect(throws: Fault.self, "\(other)") { try page(other) }
        }
        #expect(throws: Fault.self) {
            try page(#"{"subject": {"type": "user"}, "page": {"token": "\#(token)"}}"#, scope: "another")
        }
        let none = try #require(try page(#"{"subject": {"type": "user"}, "page": {"limit": 0}}"#)).take(["a", "b"])
        let rest = try #require(none.page["next_token"]?.stringValue)
        let after = try #require(try page(#"{"subject": {"type": "user"}, "page": {"token": "\#(rest)"}}"#))
        #expect(none.results.isEmpty && Array(after.take(["a", "b"]).results) == ["a", "b"])
    }
}
