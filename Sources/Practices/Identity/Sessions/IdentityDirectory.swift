// SPDX-License-Identifier: Apache-2.0

package import Kernel
import Store

/// The directory of the house: who is who, and whose session a cookie opens. Answers are as of now, never cached.
package struct IdentityDirectory: PeopleDirectory {
    private let store: Database
    private let clock: any TimeSource
    private let proofs: ProofDesk

    init(registry: Registry, hasher: PasswordHasher = .shared, clock: any TimeSource) {
        store = registry.store
        self.clock = clock
        proofs = ProofDesk(registry: registry, hasher: hasher)
    }

    package func person(_ id: Identifier<Person>) async throws -> PersonSummary? {
        try await store.read { tx in try tx.person(id)?.summary }
    }

    package func everyone() async throws -> [PersonSummary] {
        try await store.read { tx in try tx.people().map(\.summary) }
    }

    package func signedIn(cookie: String) async throws -> SignedIn? {
        guard let token = SecretToken(cookie) else { return nil }
        let found = try await store.read { tx -> (session: SessionRecord, person: PersonSummary)? in
            guard let session = try tx.session(token), let person = try tx.person(session.person)?.summary,
                person.isEnabled, person.hasSecondFactor
            else { return nil }
            return (session, person)
        }
        guard let (session, person) = found else { return nil }
        await note(session)
        return SignedIn(
            person: person, assurance: Assurance(secondFactor: true, at: session.secondFactorAt),
            formToken: token.formToken, session: session.id.description)
    }

    package func isProved(cookie: String, by proof: String?) async throws -> Bool {
        let token = SecretToken(cookie)
        if try await proofs.isProved(token) { return true }
        guard let proof, let token, let session = try await store.read({ tx in try tx.session(token) }) else {
            return false
        }
        return try await proofs.proves(proof, of: session.person, session: token)
    }

    package func isProved(cookie: String, byCode code: String) async throws -> Bool {
        guard ProofDesk.isCode(code), let token = SecretToken(cookie),
            let session = try await store.read({ tx in try tx.session(token) })
        else { return false }
        return try await proofs.proves(code, of: session.person, session: token)
    }

    /// Notes that the session is in use, once a minute.
    private func note(_ session: SessionRecord) async {
        guard clock.now() >= session.seen.advanced(by: Session.noteInterval) else { return }
        // Where the store cannot be written, people go on reading until the session runs out.
        _ = try? await store.write { tx in
            try tx.execute(
                "UPDATE identity_sessions SET seen = ? WHERE id = ? AND seen < ?",
                [.integer(tx.now.microseconds), .bytes(session.id.bytes), .integer(tx.now.microseconds)])
        }
    }
}
