// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// Proofs that it is the signed-in person who sits at the browser, and not somebody who found or stole their session.
///
/// A proof counts for its session alone, for `Session.proofLifetime`; signing in is one.
struct ProofDesk: Sendable {
    let registry: Registry
    let hasher: PasswordHasher

    /// Whether a proof was given in this session so lately that it still counts.
    func isProved(_ token: SecretToken?) async throws -> Bool {
        guard let token else { return false }
        return try await registry.store.read { tx in try tx.session(token)?.isProved(at: tx.now) ?? false }
    }

    /// Whether `proof` is the person's password or a fresh code of their authenticator, which is then used up. Right
    /// or wrong, it is a leaf; a right one counts from now on.
    ///
    /// Before a chart is opened in an emergency a proof is asked for, so it is care.
    ///
    /// - Throws: `Fault.throttled` after ten failures in a quarter of an hour, `Fault.notSignedIn` when the session is
    ///   over meanwhile.
    func proves(_ proof: String, of id: Identifier<Person>, session token: SecretToken?) async throws -> Bool {
        let bucket = registry.bucket(.proof, id.bytes)
        do {
            let (credentials, isLast) = try await registry.store.write(isCare: true) { tx in
                let isLast = try tx.spend([bucket])
                return (try tx.credentials(try tx.known(id)), isLast)
            }
            let check = try await check(proof, credentials, of: bucket)
            return try await registry.store.write(isCare: true) { tx in
                guard let token, let session = try tx.session(token), session.person == id else {
                    throw Fault(.notSignedIn, "Your session is over. Sign in again, then repeat what you did.")
                }
                switch check {
                case .success(let means):
                    try tx.clear(bucket)
                    try tx.prove(session, with: means)
                    return true
                case .failure(let refusal):
                    try tx.refuseProof(in: session, isLast ? [refusal.reason, .throttledStart] : [refusal.reason])
                    return false
                }
            }
        } catch let used as BudgetUsedUp {
            let wait = used.until.since(try await registry.store.read { tx in tx.now })
            throw Fault(.throttled, "Too many wrong passwords or codes. Try again in about \(wait.roughly).")
        }
    }

    /// Whether it is checked as a code of an authenticator: no password is that short.
    static func isCode(_ proof: String) -> Bool {
        proof.utf8.count < PasswordRules.leastLength
            && proof.utf8.allSatisfy { $0 == 32 || (48...57).contains($0) }
    }

    private struct Refusal: Error {
        let reason: RefusalReason
    }

    private func check(
        _ proof: String, _ credentials: Credentials, of bucket: Bucket
    ) async throws -> Result<ProofMeans, Refusal> {
        do {
            return try await check(proof, credentials)
        } catch {
            // It was never checked, so it does not count.
            try await registry.store.write(isCare: true) { tx in try tx.refund([bucket]) }
            throw error
        }
    }

    private func check(_ proof: String, _ credentials: Credentials) async throws -> Result<ProofMeans, Refusal> {
        let id = credentials.person.id
        if let factor = credentials.factor, Self.isCode(proof) {
            return try await registry.store.write(isCare: true) { tx in
                switch try registry.check(proof, factor, of: id, at: tx.now) {
                case .accepted(let step):
                    return try tx.use(step: step, of: id) ? .success(.totp) : .failure(Refusal(reason: .replay))
                case .replay: return .failure(Refusal(reason: .replay))
                case .wrong: return .failure(Refusal(reason: .code))
                case .clockBehind: return .failure(Refusal(reason: .clock))
                }
            }
        }
        guard let sealed = credentials.sealedPassword, let typed = PasswordText(proof),
            try await hasher.verify(typed, try registry.openPassword(sealed, of: id))
        else { return .failure(Refusal(reason: .credentials)) }
        return .success(.password)
    }
}

/// With what a person proved again who they are; part of a fact.
enum ProofMeans: String, Sendable {
    case password
    case totp
}

extension Transaction {
    /// Notes that the session's person proved who they are.
    fileprivate func prove(_ session: SessionRecord, with means: ProofMeans) throws {
        try execute(
            "UPDATE identity_sessions SET proved = ? WHERE id = ?",
            [.integer(now.microseconds), .bytes(session.id.bytes)])
        try record(
            Fact(
                IdentityFacts.proved, by: .person(session.person),
                [.init("session", .string(session.id.description)), .init("with", .string(means.rawValue))]))
    }

    fileprivate func refuseProof(in session: SessionRecord, _ reasons: [RefusalReason]) throws {
        for reason in reasons {
            try record(
                Fact(
                    IdentityFacts.proofRefused, by: .person(session.person),
                    [.init("session", .string(session.id.description)), .init("reason", .string(reason.rawValue))]))
        }
    }
}
