// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// Keeps drafts of rules, and makes rules of them.
struct DraftDesk: Sendable {
    let house: House
    let impacts: ImpactDesk

    private var store: Database { house.store }
    private var key: OpenKey {
        get async throws { try await house.keyring.sharedKey(owner: "access-drafts") }
    }

    // What is there.

    /// Drafts and versions, newest first.
    func all() async throws -> [RuleDraft] {
        try await store.read { tx in try tx.ruleDrafts(limit: 100) }
    }

    /// The draft or version with this id.
    ///
    /// - Throws: `Fault.notFound`.
    func draft(_ id: Identifier<Kernel.Record>) async throws -> RuleDraft {
        try await store.read { tx in try tx.ruleDraft(id) }
    }

    /// What its author wrote about it.
    func note(of draft: RuleDraft) async throws -> String {
        String(decoding: try await key.open(draft.sealedNote, draft.sealing), as: UTF8.self)
    }

    /// What their authors wrote about them; a note that does not open is left out.
    func notes(of drafts: [RuleDraft]) async throws -> [Identifier<Kernel.Record>: String] {
        let key = try await self.key
        let notes = drafts.compactMap { draft in
            (try? key.open(draft.sealedNote, draft.sealing)).map { (draft.id, String(decoding: $0, as: UTF8.self)) }
        }
        return Dictionary(notes, uniquingKeysWith: { first, _ in first })
    }

    /// The version in force.
    func version() async throws -> Int64 {
        try await store.read { tx in try tx.versionInForce() }
    }

    /// The text of a version; of nil the one in force.
    ///
    /// - Throws: `Fault.notFound`.
    func text(ofVersion version: Int64?) async throws -> [UInt8] {
        try await store.read { tx in
            let wanted = try version ?? tx.versionInForce()
            if wanted == 0 { return BuiltInRules.policies }
            guard let rules = try tx.rules(ofVersion: wanted) else {
                throw Fault(.notFound, "There is no version \(wanted) of the rules.")
            }
            return rules.policies
        }
    }

    /// Who approved a draft.
    func approvals(of draft: RuleDraft) async throws -> [RuleApproval] {
        try await store.read { tx in try tx.approvals(of: draft.id) }
    }

    // What its author does.

    /// Checks a text: its errors first, and where it has none what speaks against the rules.
    func check(_ text: [UInt8]) async throws -> CheckedRules {
        let findings = try RuleFindings(checking: text)
        guard let book = findings.book else { return CheckedRules(text: text, findings: findings, objections: []) }
        let gate = RuleGate(census: try await impacts.rules.census(), book: book, time: house.localTime)
        do {
            return CheckedRules(text: text, findings: findings, objections: try gate.objections())
        } catch let fault as Fault where fault.code == .refused {
            return CheckedRules(text: text, findings: findings, objections: [fault.message], isTooLarge: true)
        }
    }

    /// Stores a new draft.
    ///
    /// - Throws: `Fault.invalidInput` for a text or a note that must not be stored, `Fault.refused` for a text that is
    ///   too large to look at.
    func add(
        _ text: CheckedRules, note: String, by person: Identifier<Kernel.Person>
    ) async throws -> Identifier<Kernel.Record> {
        try Self.demandSound(text, note)
        let text = text.text
        let id = Identifier<Kernel.Record>(at: house.clock.now())
        let sealed = try await key.seal(Array(note.utf8), RuleDraft.sealing(of: id))
        try await store.write { tx in
            let base = try tx.versionInForce()
            try tx.add(
                RuleDraft(
                    id: id, version: nil, base: base, policies: text, sealedNote: sealed, author: person,
                    created: tx.now, saved: tx.now, proposed: nil, closed: nil))
            try tx.record(Self.drafted(id, base, text, by: person))
        }
        return id
    }

