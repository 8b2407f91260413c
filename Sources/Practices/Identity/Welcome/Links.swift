// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// Why a welcome link does not work.
enum DeadLink: Error, Sendable {
    case unknown
    case expired(Instant)
    case used(Instant)
}

/// How long a welcome link works.
let linkLifetime = Duration.hours(24)

extension ReadTransaction {
    /// The person whom this link lets in.
    ///
    /// - Throws: `DeadLink` when it does not.
    func welcomed(by token: SecretToken) throws -> PersonRecord {
        let row = try row(
            "SELECT person, expires, used FROM identity_links WHERE hash = ?", [.bytes(token.hash)])
        guard let row else { throw DeadLink.unknown }
        if let used = try row.optionalInteger(2) { throw DeadLink.used(Instant(microseconds: used)) }
        let expires = Instant(microseconds: try row.integer(1))
        guard now < expires else { throw DeadLink.expired(expires) }
        guard let person = try person(try row.identifier(0)), person.isEnabled else { throw DeadLink.unknown }
        return person
    }

    /// Whether name and password were set with this very link: with another one somebody else may have set them.
    func isPrepared(_ link: SecretToken) throws -> Bool {
        try row("SELECT prepared FROM identity_links WHERE hash = ?", [.bytes(link.hash)])?.optionalInteger(0) == 1
    }
}

extension Transaction {
    /// Makes the one link with which `person` sets up password and second factor; earlier ones die, and whatever was
    /// set up before is forgotten.
    func makeLink(for person: Identifier<Person>) throws -> SecretToken {
        try forgetCredentials(of: person)
        try execute("DELETE FROM identity_links WHERE person = ?", [.bytes(person.bytes)])
        return try addLink(for: person)
    }

    /// Makes one more link for `person`. Earlier ones go on working, and so does what was begun with them, until one
    /// of them is used up.
    func addLink(for person: Identifier<Person>) throws -> SecretToken {
        let token = SecretToken()
        try execute(
            "INSERT INTO identity_links (hash, person, expires, used) VALUES (?, ?, ?, NULL)",
            [
                .bytes(token.hash), .bytes(person.bytes), .integer(now.advanced(by: linkLifetime).microseconds),
            ])
        try execute(
            "UPDATE identity_people SET invited = ?, invented = 0 WHERE id = ?",
            [.integer(now.microseconds), .bytes(person.bytes)])
        return token
    }

    /// Notes that name and password were set with this link, in place of what other links of the person set.
    func prepare(_ link: SecretToken, of person: Identifier<Person>) throws {
        try execute(
            "UPDATE identity_links SET prepared = CASE WHEN hash = ? THEN 1 ELSE NULL END WHERE person = ?",
            [.bytes(link.hash), .bytes(person.bytes)])
    }

    /// Uses up a link, and all others of the person with it.
    ///
    /// - Throws: `DeadLink` when it was used or ran out meanwhile.
    func use(_ link: SecretToken) throws {
        let changed = try execute(
            "UPDATE identity_links SET used = ? WHERE hash = ? AND used IS NULL AND expires > ?",
            [.integer(now.microseconds), .bytes(link.hash), .integer(now.microseconds)])
        guard changed == 1 else { throw DeadLink.used(now) }
        try execute(
            """
            UPDATE identity_links SET used = ?
            WHERE used IS NULL AND person = (SELECT person FROM identity_links WHERE hash = ?)
            """, [.integer(now.microseconds), .bytes(link.hash)])
    }
}
