// SPDX-License-Identifier: Apache-2.0

/// A code of 6 to 8 decimal digits, leading zeros included.
public struct OneTimeCode: Sendable {
    /// The digits as a number.
    public let value: UInt32
    /// How many digits the code has.
    public let digits: Int

    init(value: UInt32, digits: Int) {
        self.value = value
        self.digits = digits
    }

    /// A code as a person typed it: exactly `digits` ASCII digits, single spaces allowed between them. `nil` for
    /// everything else, also for digits of other scripts.
    public init?(_ text: String, digits: Int) {
        guard (6...8).contains(digits), text.utf8.count < 2 * digits else { return nil }
        var value: UInt32 = 0
        var count = 0
        var mayBeSpace = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: " "), mayBeSpace {
                mayBeSpace = false
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), count < digits {
                value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
                count += 1
                mayBeSpace = true
            } else {
                return nil
            }
        }
        guard count == digits, mayBeSpace else { return nil }
        self.init(value: value, digits: digits)
    }

    /// The digits as text, for example `004931`.
    public var text: String {
        let number = String(value)
        return String(repeating: "0", count: max(0, digits - number.utf8.count)) + number
    }

    /// The HOTP value for a counter (RFC 4226, section 5.3). `digits` is 6 to 8; a value outside is taken to the next.
    public static func hotp(
        secret: OneTimeSecret, counter: UInt64, digits: Int = 6, algorithm: OneTimeAlgorithm = .sha1
    ) -> OneTimeCode {
        let digits = min(max(digits, 6), 8)
        let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
        let code = algorithm.authenticationCode(for: message, using: secret)
        // INVARIANT: the shortest code has 20 bytes and the offset is at most 15, so all four bytes are there.
        let offset = Int(code[code.count - 1] & 0x0F)
        let word = code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let modulus: UInt32 = [1_000_000, 10_000_000, 100_000_000][digits - 6]
        return OneTimeCode(value: (word & 0x7FFF_FFFF) % modulus, digits: digits)
    }
}
