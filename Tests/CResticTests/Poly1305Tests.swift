// SPDX-License-Identifier: Apache-2.0

import CRestic
import Testing

/// Poly1305 gives RFC 8439's tags, and those of long arithmetic, in whatever pieces, at every level.
extension EveryLevel {
    @Suite struct Poly1305Tests {
        @Test(arguments: Poly1305Vectors.all)
        func published(key: String, message: [UInt8], tag: String) throws {
            let key = try bytes(hex: key)
            let tag = tag.filter { $0 != " " }
            #expect(hex(Poly1305Reference.tag(key: key, message: message)) == tag)
            EveryLevel.each { level in #expect(hex(authenticate(key, [message])) == tag, "\(level)") }
        }

        @Test func everyLengthAtEveryStart() {
            var random = Bytes(seed: 1)
            let data = random.take(1_400)
            for length in 0...1_300 {
                let key = random.take(32)
                let message = Array(data[length % 19..<length % 19 + length])
                let expected = Poly1305Reference.tag(key: key, message: message)
                EveryLevel.each { level in
                    #expect(authenticate(key, [message]) == expected, "\(level), \(length) bytes")
                }
            }
        }

        /// Bits that are all 1 bring every carry about, and sums at the modulus.
        @Test func fullKeysAndMessages() {
            var random = Bytes(seed: 2)
            let full = [UInt8](repeating: 0xFF, count: 2_000)
            for round in 0..<200 {
                var key = Array(full[..<32])
                if round % 2 == 1 { key[0] = UInt8(round) }
                var message = Array(full[..<(500 + random.next(below: 1_500))])
                if round % 3 == 1 { message[random.next(below: message.count)] = 0xFB }
                let expected = Poly1305Reference.tag(key: key, message: message)
                EveryLevel.each { level in #expect(authenticate(key, [message]) == expected, "\(level), round \(round)")
                }
            }
        }

        @Test func piecesOfAnyLength() {
            var random = Bytes(seed: 3)
            for round in 0..<100 {
                let (key, message) = (random.take(32), random.take(random.next(below: 9_000)))
                let expected = Poly1305Reference.tag(key: key, message: message)
                var pieces: [[UInt8]] = [[]]
                var start = 0
                while start < message.count {
                    let end = min(message.count, start + random.next(below: round % 2 == 0 ? 40 : 2_500))
                    pieces.append(Array(message[start..<end]))
                    start = end
                }
                EveryLevel.each { level in #expect(authenticate(key, pieces) == expected, "\(level), round \(round)") }
            }
        }

        @Test func aLongMessage() {
            var random = Bytes(seed: 4)
            let (key, message) = (random.take(32), random.take(16 << 20 | 5))
            var tags: Set<[UInt8]> = []
            EveryLevel.each { _ in
                tags.insert(authenticate(key, [message]))
                tags.insert(authenticate(key, [Array(message[..<1_000_003]), Array(message[1_000_003...])]))
            }
            #expect(tags.count == 1)
        }

        @Test func theKeyIsWiped() {
            var context = crestic_poly1305()
            var tag = [UInt8](repeating: 0, count: 16)
            // SAFETY: 32 bytes of key, 3 of message and 16 of tag are there for the time of the calls.
            unsafe crestic_poly1305_init(&context, [UInt8](repeating: 0xAB, count: 32))
            unsafe crestic_poly1305_update(&context, [1, 2, 3], 3)
            unsafe crestic_poly1305_final(&context, &tag)
            let left = unsafe withUnsafeBytes(of: &context) { unsafe $0.contains { $0 != 0 } }
            #expect(!left)
        }

        /// By the function that does all at once where there is one piece.
        private func authenticate(_ key: [UInt8], _ pieces: [[UInt8]]) -> [UInt8] {
            var tag = [UInt8](repeating: 0, count: 16)
            // SAFETY: all arrays live for the time of the calls; the key has 32 bytes and the tag 16.
            if pieces.count == 1 {
                unsafe crestic_poly1305(key, pieces[0], pieces[0].count, &tag)
            } else {
                var context = crestic_poly1305()
                unsafe crestic_poly1305_init(&context, key)
                for piece in pieces { unsafe crestic_poly1305_update(&context, piece, piece.count) }
                unsafe crestic_poly1305_final(&context, &tag)
            }
            return tag
        }
    }
}

/// Poly1305 by school arithmetic: 17 digits of a byte, all carries at once.
private enum Poly1305Reference {
    static func tag(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var r = key[..<16].map(UInt32.init) + [0]
        for index in [3, 7, 11, 15] { r[index] &= 15 }
        for index in [4, 8, 12] { r[index] &= 252 }
        var sum = [UInt32](repeating: 0, count: 17)
        for start in stride(from: 0, to: message.count, by: 16) {
            let block = Array(message[start..<min(start + 16, message.count)]) + [1]
            sum = product(added(sum, block.map(UInt32.init) + [UInt32](repeating: 0, count: 17 - block.count)), r)
        }
        // With 5 more the modulus becomes 2^130, which shows in the highest digit.
        let over = added(sum, [5] + [UInt32](repeating: 0, count: 16))
        if over[16] >= 4 { sum = over }
        return added(sum, key[16...].map(UInt32.init) + [0])[..<16].map(UInt8.init(truncatingIfNeeded:))
    }

    private static func added(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        carried((0..<17).map { a[$0] + b[$0] })
    }

    /// Modulo 2^130 - 5, below 2^130 and a little: digits over 136 bits come back times 320, which is 5 · 2^6.
    private static func product(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var digits = [UInt32](repeating: 0, count: 17)
        for i in 0..<17 {
            for j in 0..<17 { digits[(i + j) % 17] += a[i] * b[j] * (i + j < 17 ? 1 : 320) }
        }
        digits = carried(digits)
        while digits[16] >= 4 {
            let over = digits[16] >> 2
            digits[16] &= 3
            digits[0] += 5 * over
            digits = carried(digits)
        }
        return digits
    }

    private static func carried(_ digits: [UInt32]) -> [UInt32] {
        var digits = digits
        for index in 0..<16 {
            digits[index + 1] += digits[index] >> 8
            digits[index] &= 255
        }
        return digits
    }
}
