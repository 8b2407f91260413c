// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Store

/// Whose entry among the staff it is, and whether somebody else could change it.
extension RuleAuthorizer {
    /// Whether somebody of another open account may change what is kept about `person`.
    func isKeptByOthers(_ person: Identifier<Kernel.Person>) async throws -> Bool {
        let others = try await others(than: person)
        return try await store.read { tx in try isChangeable(.staffEntry(of: person.description), by: others, in: tx) }
    }

    /// Everybody with an open account but the person whose entry it is; nil for what is no entry about staff.
    func others(than resource: Kernel.EntityReference) async throws -> [PersonSummary]? {
        guard EntityUID(resource)?.type == CedarType.staffEntry else { return nil }
        return try await others(than: Identifier<Kernel.Person>(resource.id))
    }

    /// Somebody who was invited and has not signed in yet counts: they can at any time.
    private func others(than person: Identifier<Kernel.Person>?) async throws -> [PersonSummary] {
        try await directory.everyone().filter { $0.isEnabled && $0.id != person }
    }

    /// The entity that rules see of the entry about a person.
    func staffEntry(of person: String, _ others: [PersonSummary], in tx: any ReadTransaction) throws -> Entity {
        let nobodyElse = try !isChangeable(.staffEntry(of: person), by: others, in: tx)
        return .staffEntry(of: person, ["nobodyElse": .bool(nobodyElse)])
    }

    private func isChangeable(_ entry: Entity, by others: [PersonSummary], in tx: any ReadTransaction) throws -> Bool {
        let (scene, book) = (try Scene(tx), try shelf.current(in: tx))
        return try tx.staff(others).contains { member in
            let question = Question(
                principal: .person(member.summary.id), action: AccessActions.manageStaff, resource: entry.uid,
                circumstances: Circumstances(now: scene.now, secondFactor: true, careTeams: scene.careTeams),
                known: [member.entity(at: scene.now), entry])
            return try book.allowing(question) != nil
        }
    }
}

extension Kernel.EntityReference {
    /// Department, numbers and shifts of a person.
    static func staffEntry(_ person: String) -> Kernel.EntityReference {
        Kernel.EntityReference(type: "staff-entry", id: person)
    }
}

extension Entity {
    fileprivate static func staffEntry(of person: String, _ more: [Text: Value] = [:]) -> Entity {
        let owner: [Text: Value] = ["by": .entity(EntityUID(type: CedarType.person, id: Text(person)))]
        return Entity(
            uid: EntityUID(type: CedarType.staffEntry, id: Text(person)),
            attributes: owner.merging(more) { first, _ in first })
    }
}
