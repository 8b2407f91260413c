// SPDX-License-Identifier: Apache-2.0

import CRestic
import Testing

extension EveryLevel {
    /// scryptROMix, held to the example of RFC 7914 section 10 and, for other sizes, to the definition written out.
    @Suite struct ScryptTests {
        private static func mixed(_ lane: [UInt8], blockSize: Int, cost: UInt64) -> [UInt8] {
            var lane = lane
            var memory = Array(repeating: UInt8(0xA5), count: crestic_scrypt_memory(blockSize, cost) + 1)
            unsafe lane.withUnsafeMutableBufferPointer { lane in
                unsafe memory.withUnsafeMutableBufferPointer { memory in
                    // SAFETY: both are as long as the header asks for; the odd place tries memory that is not aligned.
                    unsafe crestic_scrypt_mix(
                        lane.baseAddress.unsafelyUnwrapped, nil, blockSize, cost,
                        memory.baseAddress.unsafelyUnwrapped + 1)
                }
            }
            #expect(memory.dropFirst().allSatisfy { $0 == 0 })
            return lane
        }

        /// Two lanes that are mixed at once.
        private static func mixed(_ pair: [UInt8], pairOf blockSize: Int, cost: UInt64) -> [UInt8] {
            var pair = pair
            var memory = Array(repeating: UInt8(0xA5), count: crestic_scrypt_memory(blockSize, cost))
            unsafe pair.withUnsafeMutableBufferPointer { pair in
                unsafe memory.withUnsafeMutableBufferPointer { memory in
                    let lane = unsafe pair.baseAddress.unsafelyUnwrapped
                    // SAFETY: all are as long as the header asks for.
                    unsafe crestic_scrypt_mix(
                        lane, lane + 128 * blockSize, blockSize, cost, memory.baseAddress.unsafelyUnwrapped)
                }
            }
            return pair
        }

        @Test(arguments: [(1, 2), (1, 1_024), (3, 64), (8, 256)])
        func twoLanesDoNotMindEachOther(blockSize: Int, cost: Int) {
            var random = Bytes(seed: UInt64(blockSize + cost))
            let (one, other) = (random.take(128 * blockSize), random.take(128 * blockSize))
            let expected = Self.plain(one, blockSize, cost) + Self.plain(other, blockSize, cost)
            EveryLevel.each { _ in
                #expect(Self.mixed(one + other, pairOf: blockSize, cost: UInt64(cost)) == expected)
            }
        }

        @Test func theExampleOfTheStandard() throws {
            let input = try bytes(
                hex: """
                    f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad89f68f4811d1e87bcc3bd7400a9ffd29\
                    094f0184639574f39ae5a1315217bcd7894991447213bb226c25b54da86370fbcd984380374666bb8ffcb5bf40c254b0\
                    67d27c51ce4ad5fed829c90b505a571b7f4d1cad6a523cda770e67bceaaf7e89
                    """)
            let output = """
                79ccc193629debca047f0b70604bf6b62ce3dd4a9626e355fafc6198e6ea2b46d58413673b99b029d665c357601fb426\
                a0b2f4bba200ee9f0a43d19b571a9c71ef1142e65d5a266fddca832ce59faa7cac0b9cf1be2bffca300d01ee387619c4\
                ae12fd4438f203a0e4e1c47ec314861f4e9087cb33396a6873e8f9d2539a4b8e
                """
            EveryLevel.each { _ in #expect(hex(Self.mixed(input, blockSize: 1, cost: 16)) == output) }
        }

        @Test(arguments: [(1, 2), (1, 1_024), (3, 64), (8, 256)])
        func otherSizes(blockSize: Int, cost: Int) {
            var random = Bytes(seed: UInt64(blockSize * cost))
            let lane = random.take(128 * blockSize)
            let expected = Self.plain(lane, blockSize, cost)
            EveryLevel.each { _ in
                #expect(Self.mixed(lane, blockSize: blockSize, cost: UInt64(cost)) == expected)
            }
        }

        // MARK: The definition

        private static func plain(_ lane: [UInt8], _ blockSize: Int, _ cost: Int) -> [UInt8] {
            var (now, kept) = (lane, [[UInt8]]())
            for _ in 0..<cost {
                kept.append(now)
                now = mix(now, blockSize)
            }
            for _ in 0..<cost {
                let last = (2 * blockSize - 1) * 64
                let place = (Int(now[last]) | Int(now[last + 1]) << 8 | Int(now[last + 2]) << 16) % cost
                now = mix(zip(now, kept[place]).map { $0 ^ $1 }, blockSize)
            }
            return now
        }

        private static func mix(_ blocks: [UInt8], _ blockSize: Int) -> [UInt8] {
            var sum = Array(blocks.suffix(64))
            var (even, odd) = ([UInt8](), [UInt8]())
            for number in 0..<2 * blockSize {
                sum = salsa(zip(sum, blocks[number * 64..<number * 64 + 64]).map { $0 ^ $1 })
                if number % 2 == 0 { even += sum } else { odd += sum }
            }
            return even + odd
        }

        private static func salsa(_ block: [UInt8]) -> [UInt8] {
            let words = (0..<16).map { place in
                (0..<4).reduce(UInt32(0)) { $0 | UInt32(block[place * 4 + $1]) << UInt32($1 * 8) }
            }
            var x = words
            let quarter = { (a: Int, b: Int, c: Int, d: Int) in
                for (target, one, other, count) in [(b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)] {
                    let sum = x[one] &+ x[other]
                    x[target] ^= sum << UInt32(count) | sum >> UInt32(32 - count)
                }
            }
            for _ in 0..<4 {
                for (a, b, c, d) in [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)] {
                    quarter(a, b, c, d)
                }
                for (a, b, c, d) in [(0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)] {
                    quarter(a, b, c, d)
                }
            }
            return zip(x, words).map(&+).flatMap { word in
                (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) }
            }
        }
    }
}
