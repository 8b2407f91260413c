// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// That somebody who could have approved a draft sent it back to its author.
struct RuleReturn: Sendable {
    let id: Identifier<Kernel.Record>
    let draft: Identifier<Kernel.Record>
    let person: Identifier<Kernel.Person>
    /// What they wrote to the author, sealed.
    let sealedWords: [UInt8]
    let at: Instant
}

extension ReadTransaction {
    /// How often a draft was sent back, the last time first.
    func returns(of draft: Identifier<Kernel.Record>) throws -> [RuleReturn] {
        try rows(
            "SELECT id, person, words, at FROM access_rule_returns WHERE draft = ? ORDER BY at DESC, id DESC",
            [.bytes(draft.bytes)]
        ).map { row in
            guard let id = Identifier<Kernel.Record>(bytes: try row.bytes(0)),
                let person = Identifier<Kernel.Person>(bytes: try row.bytes(1))
            else { throw Fault(.damaged, "A row of the drafts that were sent back has an id that is none.") }
            return RuleReturn(
                id: id, draft: draft, person: person, sealedWords: try row.bytes(2),
                at: Instant(microseconds: try row.integer(3)))
        }
    }

    /// The open drafts that others were asked to approve, and those of `person` that came back and were not changed
    /// since.
    func unsettledDrafts(for person: Identifier<Kernel.Person>) throws -> [(id: Identifier<Kernel.Record>, isOwn: Bool)]
    {
        try rows(
            """
            SELECT id, author FROM access_rules WHERE closed IS NULL AND (
                proposed IS NOT NULL AND (author IS NULL OR author <> ?)
                OR proposed IS NULL AND author = ? AND saved <= (
                    SELECT max(at) FROM access_rule_returns WHERE draft = access_rules.id))
            ORDER BY id LIMIT 100
            """, [.bytes(person.bytes), .bytes(person.bytes)]
        ).compactMap { row in
            guard let id = Identifier<Kernel.Record>(bytes: try row.bytes(0)) else { return nil }
            return (id, try row.optionalBytes(1) == person.bytes)
        }
    }
}

extension Transaction {
    /// Keeps that a draft was sent back: nobody is asked about it any more.
    func add(_ back: RuleReturn) throws {
        try execute("UPDATE access_rules SET proposed = NULL WHERE id = ?", [.bytes(back.draft.bytes)])
        try execute(
            "INSERT INTO access_rule_returns (id, draft, person, words, at) VALUES (?, ?, ?, ?, ?)",
            [
                .bytes(back.id.bytes), .bytes(back.draft.bytes), .bytes(back.person.bytes), .bytes(back.sealedWords),
                .integer(back.at.microseconds),
            ])
    }
}
