// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// What a person does with their own sign-in: ends sessions, changes the password, makes new recovery codes. Each
/// takes a proof that it is they who sit at the browser.
struct AccountDesk: Sendable {
    let registry: Registry
    let hasher: PasswordHasher
    let rules: PasswordRules

    /// What the page shows.
    struct Overview: Sendable {
        let person: PersonRecord
        let sessions: [SessionRecord]
        let recoveryCodesLeft: Int64
    }

    /// Proofs that it is they.
    var proofs: ProofDesk { ProofDesk(registry: registry, hasher: hasher) }

    /// See `ProofDesk.isProved`.
    func isProved(_ token: SecretToken?) async throws -> Bool {
        try await proofs.isProved(token)
    }

    /// See `ProofDesk.proves`.
    func proves(_ proof: String, of id: Identifier<Person>, session token: SecretToken?) async throws -> Bool {
        try await proofs.proves(proof, of: id, session: token)
    }

    /// The sign-in of `person` as it stands.
    func overview(of id: Identifier<Person>) async throws -> Overview {
        try await registry.store.read { tx in
            Overview(
                person: try tx.known(id), sessions: try tx.sessions(of: id),
                recoveryCodesLeft: try tx.recoveryCodesLeft(of: id))
        }
    }

    /// Ends one session of the person.
    ///
    /// - Throws: `Fault.notFound` when it is over already or somebody else's.
    func endSession(_ session: Identifier<Session>, of id: Identifier<Person>) async throws {
        try await registry.store.write { tx in
            guard let found = try tx.sessions(of: id).first(where: { $0.id == session }) else {
                throw Fault(.notFound, "This session is over already.")
            }
            try tx.endSession(found, .byPerson, by: .person(id))
        }
    }

    /// Sets a new password. Every session ends; this browser's goes on under a new token.
    ///
    /// - Returns: the new session and mark of this browser.
    func setPassword(
        _ password: PasswordText, of id: Identifier<Person>, session current: SecretToken?
    ) async throws -> Grant {
        let sealed = try registry.seal(password: try await hasher.hash(password), of: id)
        return try await registry.store.write { tx in
            let actor = EntityReference.person(id)
            guard let current, let old = try tx.session(current), old.person == id, try tx.known(id).isEnabled else {
                throw Fault(.notSignedIn, "Your session is over. Sign in again, then change the password.")
            }
            try tx.setPassword(of: id, sealed: sealed, by: actor)
            try tx.endSessions(of: id, .passwordChanged, by: actor)
            try tx.forgetDevices(of: id)
            let session = try tx.startSession(of: id, continuing: old).token
            return Grant(session: session, device: try tx.markDevice(nil, for: id))
        }
    }

    /// Makes ten new recovery codes; the earlier ones die.
    func makeRecoveryCodes(for id: Identifier<Person>) async throws -> [RecoveryCode] {
        try await registry.store.write { tx in
            try tx.makeRecoveryCodes(for: id, registry, by: .person(id))
        }
    }

    /// Ends the session of `token`, on request of its holder.
    func signOut(_ token: SecretToken) async throws {
        try await registry.store.write { tx in
            guard let session = try tx.session(token) else { return }
            try tx.execute("DELETE FROM identity_sessions WHERE id = ?", [.bytes(session.id.bytes)])
            try tx.record(
                Fact(
                    IdentityFacts.signedOut, by: .person(session.person),
                    [.init("session", .string(session.id.description))]))
        }
    }

    /// Takes down whether the first administrator treats patients; yes makes them a physician too.
    func answer(treatsPatients: Bool, of id: Identifier<Person>) async throws {
        try await registry.store.write { tx in
            let actor = EntityReference.person(id)
            try tx.record(
                Fact(IdentityFacts.treatsPatients, by: actor, [.init("answer", .boolean(treatsPatients))]))
            let person = try tx.known(id)
            guard treatsPatients, !person.has(.physician) else { return }
            let roles = try StaffRole.roles(person.roles + [StaffRole.physician.rawValue])
            try tx.setRoles(of: id, roles)
            try tx.record(Fact(IdentityFacts.rolesChanged, by: actor, members(id, roles: roles.map(\.rawValue))))
        }
    }
}
