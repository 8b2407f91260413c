// SPDX-License-Identifier: Apache-2.0

enum Bytes {
    /// Whether two are the same, for much of both that most likely is: all of it is looked at, which goes many at a time.
    static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        return unsafe one.withUnsafeBufferPointer { one in
            unsafe other.withUnsafeBufferPointer { other in
                var difference: UInt8 = 0
                // SAFETY: both are equally long.
                for place in 0..<one.count { unsafe difference |= one[place] ^ other[place] }
                return difference == 0
            }
        }
    }
}
