// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Identity
import Kernel
package import Store

/// Sessions, written into the store as Identity writes them.
///
/// The product has no way to open a session without password and second factor, and gets none for measuring, so the
/// rows are made here; a benchmark that uses them checks that the console takes them.
package enum StoredSessions {
    /// Adds `people` people of `role` with `count` sessions among them.
    ///
    /// - Returns: the cookies.
    package static func add(
        _ count: Int, of people: Int, role: String = "physician", to store: Database
    ) async throws -> [String] {
        let tokens = (0..<count).map { _ in (0..<32).map { _ in UInt8.random(in: 0...255) } }
        try await store.write { tx in
            let persons = try IdentityPractice.addSynthetic(
                people: (1...people).map {
                    NewPerson(login: "bench-\(role)-\($0)", name: "Bench \($0)", roles: [role])
                },
                in: tx)
            for person in persons { try confirmFactor(of: person, tx) }
            for (index, token) in tokens.enumerated() { try insert(token, of: persons[index % people], tx) }
        }
        return tokens.map { "__Host-salus=" + Base64.encode($0, as: .urlSafe) }
    }

    private static func confirmFactor(of person: Identifier<Person>, _ tx: any Transaction) throws {
        try tx.execute(
            "INSERT INTO identity_factors (person, sealed, last_step, confirmed) VALUES (?, ?, 0, ?)",
            [.bytes(person.bytes), .bytes([UInt8](repeating: 0, count: 68)), .integer(tx.now.microseconds)])
    }

    private static func insert(_ token: [UInt8], of person: Identifier<Person>, _ tx: any Transaction) throws {
        let now = tx.now.microseconds
        try tx.execute(
            """
            INSERT INTO identity_sessions (hash, id, person, started, seen, expires, second_factor_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(Array(SHA256.hash(data: token))), .bytes(Identifier<Person>(at: tx.now).bytes),
                .bytes(person.bytes), .integer(now), .integer(now),
                .integer(tx.now.advanced(by: .hours(12)).microseconds), .integer(now),
            ])
    }
}
