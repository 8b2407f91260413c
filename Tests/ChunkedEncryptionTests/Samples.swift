// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption

/// A small repeatable generator (SplitMix64), so that a failing case can be run again.
struct Repeatable: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// One key, context and salt for all tests of this target.
enum Sample {
    static let context = Array("salus/test".utf8)

    static func key() throws -> InputKey { try InputKey(Array(0..<32)) }

    static func salt() throws -> Salt24 { try Salt24(Array(100..<124)) }

    static func sealed(_ plaintext: [UInt8]) throws -> [UInt8] {
        try key().seal(plaintext, context: context, salt: salt())
    }

    static func message(_ count: Int) -> [UInt8] {
        var generator = Repeatable(state: UInt64(count))
        return generator.bytes(count)
    }
}
