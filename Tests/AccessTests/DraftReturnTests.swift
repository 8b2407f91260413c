// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// Who learns that a draft waits, and how it comes back to its author.
struct DraftReturnTests {
    private static let digest = RuleText.digest(BuiltInRules.policies)

    private static func words(_ text: String) throws -> DraftWords { try #require(DraftWords(text)) }

    private static func visitor(
        _ house: AccessFixture, _ person: Identifier<Kernel.Person>, secondFactor: Bool = true
    ) async throws -> SignedIn {
        SignedIn(
            person: try #require(try await house.people.person(person)),
            assurance: Assurance(secondFactor: secondFactor, at: house.now), formToken: "t", session: "s")
    }

    private static func waiting(
        _ house: AccessFixture, _ person: Identifier<Kernel.Person>
    ) async throws -> Set<Identifier<Kernel.Record>> {
        try await house.rules.draftsWaiting(for: try await visitor(house, person))
    }

    @Test(arguments: StoreFixture.dialects)
    func aDraftWaitsForThoseWhoMayApproveIt(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let auditor = house.person("Otto", .auditor)
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            #expect(try await Self.waiting(house, paul).isEmpty)
            try await house.desk.propose(id, by: ada)
            #expect(try await Self.waiting(house, paul) == [id])
            #expect(try await Self.waiting(house, ada).isEmpty)
            // Reads the rules, and approves none.
            #expect(try await Self.waiting(house, auditor).isEmpty)
            let weak = try await Self.visitor(house, paul, secondFactor: false)
            #expect(try await house.rules.draftsWaiting(for: weak).isEmpty)
            try await house.desk.withdraw(id, by: ada)
            #expect(try await Self.waiting(house, paul).isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatWasSentBackWaitsForItsAuthorUntilItIsChanged(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            try await house.desk.propose(id, by: ada)
            try await house.desk.sendBack(id, try Self.words("  Why?\r\nSay so. "), looked: Self.digest, by: paul)
            let draft = try await house.desk.draft(id)
            #expect(draft.isSentBack && draft.proposed == nil && draft.isOpen)
            #expect(try await house.desk.returns(of: draft).map(\.words) == ["Why?\nSay so."])
            #expect(try await Self.waiting(house, paul).isEmpty)
            #expect(try await Self.waiting(house, ada) == [id])
            #expect(try await Self.waiting(house, house.person("Eva", .administrator)).isEmpty)
            house.clock.advance(by: .seconds(1))
            try await house.desk.save(id, BuiltInRules.policies, note: "Because.", by: ada)
            #expect(try await !house.desk.draft(id).isSentBack)
            #expect(try await Self.waiting(house, ada).isEmpty)
            // The words stay, and the next ones stand before them.
            try await house.desk.propose(id, by: ada)
            house.clock.advance(by: .seconds(1))
            try await house.desk.sendBack(id, try Self.words("Still no."), looked: Self.digest, by: paul)
            let returns = try await house.desk.returns(of: draft)
            #expect(returns.map(\.words) == ["Still no.", "Why?\nSay so."] && returns.map(\.person) == [paul, paul])
        }
    }

