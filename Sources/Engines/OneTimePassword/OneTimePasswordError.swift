// SPDX-License-Identifier: Apache-2.0

/// Why a one-time password set-up was refused. Nothing in it depends on a secret.
public enum OneTimePasswordError: Error, Equatable, Sendable {
    /// A secret has fewer than 16 bytes (RFC 4226, section 4, R6) or more than 128.
    case secretLength
    /// Codes have 6 to 8 digits (RFC 4226, section 5.3).
    case digitCount
    /// A period is 10 to 300 seconds.
    case period
    /// The text is not base32 as RFC 4648, section 6, writes it; `offset` is the first byte that cannot be.
    case base32(offset: Int)
    /// Issuer and account must not be empty, hold a colon or a control character, or be longer than 200 bytes.
    case label
}
