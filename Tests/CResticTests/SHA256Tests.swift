// SPDX-License-Identifier: Apache-2.0

import CRestic
import Crypto
import Testing

/// SHA-256, alone and beside others, in whatever pieces, at every level.
extension EveryLevel {
    @Suite struct SHA256Tests {
        /// FIPS 180-4's examples, and those of NIST's page of examples beside it.
        @Test(arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                    + "mnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
        func published(message: String, hash: String) {
            EveryLevel.each { level in
                #expect(hex(Hash.of([Array(message.utf8)])) == hash, "\(level)")
                #expect(hex(Hash.many([Array(message.utf8)][...])[0]) == hash, "\(level)")
            }
        }

        @Test func aMillionLetters() {
            let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
            EveryLevel.each { level in
                let hash = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
                #expect(hex(Hash.of([message])) == hash, "\(level)")
            }
        }

        @Test func everyLengthAtEveryStart() {
            var random = Bytes(seed: 1)
            let data = random.take(400)
            for length in 0...320 {
                let start = length % 17
                let message = Array(data[start..<start + length])
                let expected = hex(SHA256.hash(data: message))
                EveryLevel.each { level in
                    #expect(hex(Hash.of([message])) == expected, "\(level), \(length) bytes")
                    #expect(hex(Hash.of([Array(message.prefix(70)), Array(message.dropFirst(70))])) == expected)
                }
            }
        }

        /// Two and three contexts, each message of its own length in pieces of their own lengths.
        @Test func messagesSideBySide() {
            var random = Bytes(seed: 2)
            for round in 0..<120 {
                let messages = (0..<3).map { _ in random.take(random.next(below: round % 10 == 0 ? 20_000 : 700)) }
                let expected = messages.map { hex(SHA256.hash(data: $0)) }
                EveryLevel.each { level in
                    var contexts = [crestic_sha256](repeating: Hash.begin(), count: 3)
                    var done = [0, 0, 0]
                    while zip(done, messages).contains(where: { $0 < $1.count }) {
                        let pieces = (0..<3).map { index in
                            messages[index].dropFirst(done[index]).prefix(random.next(below: 300))
                        }
                        for index in 0..<3 { done[index] += pieces[index].count }
                        Hash.update(&contexts, pieces.map(Array.init), pairs: random.next(below: 2) == 0)
                    }
                    #expect(contexts.map { hex(Hash.end($0)) } == expected, "\(level), round \(round)")
                }
            }
        }

        @Test func manyMessages() {
            var random = Bytes(seed: 3)
            let messages = (0..<300).map { index -> [UInt8] in
                random.take(index % 7 == 0 ? index % 2 : random.next(below: index % 11 == 0 ? 9_000 : 260))
            }
            let expected = messages.map { hex(SHA256.hash(data: $0)) }
            EveryLevel.each { level in
                for count in [0, 1, 2, 3, 4, 15, 16, 17, 33, 300] {
                    #expect(Hash.many(messages[..<count]).map(hex) == Array(expected[..<count]), "\(level), \(count)")
                }
            }
        }

        @Test func longMessages() {
            var random = Bytes(seed: 4)
            let messages = [random.take(16 << 20), random.take(5 << 20 | 1), random.take(7 << 20 | 63)]
            let expected = messages.map { hex(SHA256.hash(data: $0)) }
            EveryLevel.each { level in
                var contexts = [crestic_sha256](repeating: Hash.begin(), count: 3)
                Hash.update(&contexts, messages, pairs: false)
                #expect(contexts.map { hex(Hash.end($0)) } == expected, "\(level)")
                #expect(Hash.many(messages[...]).map(hex) == expected, "\(level)")
            }
        }
    }
}

private enum Hash {
    static func begin() -> crestic_sha256 {
        var context = crestic_sha256()
        // SAFETY: the pointers of this enum live for the time of the call that they are made for, and the lengths beside
        // them are those of their arrays.
        unsafe crestic_sha256_init(&context)
        return context
    }

    static func end(_ context: crestic_sha256) -> [UInt8] {
        var context = context
        var hash = [UInt8](repeating: 0, count: 32)
        unsafe crestic_sha256_final(&context, &hash)
        return hash
    }

    static func of(_ pieces: [[UInt8]]) -> [UInt8] {
        var context = begin()
        for piece in pieces { unsafe crestic_sha256_update(&context, piece, piece.count) }
        return end(context)
    }

    /// Three pieces into three contexts: all at once, or two of them and the third alone.
    static func update(_ contexts: inout [crestic_sha256], _ pieces: [[UInt8]], pairs: Bool) {
        var (a, b, c) = (contexts[0], contexts[1], contexts[2])
        let counts = pieces.map(\.count)
        if pairs {
            unsafe crestic_sha256_update2(&c, pieces[2], counts[2], &a, pieces[0], counts[0])
            unsafe crestic_sha256_update(&b, pieces[1], counts[1])
        } else {
            unsafe crestic_sha256_update3(&a, pieces[0], counts[0], &b, pieces[1], counts[1], &c, pieces[2], counts[2])
        }
        contexts = [a, b, c]
    }

    static func many(_ messages: ArraySlice<[UInt8]>) -> [[UInt8]] {
        let lengths = messages.map(\.count)
        let joined = messages.flatMap { $0 }
        var hashes = [UInt8](repeating: 0, count: 32 * messages.count)
        unsafe joined.withUnsafeBufferPointer { buffer in
            var starts: [UnsafePointer<UInt8>?] = unsafe []
            var start = 0
            for length in lengths {
                unsafe starts.append(length == 0 ? nil : buffer.baseAddress.map { unsafe $0 + start })
                start += length
            }
            unsafe hashes.withUnsafeMutableBytes { bytes in
                let rows = unsafe bytes.baseAddress?.assumingMemoryBound(to: Row.self)
                unsafe crestic_sha256_many(starts, lengths, lengths.count, rows)
            }
        }
        return (0..<messages.count).map { Array(hashes[32 * $0..<32 * ($0 + 1)]) }
    }

    // What C calls uint8_t[32].
    private typealias Row = (
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )
}
