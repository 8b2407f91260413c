// SPDX-License-Identifier: Apache-2.0

/// The identity of one thing of kind `Kind`: a version 7 UUID (RFC 9562 section 5.7), so newer ones sort last.
///
/// 16 bytes in the database, lower-case text with hyphens outside. The kind keeps a person's identifier from
/// being passed where a record's is asked for.
package struct Identifier<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// A new identifier for a thing made at `instant`, with 74 random bits from `generator`.
    package init(at instant: Instant, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, instant.microseconds / 1_000)) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &generator)
        low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF, using: &generator)
    }

    /// A new identifier whose 12 bits after the time are `counter` (RFC 9562 section 6.2, method 1), so that those of
    /// one millisecond keep their order; the other 62 bits are random.
    package init(at instant: Instant, counter: UInt16) {
        let milliseconds = UInt64(max(0, instant.microseconds / 1_000)) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | UInt64(counter & 0xFFF)
        low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF)
    }

    /// A new identifier with random bits from the system.
    package init(at instant: Instant) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: instant, using: &generator)
    }

    /// The identifier whose 16 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The identifier in its text form, 36 characters with lower-case digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 36 else { return nil }
        var digits: [UInt8] = []
        for (index, byte) in utf8.enumerated() {
            switch (index, byte) {
            case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")):
                continue
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")): digits.append(byte - UInt8(ascii: "0"))
            case (_, UInt8(ascii: "a")...UInt8(ascii: "f")): digits.append(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        guard digits.count == 32 else { return nil }
        self.init(bytes: stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The 16 bytes, first byte first.
    package var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) } }
    }

    /// The text form: `0190163d-8694-739b-aea5-966c26f8ad91`.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// Marks the identifier of the installation itself, which is the tenant in sealing contexts.
package enum Institution {}
/// Marks the identifier of a person who can sign in.
package enum Person {}
/// Marks the identifier of a stored record.
package enum Record {}
/// Marks the identifier of a patient whose records are kept.
package enum Patient {}
/// Marks the identifier of a data key.
package enum DataKey {}
/// Marks the identifier of a leaf in the evidence log.
package enum Leaf {}
