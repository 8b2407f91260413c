// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// Signs people in: budget, then password, then code, and only then a session.
///
/// The password is always computed, also for names that do not exist. No second factor, no session.
struct SignInDesk: Sendable {
    let registry: Registry
    let hasher: PasswordHasher

    /// What is known before the password is computed.
    private struct Opening: Sendable {
        let credentials: Credentials?
        let isKnownDevice: Bool
        /// The buckets in which this attempt is counted already.
        let spent: [Bucket]
        /// Those of them that a success empties.
        let cleared: [Bucket]
        let codes: Bucket
        let isLastOfBudget: Bool
    }

    /// Signs in, or says why not.
    ///
    /// - Throws: `Fault.throttled` when more passwords wait than the machine can compute, and what the store throws.
    func signIn(_ attempt: SignInAttempt) async throws -> SignInOutcome {
        do {
            let opening = try await registry.store.write(isCare: true) { tx in try open(attempt, tx) }
            let isRight = try await checkPassword(attempt, opening)
            return try await registry.store.write(isCare: true) { tx in try conclude(attempt, opening, isRight, tx) }
        } catch let used as BudgetUsedUp {
            let now = try await registry.store.read { tx in tx.now }
            return .throttled(now: now, until: used.until)
        }
    }

    private func open(_ attempt: SignInAttempt, _ tx: any Transaction) throws -> Opening {
        let login = Login(attempt.login)
        let person = try login.flatMap { try tx.person($0) }
        // Unknown names are counted as known ones are, so that the answer tells nothing.
        let account = person?.id.bytes ?? Array((login?.text ?? String(attempt.login.prefix(64))).utf8)
        let source = SourceAddress.budgetName(of: attempt.source)
        let isKnown = try person.map { try tx.isKnown(attempt.device, for: $0.id) } ?? false
        let own: Bucket
        var spent: [Bucket]
        let codes = registry.bucket(.code, account)
        if isKnown, let device = attempt.device {
            own = registry.bucket(.device, account, device.hash)
            spent = [own]
        } else {
            own = registry.bucket(.accountAtSource, account, source)
            spent = [own, registry.bucket(.source, source), registry.bucket(.account, account)]
            try tx.demandRoom(in: codes)
        }
        let isLast = try tx.spend(spent)
        return Opening(
            credentials: try person.map { try tx.credentials($0) }, isKnownDevice: isKnown, spent: spent,
            cleared: [own], codes: codes, isLastOfBudget: isLast)
    }

    private func checkPassword(_ attempt: SignInAttempt, _ opening: Opening) async throws -> Bool {
        // A password that is too long to have been set costs as much time as any other.
        let typed = PasswordText(attempt.password)
        do {
            guard let typed, let credentials = opening.credentials, let sealed = credentials.sealedPassword else {
                try await hasher.pretend(typed ?? PasswordText.empty)
                return false
            }
            return try await hasher.verify(
                typed, try registry.openPassword(sealed, of: credentials.person.id))
        } catch {
            // It was never checked, so it does not count.
            try await registry.store.write(isCare: true) { tx in try tx.refund(opening.spent) }
            throw error
        }
    }

    private func conclude(
        _ attempt: SignInAttempt, _ opening: Opening, _ isRight: Bool, _ tx: any Transaction
    ) throws -> SignInOutcome {
        // Read anew: whoever was disabled or reset while the password was computed stays out.
        guard isRight, let before = opening.credentials, let person = try tx.person(before.person.id),
            person.passwordChanged == before.person.passwordChanged
        else { return try refuse(.credentials, opening, tx) }
        guard person.isEnabled else { return try refuse(.disabled, opening, tx) }
        guard let factor = try tx.factor(of: person.id), factor.confirmed != nil else {
            return try refuse(.code, opening, tx)
        }
        var lastCode = false
        if !opening.isKnownDevice { lastCode = try tx.spend([opening.codes]) }
        let outcome = try checkCode(attempt, factor, person.id, tx)
        switch outcome {
        case .success(let use):
            return .granted(try grant(attempt, opening, person.id, use, tx))
        case .failure(.clock(let lastAccepted)):
            _ = try refuse(.clock, opening, tx, isLast: lastCode)
            return .clockBehind(now: tx.now, lastAccepted: lastAccepted)
        case .failure(.other(let reason)):
            return try refuse(reason, opening, tx, isLast: lastCode)
        }
    }

    private enum CodeRefusal: Error {
        case clock(Instant)
        case other(RefusalReason)
    }

    private func checkCode(
        _ attempt: SignInAttempt, _ factor: FactorRecord, _ person: Identifier<Person>, _ tx: any Transaction
    ) throws -> Result<FactorUse, CodeRefusal> {
        if !attempt.recovery.isEmpty {
            guard let code = RecoveryCode(attempt.recovery), try tx.use(code, of: person, registry) else {
                return .failure(.other(.code))
            }
            return .success(.recoveryCode)
        }
        switch try registry.check(attempt.code, factor, of: person, at: tx.now) {
        case .accepted(let step):
            return try tx.use(step: step, of: person) ? .success(.totp) : .failure(.other(.replay))
        case .replay: return .failure(.other(.replay))
        case .wrong: return .failure(.other(.code))
        case .clockBehind(let lastAccepted): return .failure(.clock(lastAccepted))
        }
    }

    private func refuse(
        _ reason: RefusalReason, _ opening: Opening, _ tx: any Transaction, isLast: Bool = false
    ) throws -> SignInOutcome {
        var reasons = [reason]
        if opening.isLastOfBudget || isLast { reasons.append(.throttledStart) }
        for reason in reasons {
            let person = opening.credentials.map { $0.person.id.description }
            try tx.record(
                Fact(
                    IdentityFacts.signInRefused, by: nobody,
                    [.init("reason", .string(reason.rawValue))] + (person.map { [.init("person", .string($0))] } ?? []))
            )
        }
        return .refused
    }

    private func grant(
        _ attempt: SignInAttempt, _ opening: Opening, _ person: Identifier<Person>, _ use: FactorUse,
        _ tx: any Transaction
    ) throws -> Grant {
        try tx.refund(opening.spent + (opening.isKnownDevice ? [] : [opening.codes]))
        for bucket in opening.cleared { try tx.clear(bucket) }
        return try tx.grant(
            person, use, device: attempt.device, isKnown: opening.isKnownDevice, replacing: attempt.session)
    }
}

extension Transaction {
    /// Opens a session for `person`, ends the one that the browser had, and makes the browser a known one.
    func grant(
        _ person: Identifier<Person>, _ use: FactorUse, device: SecretToken?, isKnown: Bool,
        replacing old: SecretToken?
    ) throws -> Grant {
        let actor = EntityReference.person(person)
        if let old, let session = try session(old) { try endSession(session, .replaced, by: actor) }
        let (token, id) = try startSession(of: person)
        let mark = try markDevice(device, for: person)
        try execute(
            "UPDATE identity_people SET signed_in = ? WHERE id = ?",
            [.integer(now.microseconds), .bytes(person.bytes)])
        try record(
            Fact(
                IdentityFacts.signedIn, by: actor,
                [
                    .init("session", .string(id.description)), .init("factor", .string(use.rawValue)),
                    .init("device", .string(isKnown ? "known" : "new")),
                ]))
        return Grant(session: token, device: mark)
    }
}
