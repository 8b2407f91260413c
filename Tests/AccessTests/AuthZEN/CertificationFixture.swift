// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Crypto
import Kernel
import Testing
import Web

@testable import Access

/// The application of the AuthZEN certification scenario, section "Required Fixture", and a way to ask as it.
enum CertificationFixture {
    static let schema = """
        entity team;
        entity user in [team] = { role?: String };
        entity record = { status?: String };
        action read, write, delete appliesTo {
          principal: user, resource: record, context: { action?: { soft?: Bool } }
        };
        """
    static let policies = """
        @id("everybody-reads")
        permit (principal in team::"staff", action == Action::"read", resource);
        @id("alice-writes")
        @otherwise("Archived records stay as they are.")
        permit (principal == user::"alice", action == Action::"write", resource)
        when { resource has status && resource.status == "active" };
        @id("admin-writes-archive")
        permit (principal is user, action == Action::"write", resource)
        when { principal has role && principal.role == "admin" }
        when { resource has status && resource.status == "archived" };
        @id("soft-delete")
        permit (principal == user::"alice", action == Action::"delete", resource)
        when { context has action && context.action has soft && context.action.soft };
        """
    static let entities = """
        [
          {"uid": {"type": "user", "id": "alice"}, "attrs": {},
           "parents": [{"type": "team", "id": "staff"}]},
          {"uid": {"type": "user", "id": "bob"}, "attrs": {"role": "admin"},
           "parents": [{"type": "team", "id": "staff"}]},
          {"uid": {"type": "record", "id": "record-1"}, "attrs": {"status": "active"}, "parents": []},
          {"uid": {"type": "record", "id": "record-2"}, "attrs": {"status": "archived"}, "parents": []}
        ]
        """

    static var texts: PolicyTexts { texts(schema, policies, entities) }

    static func texts(_ schema: String, _ policies: String, _ entities: String = "[]") -> PolicyTexts {
        PolicyTexts(schema: Array(schema.utf8), policies: Array(policies.utf8), entities: Array(entities.utf8))
    }

    static let application = Application(
        id: Identifier(at: Instant(microseconds: 0)), name: "Test", isEnabled: true, asksHouse: false, version: 1,
        revision: 1, created: Instant(microseconds: 0), used: nil)

    static func rules(_ texts: PolicyTexts = texts) throws -> OwnRules {
        OwnRules(try PolicyStore(texts), of: application)
    }

    static func node(_ json: String) throws -> JSONNode {
        try JSONDocument.parse(json).root
    }

    static func question(_ json: String) throws -> EvaluationQuestion {
        try PartialQuestion(try node(json)).complete()
    }
}

extension AccessFixture {
    /// The site with the addresses for programs alone. A machine that runs many tests at once may let a search wait.
    func addresses() async throws -> Site {
        var site = Site()
        AuthZENAddresses(
            house: house, rules: rules, desk: try await desk(),
            key: SymmetricKey(data: Array("a key of the test".utf8)),
            longestSearch: .seconds(600)
        )
        .add(to: &site)
        return site
    }

    /// Asks as the program that has this token, past the front.
    func ask(
        _ path: String, _ body: String, token: ApplicationToken, contentType: String? = "application/json"
    ) async throws -> JSONNode {
        let site = try await addresses()
        guard let route = site.match(method: "POST", path: path)?.route,
            let application = try await rules.application(bearer: token.text)
        else { throw Fault(.notSignedIn, "The token opens nothing.") }
        let answer = try await route.handle(
            PageRequest(
                method: "POST", path: path, visitor: .application(application), body: Array(body.utf8),
                contentType: contentType))
        guard case .bytes(let bytes, "application/json") = answer.body else {
            throw Fault(.internal, "The answer is no JSON.")
        }
        return try JSONDocument.parse(bytes).root
    }

    func desk() async throws -> ApplicationDesk { try await ApplicationDesk(house) }
}

extension RuleAuthorizer {
    /// Which application asks with this token and may; nil for none.
    func application(bearer: String) async throws -> Kernel.EntityReference? {
        let admission = try await admit(
            bearer: bearer, to: AccessActions.evaluate, on: Site.institution)
        #expect(admission.decision.isAllowed == (admission.application != nil))
        return admission.application
    }
}
