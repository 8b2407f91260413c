// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// Rules in plain words, and how often they decided.
struct RuleWordsTests {
    @Test func everyPartOfTheStarterRulesHasWords() throws {
        let book = try RuleBook.builtIn()
        for policy in book.policies.policies {
            let rule = RuleDescription(policy, in: book)
            #expect(!rule.who.isEmpty && !rule.who.contains("::"), "\(rule.id): \(rule.who)")
            #expect(!rule.what.isEmpty && !rule.which.contains("::"), "\(rule.id)")
            for condition in rule.conditions { #expect(condition.words != nil, "\(rule.id): \(condition.text)") }
        }
    }

    @Test func aRuleSaysWhoMayDoWhatAndWhen() throws {
        let book = try RuleBook.builtIn()
        let rule = RuleDescription(try #require(book["department-reads-chart"]), in: book)
        #expect(rule.who == "Physician or Nurse" && rule.which == "A patient" && rule.what == ["Read chart"])
        #expect(
            rule.conditions.map(\.words) == [
                "the records say where the patient is", "the person works in the department where the patient is",
                "the person is on duty",
            ])
        let team = RuleDescription(try #require(book["care-team-reads-chart"]), in: book)
        #expect(team.conditions.last?.words == "that care has not ended, or not longer ago than 72 hours")
        let billing = RuleDescription(try #require(book["billing-reads-visits"]), in: book)
        #expect(billing.who == "Billing" && billing.masks.contains("Observation"))
    }

    @Test(arguments: [
        ("vault.search-patients", "Search patients"), ("posture.read", "Read posture"),
        ("access.read-rules", "Read the rules"), ("identity.sign-in", "Sign in"), ("", ""), ("odd", "Odd"),
    ])
    func actionsHaveWords(id: String, words: String) {
        #expect(ActionWords.words(id) == words)
    }

    @Test(arguments: [
        (
            #"when principal in Role::"physician" || principal in Role::"nurse""#,
            "Not so: the person is Physician or Nurse"
        ),
        (#"principal in Role::"administrator""#, "Not so: the person is Administrator"),
        ("when resource.hasTag(principal.key)", "Not so: the records name the person as caring for the patient"),
        ("unless context.careTeams", "But: care teams decide who reads charts"),
        (#"when principal in Role::"nurse" || true"#, #"Not so: principal in Role::"nurse" || true"#),
    ])
    func whatADenialLackedHasWords(condition: String, words: String) {
        #expect(ConditionWords.missing(condition) == words)
    }

    @Test func whatARuleLooksAtIsFoundInItsConditions() throws {
        let book = try RuleBook.builtIn()
        func grounds(_ id: Text) throws -> Set<RuleGround> { try #require(book[id]).grounds }
        #expect(try grounds("care-team-reads-chart") == [.care, .role])
        #expect(try grounds("department-reads-chart") == [.department, .role])
        #expect(try grounds("emergency") == [.emergency, .role])
        #expect(try grounds("billing-reads-visits") == [.role])
        #expect(try grounds("everyone") == [])
    }

    @Test func decisionsAreCountedFromTheLogForThirtyDays() async throws {
        try await AccessFixture.with { house in
            func record(_ rules: [String]) async throws {
                let fact = Fact(
                    AccountingFacts.allowed, by: .system, [.init("rules", .array(rules.map { .string($0) }))])
                try await house.house.store.write { tx in try tx.record(fact) }
                try await house.house.ledger.settle()
            }
            try await record(["administrator"])
            house.clock.advance(by: .days(20))
            try await record(["administrator", "everyone"])
            house.clock.advance(by: .days(11))
            try await record(["everyone"])
            let use = try await RuleUse(house.house.ledger, until: house.now)
            #expect(use.counts == ["administrator": 1, "everyone": 2])
            #expect(use.isWhole && use.since == house.now.advanced(by: .days(-30)))
            house.clock.advance(by: .days(-31))
            let early = try await RuleUse(house.house.ledger, until: house.now)
            #expect(early.counts["administrator"] == 2 && early.isWhole)
            let bounded = try await RuleUse(house.house.ledger, until: house.now, most: 0)
            #expect(!bounded.isWhole && bounded.counts.isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func thePageKnowsWhereTheRulesComeFrom(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            func inForce() async throws -> RulesInForce {
                try await house.house.store.read { tx in try RulesInForce(house.rules.shelf, in: tx) }
            }
            func put(_ version: Int64, _ text: [UInt8]) async throws {
                let now = house.now
                try await house.house.store.write { tx in
                    try tx.execute(
                        """
                        INSERT INTO access_rules (id, version, base, policies, note, created, saved)
                        VALUES (?, ?, 0, ?, ?, ?, 0)
                        """,
                        [
                            .bytes(Identifier<Kernel.Record>(at: now).bytes), .integer(version), .bytes(text),
                            .bytes([]), .integer(now.microseconds),
                        ])
                }
            }
            #expect(try await inForce().origin == .program)
            try await put(1, BuiltInRules.policies)
            #expect(
                try await inForce().origin
                    == .clinic(version: 1, proposed: house.now, author: nil, isBuiltIn: true))
            try await put(2, Array(#"@id("all") permit (principal, action, resource);"#.utf8))
            let second = try await inForce()
            #expect(second.origin == .clinic(version: 2, proposed: house.now, author: nil, isBuiltIn: false))
            #expect(second.book["everyone"] == nil)
            let former = try await house.house.store.read { tx in try tx.formerRule("everyone")?.book.version }
            #expect(former == 1)
            try await put(3, Array("no policies".utf8))
            #expect(try await inForce().origin == .unreadable(version: 3))
        }
    }
}
