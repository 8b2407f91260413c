// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Store
import TestSupport
import Testing

@testable import Access

/// A rule that protects and cannot be evaluated keeps everybody out, and says that it was this.
struct UncheckedRuleTests {
    private static let readChart = Action("vault.read-chart", "Read a patient's chart")
    /// No draft with such a rule is stored: the schema does not vouch for it.
    private static let broken = """
        @id("physicians-read")
        @title("Physicians read charts")
        permit (principal in Role::"physician", action == Action::"vault.read-chart", resource is Patient);
        @id("quiet-hours")
        @title("Nobody reads in quiet hours")
        forbid (principal is Person, action == Action::"vault.read-chart", resource is Patient)
        when { principal.quiet };
        @id("closed-ward")
        @title("Nobody in billing reads")
        @otherwise("Not for billing.")
        forbid (principal in Role::"billing", action == Action::"vault.read-chart", resource is Patient);
        """

    /// The starting rules, and one that reads what every patient has.
    private static let guarded =
        String(decoding: BuiltInRules.policies, as: UTF8.self) + """

            @id("no-protected-charts")
            @title("Nobody reads a chart with protected records")
            forbid (principal is Person, action == Action::"vault.read-chart", resource is Patient)
            when { resource.hasProtectedRecords };
            """

    private static func enforce(_ house: AccessFixture, _ text: String = broken) async throws {
        try await house.house.store.write { tx in
            let draft = RuleDraft(
                id: Identifier(at: tx.now), version: nil, base: 0, policies: Array(text.utf8), sealedNote: [],
                author: nil, created: tx.now, saved: tx.now, proposed: nil, closed: nil)
            try tx.add(draft)
            _ = try tx.enforce(draft)
        }
    }

    @Test func whoeverItKeepsOutIsToldWhichAndWhom() async throws {
        try await AccessFixture.with { house in
            try await Self.enforce(house)
            let patient = house.patient()
            let refused = try await house.decide(Self.readChart, house.person("Hanna", .physician), on: patient)
            #expect(!refused.isAllowed && !refused.opensByBreakGlass && refused.isUnchecked)
            #expect(refused.rules == ["quiet-hours"] && refused.errors == ["quiet-hours"])
            for words in ["could not be checked", "Nobody reads in quiet hours", "quiet-hours", "Tell your IT lead"] {
                #expect(refused.explanation.contains(words), "\(refused.explanation)")
            }
            #expect(!refused.explanation.contains("Physicians read charts"))
            // What was refused for a reason of its own says that reason.
            let nurse = try await house.decide(Self.readChart, house.person("Mara", .nurse), on: patient)
            #expect(!nurse.isAllowed && !nurse.isUnchecked && nurse.explanation.contains("needs the role Physician"))
            let clerk = try await house.decide(Self.readChart, house.person("Bill", .billing, .physician), on: patient)
            #expect(clerk.explanation == "Not for billing." && clerk.rules == ["closed-ward"] && !clerk.isUnchecked)
        }
    }

    @Test func programsAreToldToo() async throws {
        try await AccessFixture.with { house in
            try await Self.enforce(house)
            // The rules above let no program ask: it is answered past the front.
            _ = house.person("Hanna", .physician)
            let question = try CertificationFixture.question(
                """
                {"subject": {"type": "user", "id": "hanna"}, "action": {"name": "vault.read-chart"},
                 "resource": {"type": "Patient", "id": "\(house.patient())"}}
                """)
            let verdict = try await HouseRules(rules: house.rules, honoursMasks: false)
                .decide(question, explaining: true)
            #expect(!verdict.isAllowed && verdict.policies == ["quiet-hours"])
            #expect(verdict.reason.contains("quiet-hours could not be evaluated"), "\(verdict.reason)")
            #expect(verdict.words?.contains("could not be checked") == true)
        }
    }

    /// A wrong address is no mistake in a rule.
    @Test(arguments: [false, true])
    func aPatientWhoIsNotThereBreaksNoRule(careTeams: Bool) async throws {
        #expect(try RuleFindings(checking: Array(Self.guarded.utf8)).errors.isEmpty)
        try await AccessFixture.with { house in
            try await Self.enforce(house, Self.guarded)
            // With care teams nobody here could read a stranger's chart, and physicians could break the glass.
            if careTeams { try await house.useCareTeams() }
            let (hanna, otto) = (house.person("Hanna", .physician), house.person("Otto", .auditor))
            let guarded = try await house.decide(Self.readChart, hanna, on: house.patient(protected: [.hiv]))
            #expect(guarded.rules == ["no-protected-charts"] && guarded.errors.isEmpty)
            for id in [Identifier<Kernel.Patient>(at: house.now).description, "nobody"] {
                func decide(_ person: Identifier<Kernel.Person>) async throws -> Kernel.Decision {
                    try await house.rules.decide(
                        AccessRequest(
                            principal: .person(person), action: Self.readChart,
                            resource: EntityReference(type: "patient", id: id),
                            assurance: Assurance(secondFactor: true, at: house.now)))
                }
                let fault = await #expect(throws: Fault.self, "\(id)") { try await decide(hanna) }
                #expect(fault?.code == .notFound)
                let refused = try await decide(otto)
                #expect(!refused.isAllowed && refused.errors.isEmpty && !refused.isUnchecked)
                #expect(!refused.explanation.contains("could not be checked"), "\(refused.explanation)")
            }
        }
    }

    @Test func programsAskAboutANumberThatNobodyHas() async throws {
        try await AccessFixture.with { house in
            try await Self.enforce(house, Self.guarded)
            _ = (house.person("Hanna", .physician), house.person("Otto", .auditor))
            for subject in ["hanna", "otto"] {
                let question = try CertificationFixture.question(
                    """
                    {"subject": {"type": "user", "id": "\(subject)"}, "action": {"name": "vault.read-chart"},
                     "resource": {"type": "Patient", "id": "urn:mrn|1"}}
                    """)
                let verdict = try await HouseRules(rules: house.rules, honoursMasks: false)
                    .decide(question, explaining: true)
                #expect(!verdict.isAllowed && !verdict.reason.contains("could not be evaluated"), "\(verdict.reason)")
                if subject == "hanna" { #expect(verdict.reason == "There is no such patient or institution.") }
            }
        }
    }
}
