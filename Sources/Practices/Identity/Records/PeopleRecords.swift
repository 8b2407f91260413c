// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

extension Transaction {
    /// Adds a person with roles.
    ///
    /// - Throws: `Fault.invalidInput` when the sign-in name is taken.
    func addPerson(_ login: Login, _ name: PersonName, _ roles: [StaffRole]) throws -> Identifier<Person> {
        guard try person(login) == nil else {
            throw Fault(.invalidInput, "The sign-in name \(login.text) is taken. Choose another one.")
        }
        let id = Identifier<Person>(at: now)
        try execute(
            "INSERT INTO identity_people (id, login, name, enabled, created) VALUES (?, ?, ?, 1, ?)",
            [.bytes(id.bytes), .text(login.text), .bytes(Array(name.text.utf8)), .integer(now.microseconds)])
        try setRoles(of: id, roles)
        return id
    }

    /// Replaces the roles of a person.
    func setRoles(of person: Identifier<Person>, _ roles: [StaffRole]) throws {
        try execute("DELETE FROM identity_roles WHERE person = ?", [.bytes(person.bytes)])
        for role in roles {
            try execute(
                "INSERT INTO identity_roles (person, role) VALUES (?, ?)",
                [.bytes(person.bytes), .text(role.rawValue)])
        }
    }

    /// Stores the sealed hash of a password.
    func setPassword(of person: Identifier<Person>, sealed: [UInt8], by actor: EntityReference) throws {
        try execute(
            """
            INSERT INTO identity_passwords (person, sealed, changed) VALUES (?, ?, ?)
            ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, changed = excluded.changed
            """,
            [.bytes(person.bytes), .bytes(sealed), .integer(now.microseconds)])
        try record(Fact(IdentityFacts.passwordSet, by: actor, [.init("person", .string(person.description))]))
    }

    /// Takes password, second factor, recovery codes and known browsers away, so that a new link starts from nothing.
    func forgetCredentials(of person: Identifier<Person>) throws {
        let key = [StoreValue.bytes(person.bytes)]
        try execute("DELETE FROM identity_passwords WHERE person = ?", key)
        try execute("DELETE FROM identity_factors WHERE person = ?", key)
        try execute("DELETE FROM identity_recovery_codes WHERE person = ?", key)
        try forgetDevices(of: person)
    }
}

/// The particulars of a fact about a person and their roles.
func members(_ person: Identifier<Person>, roles: [String]) -> [CanonicalMember] {
    [.init("person", .string(person.description)), .init("roles", .array(roles.sorted().map { .string($0) }))]
}
