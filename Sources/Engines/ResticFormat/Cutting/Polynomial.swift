// SPDX-License-Identifier: Apache-2.0

import CRestic

/// The irreducible polynomial over GF(2), of degree 53, by whose remainders a repository's files are cut (restic
/// design, "Backups and Deduplication"). It is kept sealed: who knows it can recognise files by the lengths of their parts.
public struct Polynomial: Hashable, Sendable {
    /// The coefficients, the lowest in bit 0.
    public let bits: UInt64

    /// Nil unless it is irreducible and of degree 53.
    public init?(_ bits: UInt64) {
        guard bits >> 53 == 1, crestic_polynomial_is_irreducible(bits) else { return nil }
        self.bits = bits
    }

    /// The polynomial that hexadecimal digits stand for.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        guard (1...16).contains(digits.count),
            digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let bits = UInt64(hex, radix: 16)
        else { return nil }
        self.init(bits)
    }

    /// A random one: about one in 53 of those that are odd is irreducible.
    public init(using generator: inout some RandomNumberGenerator) {
        while true {
            let drawn = generator.next() & (1 << 53 - 1) | 1 << 53 | 1
            if let polynomial = Polynomial(drawn) {
                self = polynomial
                return
            }
        }
    }

    /// In hexadecimal digits, without leading zeros.
    public var hex: String { String(bits, radix: 16) }
}
