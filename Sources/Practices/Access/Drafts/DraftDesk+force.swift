// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// How drafts become rules. What would be different is computed anew each time, and what was shown must have been all.
extension DraftDesk {
    /// What became of it.
    enum Outcome: Sendable, Hashable {
        /// It is in force, as this version.
        case inForce(Int64)
        /// More is gained than was shown: look again.
        case lookAgain
        /// Nobody knows any more what was shown, and it is not what comes out now: look again.
        case forgotten
        /// The comparison of today is not ready yet: come back to the draft.
        case computing
        /// It widens what needs a second person.
        case needsAnother
    }

    /// Puts a draft of one's own in force, which is for drafts that widen nothing sensitive.
    ///
    /// - Parameters:
    ///   - shown: what stands for the impact that the author saw.
    ///   - returned: when it was last sent back as far as the author saw; nil for never.
    /// - Throws: `Fault.conflict` when it was sent back after that.
    func enforceAlone(
        _ id: Identifier<Kernel.Record>, shown: [UInt8], seen returned: Instant?, by person: Identifier<Kernel.Person>
    ) async throws -> Outcome {
        let draft = try await own(id, of: person)
        let result: ImpactDesk.Result
        switch try await seen(shown, draft) {
        case .all(let all): result = all
        case .less(let outcome): return outcome
        }
        guard !result.impact.isSensitive else { return .needsAnother }
        return try await house.store.write { tx in
            try tx.unchanged(draft, since: result).demandRead(returned)
            return .inForce(try tx.putInForce(draft, result.impact, by: .person(person)))
        }
    }

    /// Approves somebody else's draft, which puts it in force. Whether they may is decided by the rules in force
    /// before this is called.
    ///
    /// - Throws: `Fault.refused` for one's own draft, whatever the rules say.
    func approve(
        _ id: Identifier<Kernel.Record>, shown: [UInt8], by person: Identifier<Kernel.Person>
    ) async throws -> Outcome {
        let draft = try await house.store.read { tx in try tx.openDraft(id) }
        guard draft.author != person else {
            throw Fault(.refused, "You wrote this draft: somebody else must approve it.")
        }
        guard draft.proposed != nil else { throw Self.noLongerAsked }
        let result: ImpactDesk.Result
        switch try await seen(shown, draft) {
        case .all(let all): result = all
        case .less(let outcome): return outcome
        }
        return try await house.store.write { tx in
            guard try tx.unchanged(draft, since: result).proposed != nil else { throw Self.noLongerAsked }
            try tx.execute(
                "INSERT INTO access_approvals (draft, person, digest, at) VALUES (?, ?, ?, ?)",
                [.bytes(id.bytes), .bytes(person.bytes), .bytes(result.digest), .integer(tx.now.microseconds)])
            try tx.record(
                Fact(
                    DraftFacts.approved, by: .person(person),
                    [
                        .init("draft", .string(id.description)),
                        .init("digest", .string(Hex.encode(result.text))),
                        .init("impact", .string(Hex.encode(result.digest))),
                    ]))
            return .inForce(try tx.putInForce(draft, result.impact, by: .person(person)))
        }
    }

    /// Puts a text in force at once, as whoever runs the machine.
    func put(_ text: [UInt8], note: String, by actor: Kernel.EntityReference) async throws -> (Int64, Impact) {
        let result = try await sound(text)
        let id = Identifier<Kernel.Record>(at: house.clock.now())
        let key = try await house.keyring.sharedKey(owner: "access-drafts")
        let sealed = try key.seal(Array(note.utf8), RuleDraft.sealing(of: id))
        let version = try await house.store.write { tx in
            let draft = RuleDraft(
                id: id, version: nil, base: result.version, policies: text, sealedNote: sealed, author: nil,
                created: tx.now, saved: tx.now, proposed: nil, closed: nil)
            try tx.add(draft)
            _ = try tx.unchanged(draft, since: result)
            return try tx.putInForce(draft, result.impact, by: actor)
        }
        return (version, result.impact)
    }

    /// What somebody saw of what would be different now.
    private enum Seen {
        case all(ImpactDesk.Result)
        case less(Outcome)
    }

    /// What costs little is looked at first; what takes long is done off the request.
    private func seen(_ shown: [UInt8], _ draft: RuleDraft) async throws -> Seen {
        let didShow = impacts.didShow(shown, about: draft.policies)
        if didShow == false { return .less(.lookAgain) }
        try await check(draft.policies).demandSound()
        switch try await impacts.current(draft.policies) {
        case .waiting, .computing: return .less(.computing)
        case .impossible(let why): throw Fault(.invalidInput, why)
        case .ready(let result):
            try Self.demandGuards(result)
            if impacts.covers(shown, result) { return .all(result) }
            return .less(didShow == nil ? .forgotten : .lookAgain)
        }
    }

    private static func demandGuards(_ result: ImpactDesk.Result) throws {
        if let first = RuleGate.words(of: result.impact.broken).first { throw Fault(.invalidInput, first) }
    }

    /// The impact as of now of a text that may still be stored.
    private func sound(_ text: [UInt8]) async throws -> ImpactDesk.Result {
        try await check(text).demandSound()
        let result = try await impacts.compute(text)
        try Self.demandGuards(result)
        return result
    }
}

extension Transaction {
    /// The draft, if its text and the rules in force are those over which the impact was computed.
    ///
    /// - Throws: `Fault.conflict` otherwise.
    fileprivate func unchanged(_ draft: RuleDraft, since result: ImpactDesk.Result) throws -> RuleDraft {
        let now = try openDraft(draft.id)
        guard now.policies == draft.policies else {
            throw Fault(.conflict, "The draft was changed meanwhile. Look at it again.")
        }
        guard try versionInForce() == result.version else {
            throw Fault(.conflict, "Other rules came into force meanwhile. Look at what this draft changes now.")
        }
        return now
    }

    fileprivate func putInForce(
        _ draft: RuleDraft, _ impact: Impact, by actor: Kernel.EntityReference
    ) throws -> Int64 {
        let version = try enforce(draft)
        try record(
            Fact(
                DraftFacts.inForce, by: actor,
                [
                    .init("draft", .string(draft.id.description)), .init("version", .integer(version)),
                    .init("digest", .string(Hex.encode(RuleText.digest(draft.policies)))),
                    .init("gained", .integer(Int64(impact.gains.count))),
                    .init("lost", .integer(Int64(impact.losses.count))),
                ]))
        return version
    }
}
