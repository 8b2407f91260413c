// SPDX-License-Identifier: Apache-2.0

import CRestic
import Foundation
import Testing

/// The loops give the same bytes at every level. Levels hold for the whole process, so these suites take turns.
@Suite(.serialized) struct EveryLevel {
    enum Level: CaseIterable {
        case plain
        case interleaved
        case best

        var value: crestic_level {
            switch self {
            case .plain: CRESTIC_PLAIN
            case .interleaved: CRESTIC_INTERLEAVED
            case .best: CRESTIC_BEST
            }
        }
    }

    /// Does something at each level; the process is back at the best one afterwards.
    static func each(_ body: (Level) throws -> Void) rethrows {
        defer { crestic_force(CRESTIC_BEST) }
        for level in Level.allCases {
            crestic_force(level.value)
            try body(level)
        }
    }

    static func variant(_ kernel: crestic_kernel) -> String {
        // SAFETY: the name is constant and ends in 0.
        unsafe String(cString: crestic_variant(kernel))
    }

    @Test func plainIsPlain() {
        defer { crestic_force(CRESTIC_BEST) }
        crestic_force(CRESTIC_PLAIN)
        #expect([CRESTIC_RABIN, CRESTIC_SHA256, CRESTIC_POLY1305].map(Self.variant) == ["plain", "plain", "plain"])
        crestic_force(CRESTIC_INTERLEAVED)
        #expect(Self.variant(CRESTIC_RABIN) == "interleaved")
    }

    /// Otherwise the suites beside this one would compare plain C with itself.
    @Test func whatTheProcessorHasIsUsed() throws {
        let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let flags = Set(line.split(whereSeparator: { " \t:".contains($0) }))
        crestic_force(CRESTIC_BEST)
        let wide = flags.isSuperset(of: ["avx512f", "avx512bw"])
        let sha256 = (flags.contains("sha_ni") ? ["sha-ni"] : []) + (wide ? ["avx512"] : [])
        #expect(Self.variant(CRESTIC_SHA256) == (sha256.isEmpty ? "plain" : sha256.joined(separator: " and ")))
        #expect((Self.variant(CRESTIC_POLY1305) == "ifma-avx512") == flags.contains("avx512ifma"))
        let gfni = flags.isSuperset(of: ["gfni", "avx512bw", "vpclmulqdq"])
        #expect(Self.variant(CRESTIC_RABIN) == (gfni ? "gfni-avx512" : "interleaved"))
    }
}

/// Marsaglia's xorshift: the same bytes in every run.
struct Bytes {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed == 0 ? 1 : seed
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// 0..<bound
    mutating func next(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// Each word little-endian.
    mutating func take(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = next()
            for shift in 0..<8 as Range<UInt64> { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

func bytes(hex text: String) throws -> [UInt8] {
    let digits = try text.filter { $0 != " " }.map { try #require($0.hexDigitValue) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
