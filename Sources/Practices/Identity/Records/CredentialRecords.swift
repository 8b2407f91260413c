// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Store

/// Everything that a sign-in is checked against.
struct Credentials: Sendable {
    let person: PersonRecord
    /// The sealed PHC string.
    let sealedPassword: [UInt8]?
    let factor: FactorRecord?
}

extension ReadTransaction {
    /// What the sign-in of `person` is checked against.
    func credentials(_ person: PersonRecord) throws -> Credentials {
        let password = try row(
            "SELECT sealed FROM identity_passwords WHERE person = ?", [.bytes(person.id.bytes)])
        return Credentials(
            person: person, sealedPassword: try password?.bytes(0), factor: try factor(of: person.id))
    }

    /// The second factor of `person`, confirmed or not.
    func factor(of person: Identifier<Person>) throws -> FactorRecord? {
        let row = try row(
            "SELECT sealed, last_step, confirmed FROM identity_factors WHERE person = ?", [.bytes(person.bytes)])
        guard let row else { return nil }
        return FactorRecord(
            sealed: try row.bytes(0), lastStep: try row.integer(1),
            confirmed: try row.optionalInteger(2).map(Instant.init(microseconds:)))
    }
}

extension Registry {
    /// Seals the hash of a password of `person`.
    func seal(password hash: String, of person: Identifier<Person>) throws -> [UInt8] {
        try key.seal(Array(hash.utf8), SealingContext(kind: "password", id: person.bytes))
    }

    /// Opens the hash of a password of `person`.
    func openPassword(_ sealed: [UInt8], of person: Identifier<Person>) throws -> String {
        String(decoding: try key.open(sealed, SealingContext(kind: "password", id: person.bytes)), as: UTF8.self)
    }
}
