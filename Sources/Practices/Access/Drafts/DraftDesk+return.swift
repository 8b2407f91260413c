// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// How a draft comes back to its author, with words.
extension DraftDesk {
    /// A draft that was sent back, with what was said.
    struct Returned: Sendable {
        let person: Identifier<Kernel.Person>
        let at: Instant
        /// What was written to the author; nil when it does not open.
        let words: String?
    }

    /// Sends somebody else's draft back to its author, who can change it and put it forward again. Whether they may
    /// approve it is decided by the rules in force before this is called. Doing it twice with the same words is doing it
    /// once: people press a button twice.
    ///
    /// - Parameter digest: what stands for the text that they looked at.
    /// - Throws: `Fault.refused` for one's own draft, whatever the rules say; `Fault.conflict` for a draft that nobody is
    ///   asked about any more, and for one that was changed meanwhile.
    func sendBack(
        _ id: Identifier<Kernel.Record>, _ words: DraftWords, looked digest: [UInt8],
        by person: Identifier<Kernel.Person>
    ) async throws {
        let key = try await house.keyring.sharedKey(owner: "access-drafts")
        try await house.store.write { tx in
            let draft = try tx.openDraft(id)
            guard draft.author != person else {
                throw Fault(.refused, "You wrote this draft: change it or withdraw it yourself.")
            }
            guard RuleText.digest(draft.policies) == digest else {
                throw Fault(.conflict, "The draft was changed meanwhile. Look at it again.")
            }
            guard draft.proposed != nil else {
                if draft.isSentBack, try tx.returns(of: id).first?.says(words, of: person, key) ?? false { return }
                throw Self.noLongerAsked
            }
            let back = Identifier<Kernel.Record>(at: tx.now)
            try tx.add(
                RuleReturn(
                    id: back, draft: id, person: person, sealedWords: try words.seal(key, of: back),
                    at: draft.nextReturn(tx.now)))
            try tx.record(
                Fact(
                    DraftFacts.sentBack, by: .person(person),
                    [.init("draft", .string(id.description)), .init("digest", .string(Hex.encode(digest)))]))
        }
    }

    /// How often a draft was sent back, the last time first.
    func returns(of draft: RuleDraft) async throws -> [Returned] {
        let key = try await house.keyring.sharedKey(owner: "access-drafts")
        return try await house.store.read { tx in
            try tx.returns(of: draft.id).map { back in
                Returned(person: back.person, at: back.at, words: try? DraftWords.open(back, key))
            }
        }
    }

    /// What somebody hears who judges a draft too late.
    static let noLongerAsked = Fault(
        .conflict,
        """
        This draft does not wait for approval any more: somebody sent it back, or its author works on it again. Wait \
        until it is put forward.
        """)
}

extension RuleReturn {
    /// Whether it is this person's, with these words.
    fileprivate func says(_ words: DraftWords, of person: Identifier<Kernel.Person>, _ key: OpenKey) -> Bool {
        self.person == person && (try? DraftWords.open(self, key))?.utf8.elementsEqual(words.text.utf8) ?? false
    }
}

extension RuleAuthorizer {
    /// The drafts that wait for this person: those that they may approve, and their own that were sent back. One reading
    /// of the store, because the navigation of each page asks.
    func draftsWaiting(for visitor: SignedIn) async throws -> Set<Identifier<Kernel.Record>> {
        try await store.read { tx in
            let drafts = try tx.unsettledDrafts(for: visitor.person.id)
            guard !drafts.isEmpty else { return [] }
            let (scene, book) = (try Scene(tx), try shelf.current(in: tx))
            let member = try tx.staffMember(visitor.person).entity(at: tx.now)
            return Set(
                try drafts.filter { draft in
                    guard !draft.isOwn else { return true }
                    let (known, _) = try Self.entities(.ruleDraft(draft.id), nil, in: tx)
                    guard let uid = known.first?.uid else { return false }
                    let question = Question(
                        principal: .person(visitor.person.id), action: AccessActions.approveRules, resource: uid,
                        circumstances: scene.circumstances(visitor.assurance), known: known + [member])
                    return try book.allowing(question) != nil
                }.map(\.id))
        }
    }
}

extension Kernel.EntityReference {
    /// A draft of rules, as the rules see it.
    static func ruleDraft(_ id: Identifier<Kernel.Record>) -> Kernel.EntityReference {
        Kernel.EntityReference(type: "rule-draft", id: id.description)
    }
}
