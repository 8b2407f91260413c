// SPDX-License-Identifier: Apache-2.0

import CRestic

/// A SHA-256 (FIPS 180-4) of bytes that come in pieces.
public struct SHA256Stream: Sendable {
    private var state = crestic_sha256()

    /// The hash of nothing yet.
    public init() {
        unsafe crestic_sha256_init(&state)
    }

    /// Adds bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe crestic_sha256_update(&state, bytes.baseAddress, bytes.count)
        }
    }

    /// Adds bytes to two hashes at once, in the time of little more than one.
    public static func update(
        _ first: inout SHA256Stream, _ one: Span<UInt8>, _ second: inout SHA256Stream, _ other: Span<UInt8>
    ) {
        unsafe one.withUnsafeBufferPointer { one in
            unsafe other.withUnsafeBufferPointer { other in
                unsafe crestic_sha256_update2(
                    &first.state, one.baseAddress, one.count, &second.state, other.baseAddress, other.count)
            }
        }
    }

    /// The hash of everything that was added. Further pieces may follow.
    public func finish() -> ObjectID {
        var copy = state
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { bytes in
            unsafe crestic_sha256_final(&copy, bytes.baseAddress)
        }
        return ObjectID(digest: digest)
    }
}
