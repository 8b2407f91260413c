// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// Marks the identifier of a session, which is no secret.
enum Session {
    /// How long a session lives without being used.
    static let idleLimit = Duration.minutes(30)
    /// How long it lives at all.
    static let lifetime = Duration.hours(12)
    /// How long a proof of who sits at the browser counts.
    static let proofLifetime = Duration.minutes(5)
    /// How often its use is noted.
    static let noteInterval = Duration.minutes(1)
}

/// A session as it is stored.
struct SessionRecord: Sendable {
    let id: Identifier<Session>
    let person: Identifier<Person>
    let started: Instant
    let seen: Instant
    let expires: Instant
    let secondFactorAt: Instant
    /// When somebody last proved in it that they are its person: signing in, or again before an act that asks for it.
    let provedAt: Instant

    /// The columns that `init` reads, in its order.
    static let columns = "id, person, started, seen, expires, second_factor_at, proved"

    init(_ row: Row) throws {
        id = try row.identifier(0)
        person = try row.identifier(1)
        started = Instant(microseconds: try row.integer(2))
        seen = Instant(microseconds: try row.integer(3))
        expires = Instant(microseconds: try row.integer(4))
        secondFactorAt = Instant(microseconds: try row.integer(5))
        provedAt = Instant(microseconds: try row.integer(6))
    }

    /// Whether it still opens anything at `now`.
    func isAlive(at now: Instant) -> Bool {
        now < expires && now < seen.advanced(by: Session.idleLimit)
    }

    /// Whether the last proof still counts at `now`; one from the future, of a clock that was set back, does not.
    func isProved(at now: Instant) -> Bool {
        provedAt <= now && now < provedAt.advanced(by: Session.proofLifetime)
    }
}

/// Why a session ended before its time; part of a fact.
enum SessionEnd: String {
    case byPerson = "ended-by-person"
    case replaced
    case passwordChanged = "password-changed"
    case disabled
    case factorReset = "factor-reset"
}

extension ReadTransaction {
    /// The session that `token` opens, if it is alive.
    func session(_ token: SecretToken) throws -> SessionRecord? {
        let row = try row(
            "SELECT \(SessionRecord.columns) FROM identity_sessions WHERE hash = ?", [.bytes(token.hash)])
        guard let session = try row.map(SessionRecord.init), session.isAlive(at: now) else { return nil }
        return session
    }

    /// The sessions of `person` that are alive, the newest first.
    func sessions(of person: Identifier<Person>) throws -> [SessionRecord] {
        try rows(
            """
            SELECT \(SessionRecord.columns) FROM identity_sessions WHERE person = ?
            ORDER BY started DESC, id DESC
            """, [.bytes(person.bytes)]
        ).map(SessionRecord.init).filter { $0.isAlive(at: now) }
    }
}

extension Transaction {
    /// Starts a session; its token is always new, so that nobody can have planted it.
    ///
    /// - Parameter old: a session whose times are carried on under a new token.
    func startSession(
        of person: Identifier<Person>, continuing old: SessionRecord? = nil
    ) throws -> (token: SecretToken, id: Identifier<Session>) {
        let (token, id) = (SecretToken(), Identifier<Session>(at: now))
        try execute(
            """
            INSERT INTO identity_sessions (hash, id, person, started, seen, expires, second_factor_at, proved)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(token.hash), .bytes(id.bytes), .bytes(person.bytes),
                .integer((old?.started ?? now).microseconds), .integer(now.microseconds),
                .integer((old?.expires ?? now.advanced(by: Session.lifetime)).microseconds),
                .integer((old?.secondFactorAt ?? now).microseconds), .integer((old?.provedAt ?? now).microseconds),
            ])
        return (token, id)
    }

    /// Ends a session and says why in the log.
    func endSession(_ session: SessionRecord, _ reason: SessionEnd, by actor: EntityReference) throws {
        try execute("DELETE FROM identity_sessions WHERE id = ?", [.bytes(session.id.bytes)])
        try record(
            Fact(
                IdentityFacts.sessionEnded, by: actor,
                [
                    .init("session", .string(session.id.description)),
                    .init("person", .string(session.person.description)), .init("reason", .string(reason.rawValue)),
                ]))
    }

    /// Ends every session of `person`.
    func endSessions(of person: Identifier<Person>, _ reason: SessionEnd, by actor: EntityReference) throws {
        for session in try sessions(of: person) { try endSession(session, reason, by: actor) }
        // Those that ran out already go without a word.
        try execute("DELETE FROM identity_sessions WHERE person = ?", [.bytes(person.bytes)])
    }
}
