// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Store
import TestSupport
import Testing

@testable import Access

/// Programs that ask about the house hear what the console would do, whatever they say about people and patients.
struct HouseRulesTests {
    private func with(
        _ dialect: StoreDialect = .sqlite, _ body: (AccessFixture, ApplicationToken) async throws -> Void
    ) async throws {
        try await AccessFixture.with(dialect) { house in
            let name = try #require(ApplicationName("Portal"))
            let (_, token) = try await house.desk().add(name, nil, by: .operator(uid: 0))
            try await body(house, token)
        }
    }

    private static func question(_ subject: String, _ action: String, _ resource: String, more: String = "") -> String {
        """
        {"subject": {"type": "user", "id": "\(subject)"\(more)}, "action": {"name": "\(action)"},
         "resource": {"type": "Patient", "id": "\(resource)"\(more)}, "context": {"careTeams": false, "now": 0}}
        """
    }

    @Test(arguments: StoreFixture.dialects)
    func theHousesRulesAnswer(dialect: StoreDialect) async throws {
        try await with(dialect) { house, token in
            let physician = house.person("Hanna", .physician)
            let patient = house.patient()
            func ask(_ subject: String, _ action: String = "vault.read-chart") async throws -> JSONNode {
                try await house.ask(
                    "/access/v1/evaluation", Self.question(subject, action, patient.description), token: token)
            }
            let byName = try await ask("hanna")
            #expect(byName["decision"]?.bool == true)
            #expect(byName.at("context", "policies", 0)?.string == "before-care-teams")
            #expect(try await ask(physician.description)["decision"]?.bool == true)
            try await house.useCareTeams()
            let refused = try await ask("hanna")
            #expect(refused["decision"]?.bool == false)
            #expect(
                refused.at("context", "reason_user", "403")?.string == "You are not on this patient's care team.")
            for (subject, action) in [
                ("nobody", "vault.read-chart"), ("hanna", "fly"), ("hanna", "protected"), ("HANNA", "vault.read-chart"),
            ] {
                #expect(try await ask(subject, action)["decision"]?.bool == false)
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatIsMaskedIsForThoseWhoLeaveItOut(dialect: StoreDialect) async throws {
        try await with(dialect) { house, token in
            let clerk = house.person("Fritz", .billing)
            let physician = house.person("Hanna", .physician)
            let patient = house.patient()
            func ask(_ address: String, _ body: String) async throws -> JSONNode {
                try await house.ask("/access/v1/\(address)", body, token: token)
            }
            func found(_ kind: String, _ body: String) async throws -> [String: [String]] {
                let results = try #require(try await ask("search/\(kind)", body)["results"]).elements
                return Dictionary(
                    uniqueKeysWithValues: results.compactMap { result in
                        let masks = result["properties"]?["masks"]?.elements.compactMap { $0.string } ?? []
                        return (result["id"] ?? result["name"])?.string.map { ($0, masks) }
                    })
            }
            let question = Self.question(clerk.description, "vault.read-chart", patient.description)
            let readers = """
                {"subject": {"type": "Person"}, "action": {"name": "vault.read-chart"},
                 "resource": {"type": "Patient", "id": "\(patient)"}}
                """
            let charts = """
                {"subject": {"type": "user", "id": "fritz"}, "action": {"name": "vault.read-chart"},
                 "resource": {"type": "Patient"}}
                """
            let acts = """
                {"subject": {"type": "user", "id": "fritz"}, "resource": {"type": "Patient", "id": "\(patient)"}}
                """

            let refused = try await ask("evaluation", question)
            #expect(refused["decision"]?.bool == false && refused["context"]?["masks"] == nil)
            let reason = try #require(refused.at("context", "reason_admin", "403")?.string)
            #expect(
                reason.contains("billing-reads-visits would permit this without ") && reason.contains(" Observation, "))
            #expect(refused.at("context", "reason_user", "403")?.string?.contains("this program cannot") == true)
            let batch = try await ask("evaluations", "{\"evaluations\": [\(question)]}")
            #expect(batch.at("evaluations", 0, "decision")?.bool == false)
            #expect(try await found("subject", readers) == [physician.description: []])
            #expect(try await found("resource", charts).isEmpty)
            #expect(try await found("action", acts)["vault.read-chart"] == nil)

            let desk = try await house.desk()
            let id = try await desk.application(named: "Portal").id
            try await desk.setHonoursMasks(true, id, by: .operator(uid: 0))
            let permitted = try await ask("evaluation", question)
            #expect(permitted["decision"]?.bool == true)
            let masks = try #require(permitted["context"]?["masks"]?.elements.compactMap { $0.string })
            #expect(masks.contains("Observation"))
            #expect(try await found("subject", readers) == [physician.description: [], clerk.description: masks])
            #expect(try await found("resource", charts) == [patient.description: masks])
            #expect(try await found("action", acts)["vault.read-chart"] == masks)

            try await desk.setHonoursMasks(false, id, by: .operator(uid: 0))
            #expect(try await ask("evaluation", question)["decision"]?.bool == false)
        }
    }

    @Test func whatTheProgramSaysAboutThemChangesNothing() async throws {
        try await with { house, token in
            let nurse = house.person("Mara", .nurse, isEnabled: false)
            let patient = house.patient()
            let said = #", "properties": {"isActive": true, "isOnDuty": true, "roles": ["administrator"], "key": "x"}"#
            let answer = try await house.ask(
                "/access/v1/evaluation",
                Self.question(nurse.description, "vault.read-chart", patient.description, more: said), token: token)
            #expect(
                answer["decision"]?.bool == false && answer.at("context", "policies", 0)?.string == "account-closed")
            for resource in ["", "x", Identifier<Kernel.Patient>(at: house.now).description] {
                _ = house.person("Hanna", .physician)
                let none = try await house.ask(
                    "/access/v1/evaluation", Self.question("hanna", "vault.read-chart", resource), token: token)
                #expect(none["decision"]?.bool == false)
            }
        }
    }

