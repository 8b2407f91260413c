// SPDX-License-Identifier: Apache-2.0

/// How large and how deep a text of policies may be before it is refused.
public struct SyntaxLimits: Sendable, Equatable {
    /// The largest text, in bytes.
    public let bytes: Int
    /// How many brackets and conditionals may be open inside one another, 1 to 128.
    public let nesting: Int
    /// How high an expression may be as a tree, 1 to 1,000: a row of `||` is as high as it has operands.
    public let height: Int

    /// Limits of one's own; numbers outside the possible are brought to the nearest possible one.
    public init(bytes: Int = 16 << 20, nesting: Int = 128, height: Int = 1_000) {
        self.bytes = max(bytes, 0)
        self.nesting = min(max(nesting, 1), 128)
        self.height = min(max(height, 1), 1_000)
    }

    /// 16 MiB, 128 levels, trees of 1,000.
    public static let standard = SyntaxLimits()
}
