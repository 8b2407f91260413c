// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// Every role of everybody who can sign in, and what was said about whether they still need it.
struct GrantDesk: Sendable {
    let house: House
    let shelf: RuleShelf

    /// The scheduled work: reads on in the log, and closes what was done.
    var job: Job {
        Job("access/reviews", every: .minutes(1)) {
            _ = try await catchUp()
            try await closeRemoved()
        }
    }

    /// All grants at one moment.
    struct Sheet: Sendable {
        /// The moment.
        let now: Instant
        /// The grants, sorted by person and role.
        let grants: [Grant]
        /// Since when the log names the rules by which people were let through.
        let usesSince: Instant?
        /// Whether all of the log was read; otherwise later uses may be missing.
        let isComplete: Bool
        /// Everybody, closed accounts included, for the names of reviewers.
        let people: [Identifier<Kernel.Person>: PersonSummary]
        private let byPerson: [Identifier<Kernel.Person>: [Grant]]

        init(
            now: Instant, grants: [Grant], usesSince: Instant?, isComplete: Bool,
            people: [Identifier<Kernel.Person>: PersonSummary]
        ) {
            (self.now, self.grants, self.usesSince, self.isComplete) = (now, grants, usesSince, isComplete)
            self.people = people
            byPerson = Dictionary(grouping: grants, by: \.person.id)
        }

        /// Those that stand like this.
        func grants(_ state: Grant.State) -> [Grant] {
            grants.filter { $0.state(at: now) == state }
        }
        /// Those of one person.
        func grants(of person: Identifier<Kernel.Person>) -> [Grant] {
            byPerson[person] ?? []
        }
    }

    /// Everything as of now.
    func sheet() async throws -> Sheet {
        let isComplete = try await catchUp(pages: 8)
        try await closeRemoved()
        let everyone = try await house.directory.everyone()
        return try await house.store.read { [shelf] tx in
            let (told, newest) = (try tx.toldAccounts(), try tx.newestReviews())
            let uses = try RoleUses(shelf, in: tx)
            let grants = everyone.filter(\.isEnabled).flatMap { person in
                person.roles.map { role in
                    Grant(
                        person: person, role: role, since: told[person.id]?.roles[role],
                        used: uses.last(role, of: person.id), review: newest[person.id]?[role])
                }
            }
            return Sheet(
                now: tx.now, grants: grants, usesSince: uses.since, isComplete: isComplete,
                people: Dictionary(everyone.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The reviews of a person's roles, newest first.
    func history(of person: Identifier<Kernel.Person>) async throws -> [GrantReview] {
        try await house.store.read { tx in try tx.reviews(of: person) }
    }

    /// Writes down what `reviewer` says about a role of a person.
    ///
    /// - Throws: `Fault.refused` for one's own role; `Fault.conflict` when the person no longer has it.
    func review(
        _ role: String, of person: Identifier<Kernel.Person>, _ outcome: GrantReview.Outcome,
        by reviewer: Identifier<Kernel.Person>
    ) async throws {
        try await review([role], of: person, outcome, by: reviewer)
    }

    /// Confirms all roles of a person, but for those that a review asked to be taken away.
    ///
    /// - Throws: as ``review(_:of:_:by:)``.
    func keepAll(of person: Identifier<Kernel.Person>, by reviewer: Identifier<Kernel.Person>) async throws {
        let going = Set(
            try await house.store.read { tx in try tx.openRemovals() }.filter { $0.person == person }
                .map(\.role))
        let roles = try await house.directory.person(person)?.roles.filter { !going.contains($0) } ?? []
        try await review(roles, of: person, .keep, by: reviewer)
    }

    private func review(
        _ roles: [String], of person: Identifier<Kernel.Person>, _ outcome: GrantReview.Outcome,
        by reviewer: Identifier<Kernel.Person>
    ) async throws {
        guard person != reviewer else { throw Self.own }
        guard let known = try await house.directory.person(person), known.isEnabled, !roles.isEmpty,
            Set(known.roles).isSuperset(of: roles)
        else { throw Self.gone }
        try await house.store.write { tx in
            for role in roles {
                let isGoing = try tx.openRemovals().contains {
                    $0.person == person && $0.role.utf8.elementsEqual(role.utf8)
                }
                if isGoing && outcome == .remove { continue }
                _ = try tx.closeRemoval(of: role, person)
                try tx.add(
                    GrantReview(
                        person: person, role: role, reviewer: reviewer, at: tx.now, outcome: outcome, closed: nil))
                try tx.record(
                    Fact(
                        GrantFacts.reviewed, by: .person(reviewer),
                        [
                            .init("outcome", .string(outcome.rawValue)),
                            .init("person", .string(person.description)), .init("role", .string(role)),
                        ]))
            }
        }
    }

    static let own = Fault(
        .refused, "These are your own roles: somebody else who may review roles has to confirm them.")
    static let gone = Fault(
        .conflict, "The person does not have this role any more. Open the list again: /access/reviews")

    /// Reads on in the log.
    ///
    /// - Returns: whether its end was reached.
    func catchUp(pages: Int = 40) async throws -> Bool {
        let accounts = try await AccountsTold.catchUp(house, pages: pages)
        let uses = try await UsesTold(house: house, shelf: shelf).catchUp(pages: pages)
        return accounts && uses
    }

    /// Closes the reviews whose role is gone.
    func closeRemoved() async throws {
        let open = try await house.store.read { tx in try tx.openRemovals() }
        for review in open {
            let roles = try await house.directory.person(review.person)?.roles ?? []
            if roles.contains(where: { $0.utf8.elementsEqual(review.role.utf8) }) { continue }
            try await house.store.write { tx in
                guard try tx.closeRemoval(of: review.role, review.person) else { return }
                try tx.record(
                    Fact(
                        GrantFacts.removed, by: .system,
                        [
                            .init("person", .string(review.person.description)),
                            .init("role", .string(review.role)),
                        ]))
            }
        }
    }
}
