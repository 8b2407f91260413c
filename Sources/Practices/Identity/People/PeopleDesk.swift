// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// Invites, changes, disables and resets people, for the console and for the command line.
struct PeopleDesk: Sendable {
    let store: Database

    /// Everyone, by name.
    func everyone() async throws -> [PersonRecord] {
        try await store.read { tx in try tx.people() }
    }

    /// The person with this id.
    ///
    /// - Throws: `Fault.notFound`.
    func person(_ id: Identifier<Person>) async throws -> PersonRecord {
        try await store.read { tx in try tx.known(id) }
    }

    /// The person with this sign-in name.
    ///
    /// - Throws: `Fault.notFound`.
    func person(login: String) async throws -> PersonRecord {
        guard let login = Login(login), let found = try await store.read({ tx in try tx.person(login) }) else {
            throw Fault(.notFound, "Nobody has this sign-in name. `salus people list` shows those that exist.")
        }
        return found
    }

    /// Adds a person and makes their welcome link.
    ///
    /// - Throws: `Fault.invalidInput` when the sign-in name is taken.
    func invite(
        _ login: Login, _ name: PersonName, _ roles: [StaffRole], by actor: EntityReference
    ) async throws -> (person: PersonRecord, link: SecretToken) {
        try await store.write { tx in
            let id = try tx.addPerson(login, name, roles)
            try tx.record(Fact(IdentityFacts.personInvited, by: actor, members(id, roles: roles.map(\.rawValue))))
            let link = try tx.makeLink(for: id)
            return (try tx.known(id), link)
        }
    }

    /// Replaces the roles of a person.
    ///
    /// - Throws: `Fault.refused` when it would take the role from the last administrator.
    func setRoles(of id: Identifier<Person>, _ roles: [StaffRole], by actor: EntityReference) async throws {
        try await store.write { tx in
            let person = try tx.known(id)
            if !roles.contains(.administrator) { try tx.demandAnotherAdministrator(than: person) }
            guard Set(person.roles) != Set(roles.map(\.rawValue)) else { return }
            try tx.setRoles(of: id, roles)
            try tx.record(Fact(IdentityFacts.rolesChanged, by: actor, members(id, roles: roles.map(\.rawValue))))
        }
    }

    /// Lets a person sign in no more, and ends their sessions and links.
    ///
    /// - Throws: `Fault.refused` for the last administrator.
    func disable(_ id: Identifier<Person>, by actor: EntityReference) async throws {
        try await store.write { tx in
            let person = try tx.known(id)
            guard person.isEnabled else { return }
            try tx.demandAnotherAdministrator(than: person)
            try tx.execute("UPDATE identity_people SET enabled = 0 WHERE id = ?", [.bytes(id.bytes)])
            try tx.execute("DELETE FROM identity_links WHERE person = ?", [.bytes(id.bytes)])
            try tx.forgetDevices(of: id)
            try tx.record(Fact(IdentityFacts.personDisabled, by: actor, [.init("person", .string(id.description))]))
            try tx.endSessions(of: id, .disabled, by: actor)
        }
    }

    /// Lets a person sign in again with what they have.
    func enable(_ id: Identifier<Person>, by actor: EntityReference) async throws {
        try await store.write { tx in
            guard try !tx.known(id).isEnabled else { return }
            try tx.execute("UPDATE identity_people SET enabled = 1 WHERE id = ?", [.bytes(id.bytes)])
            try tx.record(Fact(IdentityFacts.personEnabled, by: actor, [.init("person", .string(id.description))]))
        }
    }

    /// Takes password, second factor and recovery codes from a person, ends their sessions, and makes a new link.
    ///
    /// - Throws: `Fault.refused` for somebody who is disabled.
    func resetFactor(of id: Identifier<Person>, by actor: EntityReference) async throws -> SecretToken {
        try await store.write { tx in
            guard try tx.known(id).isEnabled else {
                throw Fault(.refused, "This person is disabled. Enable them first, then make a new link.")
            }
            try tx.record(Fact(IdentityFacts.factorReset, by: actor, [.init("person", .string(id.description))]))
            try tx.endSessions(of: id, .factorReset, by: actor)
            return try tx.makeLink(for: id)
        }
    }
}

extension ReadTransaction {
    /// The person with this id.
    ///
    /// - Throws: `Fault.notFound`.
    func known(_ id: Identifier<Person>) throws -> PersonRecord {
        guard let person = try person(id) else { throw Fault(.notFound, "There is no such person.") }
        return person
    }

    /// Somebody has to be left who can invite people and help them.
    ///
    /// - Throws: `Fault.refused` when `person` is the last administrator who is enabled; for one who can sign in,
    ///   the last who can.
    func demandAnotherAdministrator(than person: PersonRecord) throws {
        guard person.isEnabled, person.has(.administrator) else { return }
        let others = try people().filter { $0.id != person.id && $0.isEnabled && $0.has(.administrator) }
        let isInvented = person.isInvented
        guard others.contains(where: { $0.canSignIn && (isInvented || !$0.isInvented) || !person.canSignIn }) else {
            throw Fault(
                .refused,
                """
                This is the last administrator who can sign in. Make another person administrator and let them set \
                up their sign-in first.
                """)
        }
    }
}
