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
        high = milliseconds << 16 | 0x7000 | (generator.next() as UInt64) & 0xFFF
        low = 0x8000_0000_0000_0000 | (generator.next() as UInt64) >> 2
    }

    /// A new identifier whose 12 bits after the time are `counter` (RFC 9562 section 6.2, method 1), so that those of
    /// one millisecond keep their order; the other 62 bits are random.
    package init(at instant: Instant, counter: UInt16) {
        let milliseconds = UInt64(max(0, instant.microseconds / 1_000)) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | UInt64(counter & 0xFFF)
        var generator = SystemRandomNumberGenerator()
        low = 0x8000_0000_0000_0000 | (generator.next() as UInt64) >> 2
    }

    /// A new identifier with random bits from the system.
    package init(at instant: Instant) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: instant, using: &generator)
    }

    /// The identifier whose 16 bytes these are; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for byte in bytes { (high, low) = (high << 8 | low >> 56, low << 8 | UInt64(byte)) }
        (self.high, self.low) = (high, low)
    }

    /// The identifier in its text form, 36 characters with lower-case digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        var place = 0
        for byte in text.utf8 {
            defer { place += 1 }
            if place == 8 || place == 13 || place == 18 || place == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.value(ofDigit: byte) else { return nil }
            (high, low) = (high << 4 | low >> 60, low << 4 | UInt64(digit))
        }
        guard place == 36 else { return nil }
        (self.high, self.low) = (high, low)
    }

    private static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The 16 bytes, first byte first.
    package var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for place in 0..<16 { unsafe buffer[place] = byte(place) }
            count = 16
        }
    }

    /// The byte at `place`, from 0 to 15.
    private func byte(_ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (place < 8 ? high : low) &>> UInt64(56 - 8 * (place & 7)))
    }

    /// The text form: `0190163d-8694-739b-aea5-966c26f8ad91`.
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: 36) { buffer in
            var end = 0
            for place in 0..<16 {
                if place == 4 || place == 6 || place == 8 || place == 10 {
                    unsafe buffer[end] = UInt8(ascii: "-")
                    end += 1
                }
                let byte = byte(place)
                unsafe buffer[end] = Self.digit(byte >> 4)
                unsafe buffer[end + 1] = Self.digit(byte & 15)
                end += 2
            }
            return end
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
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
