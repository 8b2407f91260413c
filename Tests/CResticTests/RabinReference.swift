// SPDX-License-Identifier: Apache-2.0

/// A chunker as restic's own program text has it, a byte at a time with a ring of 64, and polynomials by the definition.
struct RabinReference {
    static let least = 512 << 10
    static let greatest = 8 << 20

    private let leaving: [UInt64]
    private let reducing: [UInt64]

    init(polynomial: UInt64) {
        leaving = (0..<256).map { byte in
            (0..<63).reduce(Self.remainder(UInt64(byte), polynomial)) { hash, _ in Self.remainder(hash << 8, polynomial)
            }
        }
        reducing = (0..<256).map { byte in
            Self.remainder(UInt64(byte) << 53, polynomial) | UInt64(byte) << 53
        }
    }

    /// The lengths of the chunks of a file.
    func chunks(_ data: [UInt8]) -> [Int] {
        var lengths: [Int] = []
        var start = 0
        while start < data.count {
            let length = firstChunk(data[start...])
            lengths.append(length)
            start += length
        }
        return lengths
    }

    private func firstChunk(_ data: ArraySlice<UInt8>) -> Int {
        var window = [UInt8](repeating: 0, count: 64)
        var position = 0
        var digest: UInt64 = 0
        func slide(_ byte: UInt8) {
            digest ^= leaving[Int(window[position])]
            window[position] = byte
            position = (position + 1) % 64
            digest = (digest << 8 | UInt64(byte)) ^ reducing[Int(digest >> 45)]
        }
        slide(1)
        var length = Self.least - 64
        for byte in data.dropFirst(length) {
            slide(byte)
            length += 1
            if length >= Self.least, digest & 0xF_FFFF == 0 || length >= Self.greatest { return length }
        }
        return data.count
    }

    /// By the definition: the bytes are a polynomial, and this is what is left of it.
    static func fingerprint(_ bytes: [UInt8], _ polynomial: UInt64) -> UInt64 {
        bytes.reduce(0) { remainder($0 << 8 | UInt64($1), polynomial) }
    }

    static func degree(_ polynomial: UInt64) -> Int {
        63 - polynomial.leadingZeroBitCount
    }

    static func remainder(_ polynomial: UInt64, _ divisor: UInt64) -> UInt64 {
        var rest = polynomial
        while degree(rest) >= degree(divisor) { rest ^= divisor << UInt64(degree(rest) - degree(divisor)) }
        return rest
    }

    /// By trying every divisor.
    static func isIrreducible(_ polynomial: UInt64) -> Bool {
        let degree = degree(polynomial)
        guard degree >= 1 else { return false }
        return !(2..<UInt64(1) << UInt64(degree / 2 + 1)).contains { remainder(polynomial, $0) == 0 }
    }
}