    /// Stores a draft anew. Nobody is asked about it any more, and what was approved counts no longer.
    ///
    /// - Throws: `Fault.refused` for another's draft, `Fault.conflict` for one that is closed, and as `add` does.
    func save(
        _ id: Identifier<Kernel.Record>, _ text: CheckedRules, note: String, by person: Identifier<Kernel.Person>
    ) async throws {
        try Self.demandSound(text, note)
        let text = text.text
        let sealed = try await key.seal(Array(note.utf8), RuleDraft.sealing(of: id))
        let old = try await store.write { tx in
            let draft = try tx.openDraft(id, of: person)
            try tx.execute(
                "UPDATE access_rules SET policies = ?, note = ?, saved = ?, proposed = NULL WHERE id = ?",
                [.bytes(text), .bytes(sealed), .integer(draft.nextSave(tx.now).microseconds), .bytes(id.bytes)])
            try tx.execute("DELETE FROM access_approvals WHERE draft = ?", [.bytes(id.bytes)])
            try tx.record(Self.drafted(id, draft.base, text, by: person))
            return draft.policies
        }
        if old != text { impacts.drop(old) }
    }

    /// A draft that this person may still change.
    ///
    /// - Throws: `Fault.refused` for another's, `Fault.conflict` for one that is closed.
    func own(_ id: Identifier<Kernel.Record>, of person: Identifier<Kernel.Person>) async throws -> RuleDraft {
        try await store.read { tx in try tx.openDraft(id, of: person) }
    }

    /// Puts a draft forward to those who approve.
    ///
    /// - Parameter returned: when it was last sent back as far as its author saw; nil for never.
    /// - Throws: `Fault.conflict` when it was sent back after that.
    func propose(
        _ id: Identifier<Kernel.Record>, seen returned: Instant?, by person: Identifier<Kernel.Person>
    ) async throws {
        try await store.write { tx in
            try tx.openDraft(id, of: person).demandRead(returned)
            try tx.execute(
                "UPDATE access_rules SET proposed = ? WHERE id = ?",
                [.integer(tx.now.microseconds), .bytes(id.bytes)])
        }
    }

    /// Takes a draft back for good.
    func withdraw(_ id: Identifier<Kernel.Record>, by person: Identifier<Kernel.Person>) async throws {
        let text = try await store.write { tx in
            let draft = try tx.openDraft(id, of: person)
            try tx.execute(
                "UPDATE access_rules SET closed = ? WHERE id = ?", [.integer(tx.now.microseconds), .bytes(id.bytes)])
            try tx.record(
                Fact(DraftFacts.withdrawn, by: .person(person), [.init("draft", .string(id.description))]))
            return draft.policies
        }
        impacts.drop(text)
    }

    private static func demandSound(_ text: CheckedRules, _ note: String) throws {
        guard note.utf8.count <= DraftLimits.noteBytes else {
            throw Fault(.invalidInput, "A note has at most \(DraftLimits.noteBytes) bytes.")
        }
        try text.demandSound()
    }

    private static func drafted(
        _ id: Identifier<Kernel.Record>, _ base: Int64, _ text: [UInt8], by person: Identifier<Kernel.Person>
    ) -> Fact {
        Fact(
            DraftFacts.drafted, by: .person(person),
            [
                .init("draft", .string(id.description)), .init("base", .integer(base)),
                .init("digest", .string(Hex.encode(RuleText.digest(text)))),
            ])
    }
}

extension RuleDraft {
    /// What the note of a draft is bound to.
    static func sealing(of id: Identifier<Kernel.Record>) -> SealingContext {
        SealingContext(kind: "rule-note", id: id.bytes)
    }

    var sealing: SealingContext { Self.sealing(of: id) }

    /// Lets an author go on who saw the last time that it was sent back.
    ///
    /// - Throws: `Fault.conflict` for all others: what was written to them would be passed over.
    func demandRead(_ seen: Instant?) throws {
        guard returned == seen else {
            throw Fault(.conflict, "This draft was sent back meanwhile. Read why first.")
        }
    }
}

extension ReadTransaction {
    /// A draft that can still become rules.
    ///
    /// - Throws: `Fault.conflict` for one that is closed.
    func openDraft(_ id: Identifier<Kernel.Record>) throws -> RuleDraft {
        let draft = try ruleDraft(id)
        guard draft.isOpen else {
            throw Fault(.conflict, "This draft is closed: it was put in force or withdrawn. Open it again.")
        }
        return draft
    }

    /// One that this person wrote.
    ///
    /// - Throws: `Fault.refused` for another's.
    func openDraft(_ id: Identifier<Kernel.Record>, of person: Identifier<Kernel.Person>) throws -> RuleDraft {
        let draft = try openDraft(id)
        guard draft.author == person else {
            throw Fault(.refused, "Somebody else wrote this draft. Make one of your own from its text.")
        }
        return draft
    }
}
