// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import OneTimePassword
import Store

/// A person's authenticator as it is stored.
struct FactorRecord: Sendable {
    /// The sealed secret.
    let sealed: [UInt8]
    /// The time step of the last code that was accepted; -1 before the first.
    let lastStep: Int64
    /// When the person proved to hold it; nil until then.
    let confirmed: Instant?
}

/// What a typed code is.
enum CodeCheck: Sendable, Equatable {
    /// Right, and of this time step; good once it is stored.
    case accepted(step: Int64)
    /// Right, but it was used before.
    case replay
    /// Not right.
    case wrong
    /// Nothing can be right: the last accepted code is from after what this server takes for now.
    case clockBehind(lastAccepted: Instant)
}

extension Registry {
    /// Steps of 30 seconds by which a telephone may be early or late.
    static let codeWindow = 1

    /// Opens the secret of `person`.
    func totp(_ factor: FactorRecord, of person: Identifier<Person>) throws -> TOTP {
        let bytes = try key.open(factor.sealed, SealingContext(kind: "totp-secret", id: person.bytes))
        return try TOTP(secret: OneTimeSecret(bytes))
    }

    /// Seals a new secret for `person`.
    func sealedSecret(for person: Identifier<Person>) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let secret = OneTimeSecret(using: &generator)
        return try key.seal(secret.bytes, SealingContext(kind: "totp-secret", id: person.bytes))
    }

    /// What `code` is at `now` for this factor.
    func check(
        _ code: String, _ factor: FactorRecord, of person: Identifier<Person>, at now: Instant
    ) throws -> CodeCheck {
        let totp = try totp(factor, of: person)
        guard let step = totp.step(at: now.seconds) else { return .wrong }
        if factor.lastStep > step + Int64(Self.codeWindow) {
            let seconds = factor.lastStep.multipliedReportingOverflow(by: Int64(totp.period)).partialValue
            return .clockBehind(lastAccepted: Instant(microseconds: 0).advanced(by: .seconds(seconds)))
        }
        let matching = totp.matchingStep(
            code: code, at: now.seconds, window: Self.codeWindow, after: factor.lastStep)
        if let matching { return .accepted(step: matching) }
        let earlier = totp.matchingStep(code: code, at: now.seconds, window: Self.codeWindow)
        return earlier == nil ? .wrong : .replay
    }
}

extension Transaction {
    /// Stores `step` as the last accepted one, unless it or a later one is stored already.
    ///
    /// - Returns: whether the code counts: of two that come at the same time only one does (RFC 6238, section 5.2).
    func use(step: Int64, of person: Identifier<Person>) throws -> Bool {
        try execute(
            """
            UPDATE identity_factors SET last_step = ? WHERE person = ? AND last_step < ? AND confirmed IS NOT NULL
            """,
            [.integer(step), .bytes(person.bytes), .integer(step)]) == 1
    }
}