    /// The clock of the machine may go backwards between two acts.
    @Test(arguments: StoreFixture.dialects)
    func aClockThatWasSetBackChangesNothing(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            var before: Instant?
            for words in ["One.", "Two.", "Three."] {
                try await house.desk.propose(id, by: ada)
                house.clock.advance(by: .minutes(-5))
                try await house.desk.sendBack(id, try Self.words(words), looked: Self.digest, by: paul)
                let draft = try await house.desk.draft(id)
                #expect(draft.isSentBack && draft.returned != before)
                before = draft.returned
                #expect(try await Self.waiting(house, ada) == [id])
                #expect(try await house.desk.returns(of: draft).first?.words == words)
            }
            house.clock.advance(by: .minutes(-5))
            try await house.desk.save(id, BuiltInRules.policies, note: "Because.", by: ada)
            #expect(try await !house.desk.draft(id).isSentBack)
            #expect(try await Self.waiting(house, ada).isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func oneJudgesAndTheOtherIsTold(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let eva = house.person("Eva", .administrator)
            let words = try Self.words("Not like this.")
            func refusal(
                _ id: Identifier<Kernel.Record>, by person: Identifier<Kernel.Person>,
                looked: [UInt8] = Self.digest
            ) async throws -> Fault.Code? {
                do {
                    try await house.desk.sendBack(id, words, looked: looked, by: person)
                    return nil
                } catch let fault as Fault {
                    return fault.code
                }
            }
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            // Nobody is asked yet.
            #expect(try await refusal(id, by: paul) == .conflict)
            try await house.desk.propose(id, by: ada)
            #expect(try await refusal(id, by: ada) == .refused)
            #expect(try await refusal(id, by: paul, looked: [1, 2, 3]) == .conflict)
            let shown = try await house.shown(try await house.desk.draft(id))
            // Of two at once one sends it back.
            let both = try await withThrowingTaskGroup(of: Fault.Code?.self, returning: [Fault.Code?].self) { group in
                for person in [paul, eva] {
                    group.addTask { [desk = house.desk] in
                        do {
                            try await desk.sendBack(id, words, looked: Self.digest, by: person)
                            return nil
                        } catch let fault as Fault {
                            return fault.code
                        }
                    }
                }
                var codes: [Fault.Code?] = []
                for try await code in group { codes.append(code) }
                return codes
            }
            #expect(both.contains(nil) && both.contains(.conflict))
            #expect(try await house.facts(DraftFacts.sentBack) == 1)
            // Whoever approves then comes too late.
            await #expect(throws: Fault.self) { try await house.desk.approveInTime(id, shown: shown.digest, by: eva) }
            #expect(try await house.desk.version() == 0)
            // And the other way round.
            try await house.desk.propose(id, by: ada)
            #expect(try await house.desk.approveInTime(id, shown: shown.digest, by: eva) == .inForce(1))
            #expect(try await refusal(id, by: paul) == .conflict)
            #expect(try await house.facts(DraftFacts.sentBack) == 1)
        }
    }

    @Test func pressingTwiceIsPressingOnce() async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let eva = house.person("Eva", .administrator)
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            try await house.desk.propose(id, by: ada)
            let words = try Self.words("Not like this.")
            for _ in 0..<2 { try await house.desk.sendBack(id, words, looked: Self.digest, by: paul) }
            #expect(try await house.facts(DraftFacts.sentBack) == 1)
            #expect(try await house.desk.returns(of: try await house.desk.draft(id)).count == 1)
            // Other words, somebody else, or a draft that its author works on again are told.
            for (person, said) in [(paul, try Self.words("Nor like that.")), (eva, words)] {
                await #expect(throws: Fault.self) {
                    try await house.desk.sendBack(id, said, looked: Self.digest, by: person)
                }
            }
            house.clock.advance(by: .seconds(1))
            try await house.desk.save(id, BuiltInRules.policies, note: "Because.", by: ada)
            await #expect(throws: Fault.self) {
                try await house.desk.sendBack(id, words, looked: Self.digest, by: paul)
            }
            #expect(try await house.facts(DraftFacts.sentBack) == 1)
        }
    }

    @Test func theWordsStandInNoLogAndInNoRowAsTheyAre() async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            try await house.desk.propose(id, by: ada)
            let words = try Self.words("Quodlibet")
            try await house.desk.sendBack(id, words, looked: Self.digest, by: paul)
            try await house.house.ledger.settle()
            let leaf = try #require(try await house.house.ledger.leaves(LeafQuery(limit: 1)).first)
            #expect(leaf.leaf.kind == DraftFacts.sentBack.id && leaf.leaf.actor == .person(paul))
            let names = leaf.leaf.data.objectValue?.map(\.name) ?? []
            #expect(names.sorted() == ["digest", "draft"])
            let sealed = try await house.house.store.read { tx in try tx.returns(of: id).first?.sealedWords ?? [] }
            #expect(!sealed.isEmpty && sealed.firstRange(of: Array("Quodlibet".utf8)) == nil)
            #expect("\(words)" == "DraftWords")
        }
    }

    @Test(arguments: [
        ("", false), (" \r\n\t ", false), ("x", true), (String(repeating: "x", count: 1_000), true),
        (String(repeating: "x", count: 1_001), false),
        ("e" + String(repeating: "\u{301}", count: 3_000), false),
    ])
    func wordsAreBounded(typed: String, isFine: Bool) {
        #expect((DraftWords(typed) != nil) == isFine)
    }
}
