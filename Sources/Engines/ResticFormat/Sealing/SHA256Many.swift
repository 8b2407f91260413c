// SPDX-License-Identifier: Apache-2.0

import CRestic

extension ObjectID {
    /// The ids of parts of `bytes`, hashed side by side: small ones take half of the time that they take one by one.
    ///
    /// - Parameter parts: each within the bytes.
    public static func hashing(_ parts: [Range<Int>], of bytes: Span<UInt8>) -> [ObjectID] {
        for part in parts { precondition(part.lowerBound >= 0 && part.upperBound <= bytes.count) }
        var digests = Array(repeating: UInt8(0), count: parts.count * byteCount)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // An empty message may begin nowhere.
            let starts = unsafe parts.map { part in unsafe bytes.baseAddress.map { unsafe $0 + part.lowerBound } }
            // SAFETY: each message lies within the bytes, and there are 32 bytes of room for each.
            unsafe digests.withUnsafeMutableBytes { room in
                let rows = unsafe room.baseAddress?.assumingMemoryBound(to: Digest.self)
                unsafe crestic_sha256_many(starts, parts.map(\.count), parts.count, rows)
            }
        }
        return parts.indices.map { number in
            ObjectID(digest: InlineArray { digests[number * byteCount + $0] })
        }
    }

    /// 32 bytes, as C has them.
    private typealias Digest = (
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )
}
