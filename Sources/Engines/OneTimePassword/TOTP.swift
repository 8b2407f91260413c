// SPDX-License-Identifier: Apache-2.0

/// Time-based one-time passwords (RFC 6238, T0 = 0): one shared secret with the way in which codes are made of it.
public struct TOTP: Sendable {
    /// What the phone and the server share.
    public let secret: OneTimeSecret
    /// Digits of a code, 6 to 8.
    public let digits: Int
    /// Seconds for which a code is shown.
    public let period: Int
    /// The hash under the codes.
    public let algorithm: OneTimeAlgorithm

    /// The defaults are the only values that every phone application understands.
    /// - Throws: `digitCount`, `period`.
    public init(
        secret: OneTimeSecret, digits: Int = 6, period: Int = 30, algorithm: OneTimeAlgorithm = .sha1
    ) throws(OneTimePasswordError) {
        guard (6...8).contains(digits) else { throw .digitCount }
        guard (10...300).contains(period) else { throw .period }
        self.secret = secret
        self.digits = digits
        self.period = period
        self.algorithm = algorithm
    }

    /// The number of the time step at a moment, in seconds since 1970 UTC; `nil` before 1970.
    public func step(at unixSeconds: Int64) -> Int64? {
        unixSeconds < 0 ? nil : unixSeconds / Int64(period)
    }

    /// The code that is shown during a time step; `nil` for a negative step.
    public func code(forStep step: Int64) -> OneTimeCode? {
        UInt64(exactly: step).map {
            OneTimeCode.hotp(secret: secret, counter: $0, digits: digits, algorithm: algorithm)
        }
    }

    /// The time step to which a typed code belongs, or `nil` when it belongs to none that is acceptable now.
    ///
    /// Store the step in the same transaction as the sign-in and hand it back as `after` the next time: a code, and
    /// every earlier one, is then good only once (RFC 6238, section 5.2).
    /// - Parameters:
    ///   - window: steps by which the person's clock may be early or late, 0 to 10.
    ///   - lastAcceptedStep: only steps later than this one are accepted.
    public func matchingStep(
        code text: String, at unixSeconds: Int64, window: Int = 1, after lastAcceptedStep: Int64? = nil
    ) -> Int64? {
        guard let typed = OneTimeCode(text, digits: digits), let now = step(at: unixSeconds) else { return nil }
        let window = Int64(min(max(window, 0), 10))
        let earliest = Int64(lastAcceptedStep ?? -1)
        var found: Int64 = -1
        // Every candidate is computed and compared, so that the time taken does not tell which one was near. The
        // latest match wins: accepting an earlier step would leave the same code open for another use.
        for candidate in max(0, now - window)...(now + window) {
            guard let code = code(forStep: candidate) else { continue }
            let accepted = isZero(code.value ^ typed.value) & (candidate > earliest ? -1 : 0)
            found = (candidate & accepted) | (found & ~accepted)
        }
        return found < 0 ? nil : found
    }

    /// All bits set when the value is zero, none otherwise, without a branch.
    private func isZero(_ value: UInt32) -> Int64 {
        ((Int64(value) - 1) >> 63)
    }
}
