// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// Browsers that are known for a person, because the person signed in with them before.
enum Devices {
    /// How long a browser stays known after the last sign-in.
    static let lifetime = Duration.days(180)
}

extension ReadTransaction {
    /// Whether the browser with this token is known for `person`.
    func isKnown(_ device: SecretToken?, for person: Identifier<Person>) throws -> Bool {
        guard let device else { return false }
        return try row(
            "SELECT expires FROM identity_devices WHERE hash = ? AND person = ? AND expires > ?",
            [.bytes(device.hash), .bytes(person.bytes), .integer(now.microseconds)]) != nil
    }
}

extension Transaction {
    /// Makes the browser known for `person`; one whose token is not ours gets a new one.
    func markDevice(_ device: SecretToken?, for person: Identifier<Person>) throws -> SecretToken {
        var token = SecretToken()
        if let device {
            let isOurs = try row(
                "SELECT expires FROM identity_devices WHERE hash = ? AND expires > ? ORDER BY expires LIMIT 1",
                [.bytes(device.hash), .integer(now.microseconds)])
            if isOurs != nil { token = device }
        }
        try execute(
            """
            INSERT INTO identity_devices (hash, person, expires) VALUES (?, ?, ?)
            ON CONFLICT (hash, person) DO UPDATE SET expires = excluded.expires
            """,
            [
                .bytes(token.hash), .bytes(person.bytes),
                .integer(now.advanced(by: Devices.lifetime).microseconds),
            ])
        return token
    }

    /// Forgets every browser of `person`.
    func forgetDevices(of person: Identifier<Person>) throws {
        try execute("DELETE FROM identity_devices WHERE person = ?", [.bytes(person.bytes)])
    }
}
