// SPDX-License-Identifier: Apache-2.0

/// The 24 bytes that make a message's keys its own. A salt must never repeat under one input key; it is not secret.
public struct Salt24: Equatable, Sendable {
    /// Bytes of a salt.
    public static let byteCount = 24

    /// The salt as it stands at the start of the ciphertext.
    public let bytes: [UInt8]

    /// A salt that was chosen elsewhere.
    /// - Throws: `saltLength` unless there are 24 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(ChunkedEncryptionError) {
        guard bytes.count == Self.byteCount else { throw .saltLength }
        self.bytes = Array(bytes)
    }

    /// A random salt: outside of tests, pass `SystemRandomNumberGenerator`.
    public init(using generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for _ in 0..<Self.byteCount / 8 {
            let word: UInt64 = generator.next()
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        self.bytes = bytes
    }
}
