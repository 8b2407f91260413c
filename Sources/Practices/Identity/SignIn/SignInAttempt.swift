// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What somebody typed to sign in, and from where.
struct SignInAttempt: Sendable {
    /// The sign-in name as typed.
    let login: String
    /// The password as typed.
    let password: String
    /// The six digits of the authenticator, as typed.
    let code: String
    /// A recovery code instead of them, as typed; empty for none.
    let recovery: String
    /// The address that the request came from.
    let source: String
    /// The mark of a known browser.
    let device: SecretToken?
    /// The session that this browser had until now; it ends with a success.
    let session: SecretToken?
}

/// How a sign-in ended.
enum SignInOutcome: Sendable {
    /// The session is open.
    case granted(Grant)
    /// Not: one wording for every reason.
    case refused
    /// The password is right, but no code can be, because this server's clock is behind the last accepted one.
    case clockBehind(now: Instant, lastAccepted: Instant)
    /// Too many failures; nothing was looked at.
    case throttled(now: Instant, until: Instant)
}

/// What a successful sign-in hands to the browser.
struct Grant: Sendable {
    let session: SecretToken
    let device: SecretToken
}

/// Why a sign-in was refused; part of a fact.
enum RefusalReason: String, Sendable {
    case credentials
    case code
    case replay
    case clock
    case disabled
    /// The attempt used up a budget; those after it are refused without a fact each.
    case throttledStart = "throttled-start"
}

/// With what a person proved their second factor; part of a fact.
enum FactorUse: String, Sendable {
    case totp
    case recoveryCode = "recovery-code"
}
