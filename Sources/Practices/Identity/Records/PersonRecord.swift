// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// A person as stored, with what is known of their sign-in.
struct PersonRecord: Sendable {
    let id: Identifier<Person>
    let login: String
    let name: String
    let isEnabled: Bool
    let created: Instant
    /// When a welcome link was last made; nil for people of the demonstration.
    let invited: Instant?
    /// The last sign-in.
    let signedIn: Instant?
    /// When the password was set.
    let passwordChanged: Instant?
    /// When the second factor was proved to work.
    let factorConfirmed: Instant?
    /// When the last of the welcome links that were not used yet runs out; nil without one.
    let linkExpires: Instant?
    /// Whether it is somebody of the demonstration, whose password nobody knows.
    let isInvented: Bool
    let roles: [String]

    init(_ row: Row, roles: [String]) throws {
        id = try row.identifier(0)
        login = try row.text(1)
        name = String(decoding: try row.bytes(2), as: UTF8.self)
        isEnabled = try row.integer(3) != 0
        created = Instant(microseconds: try row.integer(4))
        invited = try row.optionalInteger(5).map(Instant.init(microseconds:))
        signedIn = try row.optionalInteger(6).map(Instant.init(microseconds:))
        passwordChanged = try row.optionalInteger(7).map(Instant.init(microseconds:))
        factorConfirmed = try row.optionalInteger(8).map(Instant.init(microseconds:))
        linkExpires = try row.optionalInteger(9).map(Instant.init(microseconds:))
        isInvented = try row.integer(10) != 0
        self.roles = roles
    }

    /// What the rest of the house knows of the person.
    var summary: PersonSummary {
        PersonSummary(
            id: id, name: name, login: login, roles: roles, isEnabled: isEnabled,
            hasSecondFactor: factorConfirmed != nil)
    }

    func has(_ role: StaffRole) -> Bool {
        roles.contains { $0.utf8.elementsEqual(role.rawValue.utf8) }
    }

    /// Whether the person could sign in now, as far as the store tells.
    var canSignIn: Bool { isEnabled && passwordChanged != nil && factorConfirmed != nil }

    static let columns = """
        SELECT p.id, p.login, p.name, p.enabled, p.created, p.invited, p.signed_in, w.changed, f.confirmed,
            (SELECT max(l.expires) FROM identity_links l WHERE l.person = p.id AND l.used IS NULL), p.invented
        FROM identity_people p
        LEFT JOIN identity_passwords w ON w.person = p.id
        LEFT JOIN identity_factors f ON f.person = p.id
        """
}

extension ReadTransaction {
    /// The person with this id.
    func person(_ id: Identifier<Person>) throws -> PersonRecord? {
        guard let row = try row(PersonRecord.columns + " WHERE p.id = ?", [.bytes(id.bytes)]) else { return nil }
        return try PersonRecord(row, roles: try roles(of: id))
    }

    /// The person with this sign-in name.
    func person(_ login: Login) throws -> PersonRecord? {
        guard let row = try row(PersonRecord.columns + " WHERE p.login = ?", [.text(login.text)]) else { return nil }
        return try PersonRecord(row, roles: try roles(of: try row.identifier(0)))
    }

    /// Everyone, by name.
    func people() throws -> [PersonRecord] {
        var roles: [[UInt8]: [String]] = [:]
        for row in try rows("SELECT person, role FROM identity_roles ORDER BY person, role") {
            roles[try row.bytes(0), default: []].append(try row.text(1))
        }
        let people = try rows(PersonRecord.columns + " ORDER BY p.id").map { row in
            try PersonRecord(row, roles: roles[try row.bytes(0)] ?? [])
        }
        return people.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    private func roles(of person: Identifier<Person>) throws -> [String] {
        try rows("SELECT role FROM identity_roles WHERE person = ? ORDER BY role", [.bytes(person.bytes)])
            .map { try $0.text(0) }
    }
}

extension Row {
    /// The identifier in column `index`.
    func identifier<Kind>(_ index: Int) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(bytes: try bytes(index)) else {
            throw Fault(.damaged, "column \(index) of a row of the store is no identifier")
        }
        return id
    }
}
