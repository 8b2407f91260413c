// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// Rules as they are stored: a draft, or, once it has a version, rules that are or were in force.
struct RuleDraft: Sendable {
    let id: Identifier<Kernel.Record>
    /// Which version of the clinic's rules it became; nil for a draft.
    let version: Int64?
    /// The version in force when it was begun.
    let base: Int64
    let policies: [UInt8]
    /// What the author wrote about it, sealed.
    let sealedNote: [UInt8]
    /// Nil for the operator of the machine.
    let author: Identifier<Kernel.Person>?
    let created: Instant
    /// When it was last saved.
    let saved: Instant
    /// When the author put it forward to others; nil while nobody is asked.
    let proposed: Instant?
    /// When it came into force or was withdrawn.
    let closed: Instant?
    /// When it was last sent back; nil for never.
    var returned: Instant?

    /// Whether it can still become rules.
    var isOpen: Bool { closed == nil }
    var isWithdrawn: Bool { closed != nil && version == nil }
    /// Whether it came back to its author, who has not changed it since.
    var isSentBack: Bool { isOpen && proposed == nil && returned.map { $0 >= saved } ?? false }
}

// Clocks are set back. INVARIANT: the times of one draft are in the order in which things happened, and no two times at
// which it was sent back are the same.
extension RuleDraft {
    /// When it is saved that is saved at `now`: after it was sent back.
    func nextSave(_ now: Instant) -> Instant {
        max(now, returned?.advanced(by: .microseconds(1)) ?? now)
    }

    /// When it is sent back that is sent back at `now`: not before it was saved, and after it was sent back before.
    func nextReturn(_ now: Instant) -> Instant {
        max(nextSave(now), saved)
    }
}

/// Who approved a draft, and what they saw.
struct RuleApproval: Sendable {
    let person: Identifier<Kernel.Person>
    /// What stands for the impact that was approved.
    let digest: [UInt8]
    let at: Instant
}

extension ReadTransaction {
    private static var columns: String {
        """
        id, version, base, policies, note, author, created, saved, proposed, closed,
        (SELECT max(at) FROM access_rule_returns WHERE draft = access_rules.id)
        """
    }

    /// The stored rules with this id.
    ///
    /// - Throws: `Fault.notFound`.
    func ruleDraft(_ id: Identifier<Kernel.Record>) throws -> RuleDraft {
        guard let row = try row("SELECT \(Self.columns) FROM access_rules WHERE id = ?", [.bytes(id.bytes)]) else {
            throw Fault(.notFound, "There is no such draft.")
        }
        return try RuleDraft(row)
    }

    /// The rules of a version; nil for one that was never stored, such as 0.
    func rules(ofVersion version: Int64) throws -> RuleDraft? {
        try row("SELECT \(Self.columns) FROM access_rules WHERE version = ?", [.integer(version)]).map(RuleDraft.init)
    }

    /// The newest drafts and versions, newest first.
    func ruleDrafts(limit: Int64) throws -> [RuleDraft] {
        try rows(
            "SELECT \(Self.columns) FROM access_rules ORDER BY created DESC, id DESC LIMIT ?", [.integer(limit)]
        ).map(RuleDraft.init)
    }

    /// The version in force; 0 for the rules that are part of the program.
    func versionInForce() throws -> Int64 {
        try row("SELECT max(version) FROM access_rules", [])?.optionalInteger(0) ?? 0
    }

    /// Who approved a draft, first one first.
    func approvals(of draft: Identifier<Kernel.Record>) throws -> [RuleApproval] {
        try rows(
            "SELECT person, digest, at FROM access_approvals WHERE draft = ? ORDER BY at, person", [.bytes(draft.bytes)]
        ).map { row in
            guard let person = Identifier<Kernel.Person>(bytes: try row.bytes(0)) else { throw RuleDraft.damaged }
            return RuleApproval(
                person: person, digest: try row.bytes(1), at: Instant(microseconds: try row.integer(2)))
        }
    }
}

extension Transaction {
    /// Adds a draft.
    func add(_ draft: RuleDraft) throws {
        try execute(
            """
            INSERT INTO access_rules (id, version, base, policies, note, author, created, saved, proposed, closed)
            VALUES (?, NULL, ?, ?, ?, ?, ?, ?, NULL, NULL)
            """,
            [
                .bytes(draft.id.bytes), .integer(draft.base), .bytes(draft.policies), .bytes(draft.sealedNote),
                StoreValue(draft.author?.bytes), .integer(draft.created.microseconds),
                .integer(draft.saved.microseconds),
            ])
    }

    /// Gives a draft the next version: its rules are in force when this commits.
    func enforce(_ draft: RuleDraft) throws -> Int64 {
        let version = try versionInForce() + 1
        try execute(
            "UPDATE access_rules SET version = ?, closed = ? WHERE id = ?",
            [.integer(version), .integer(now.microseconds), .bytes(draft.id.bytes)])
        return version
    }
}

extension RuleDraft {
    fileprivate static var damaged: Fault { Fault(.damaged, "A row of the stored rules has an id that is none.") }

    fileprivate init(_ row: Row) throws {
        guard let id = Identifier<Kernel.Record>(bytes: try row.bytes(0)) else { throw Self.damaged }
        self.id = id
        version = try row.optionalInteger(1)
        base = try row.integer(2)
        policies = try row.bytes(3)
        sealedNote = try row.bytes(4)
        author = try row.optionalBytes(5).flatMap { Identifier<Kernel.Person>(bytes: $0) }
        created = Instant(microseconds: try row.integer(6))
        saved = Instant(microseconds: try row.integer(7))
        proposed = try row.optionalInteger(8).map(Instant.init(microseconds:))
        closed = try row.optionalInteger(9).map(Instant.init(microseconds:))
        returned = try row.optionalInteger(10).map(Instant.init(microseconds:))
    }
}
