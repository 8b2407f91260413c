// SPDX-License-Identifier: Apache-2.0

/// A place in the write-ahead log of a PostgreSQL server: how many bytes were ever written before it.
package struct LogPosition: Sendable, Hashable, Comparable {
    /// The bytes before it.
    package let bytes: UInt64

    /// The place after so many bytes.
    package init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// The place that a server writes as two hexadecimal numbers: `0/16B3748`; nil for anything else.
    package init?(_ text: String) {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, let high = Self.half(halves[0]), let low = Self.half(halves[1]) else { return nil }
        bytes = UInt64(high) << 32 | UInt64(low)
    }

    private static func half(_ digits: Substring.UTF8View.SubSequence) -> UInt32? {
        guard (1...8).contains(digits.count), digits.first != UInt8(ascii: "+") else { return nil }
        return UInt32(String(decoding: Array(digits), as: UTF8.self), radix: 16)
    }

    /// As a server writes it.
    package var text: String {
        String(bytes >> 32, radix: 16, uppercase: true) + "/"
            + String(UInt32(truncatingIfNeeded: bytes), radix: 16, uppercase: true)
    }

    package static func < (first: LogPosition, second: LogPosition) -> Bool {
        first.bytes < second.bytes
    }
}