    @Test func aSearchThatIsNotWholeInTimeIsNoAnswer() async throws {
        try await with { house, _ in
            let (nurse, patient) = (house.person("Mara", .nurse), house.patient())
            for (kind, question) in [
                (
                    SearchQuestion.Kind.subject,
                    #"{"subject": {"type": "user"}, \#(Self.reading), \#(Self.patient(patient))}"#
                ),
                (.resource, #"{\#(Self.subject(nurse)), \#(Self.reading), "resource": {"type": "Patient"}}"#),
                (.action, #"{\#(Self.subject(nurse)), \#(Self.patient(patient))}"#),
            ] {
                let question = try SearchQuestion(CertificationFixture.node(question), kind)
                let rules = HouseRules(rules: house.rules, honoursMasks: true)
                let fault = await #expect(throws: Fault.self, "\(kind)") {
                    try await rules.search(question, until: SearchDeadline(.zero))
                }
                #expect(fault?.code == .unavailable)
                #expect(try await !rules.search(question).found.isEmpty, "\(kind)")
            }
        }
    }

    private static let reading = #""action": {"name": "vault.read-chart"}"#
    private static func subject(_ id: Identifier<Kernel.Person>) -> String {
        #""subject": {"type": "user", "id": "\#(id)"}"#
    }
    private static func patient(_ id: Identifier<Kernel.Patient>) -> String {
        #""resource": {"type": "Patient", "id": "\#(id)"}"#
    }

    @Test(arguments: [(1, true), (5, true), (6, false)])
    func onlyAFewDenialsOfABatchNameTheNearestRule(count: Int, isNamed: Bool) async throws {
        try await with { house, token in
            _ = house.person("Fritz", .frontDesk)
            let question = Self.question("fritz", "vault.read-chart", house.patient().description)
            let list = Array(repeating: question, count: count).joined(separator: ",")
            let answer = try await house.ask(
                "/access/v1/evaluations", #"{"evaluations": [\#(list)]}"#, token: token)
            let answers = try #require(answer["evaluations"]).elements.map { $0 }
            #expect(answers.count == count)
            for answer in answers {
                #expect(answer["decision"]?.bool == false)
                let reason = answer.at("context", "reason_admin", "403")?.string ?? ""
                #expect(reason.contains("came nearest") == isNamed, "\(reason)")
            }
        }
    }

    @Test func searchesAgreeWithDecisions() async throws {
        try await with { house, token in
            let people = [
                house.person("Hanna", .physician), house.person("Mara", .nurse), house.person("Fritz", .frontDesk),
                house.person("Old", .physician, isEnabled: false),
            ]
            let patients = [house.patient(), house.patient()]
            func ids(_ kind: String, _ body: String) async throws -> [String] {
                let answer = try await house.ask("/access/v1/search/\(kind)", body, token: token)
                return try #require(answer["results"]).elements.compactMap { ($0["id"] ?? $0["name"])?.string }
            }
            let readers = try await ids(
                "subject",
                """
                {"subject": {"type": "Person"}, "action": {"name": "vault.read-chart"},
                 "resource": {"type": "Patient", "id": "\(patients[0])"}}
                """)
            #expect(readers == people.prefix(2).map(\.description).sorted())
            let charts = try await ids(
                "resource",
                """
                {"subject": {"type": "user", "id": "mara"}, "action": {"name": "vault.read-chart"},
                 "resource": {"type": "Patient"}}
                """)
            #expect(charts == patients.map(\.description).sorted())
            let acts = try await ids(
                "action",
                """
                {"subject": {"type": "user", "id": "fritz"}, "resource": {"type": "Institution", "id": "this"}}
                """)
            #expect(acts.contains("vault.search-patients") && !acts.contains("identity.manage-people"))
            for body in [
                #"{"subject": {"type": "user", "id": "nobody"}, "resource": {"type": "Institution", "id": "this"}}"#,
                #"{"subject": {"type": "user", "id": "mara"}, "resource": {"type": "Institution", "id": "that"}}"#,
                #"{"subject": {"type": "Ship", "id": "mara"}, "resource": {"type": "Institution", "id": "this"}}"#,
            ] {
                #expect(try await ids("action", body).isEmpty)
            }
        }
    }
}
