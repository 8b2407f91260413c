// SPDX-License-Identifier: Apache-2.0

/// How large and how deep a JSON text may be before it is refused.
public struct JSONLimits: Sendable, Equatable {
    /// The largest document, in bytes; never above 2³²−1, because offsets are kept in 32 bits.
    public let bytes: Int
    /// How many arrays and objects may be open inside one another, 1 to 2,048.
    public let depth: Int
    /// The most values (member names count as one each); a value costs 16 bytes of memory.
    public let values: Int

    /// Limits of one's own; numbers outside the possible are brought to the nearest possible one.
    public init(bytes: Int = 256 << 20, depth: Int = 64, values: Int = 32_000_000) {
        self.bytes = min(max(bytes, 0), Int(UInt32.max))
        self.depth = min(max(depth, 1), 2_048)
        self.values = min(max(values, 1), Int(UInt32.max))
    }

    /// 256 MiB, 64 levels, 32 million values.
    public static let standard = JSONLimits()
}
