// SPDX-License-Identifier: Apache-2.0

/// How much of a file is taken in before it is refused.
public struct BundleLimits: Sendable, Equatable {
    /// The largest file, unpacked, in bytes.
    public let fileBytes: Int
    /// The largest single resource, in bytes.
    public let resourceBytes: Int
    /// How deep JSON may be nested.
    public let depth: Int
    /// The most entries of a file.
    public let entries: Int

    /// Limits of one's own.
    public init(
        fileBytes: Int = 256 << 20, resourceBytes: Int = 16 << 20, depth: Int = 64, entries: Int = 1_000_000
    ) {
        self.fileBytes = fileBytes
        self.resourceBytes = resourceBytes
        self.depth = depth
        self.entries = entries
    }

    /// 256 MiB a file, 16 MiB a resource, 64 levels, a million entries.
    public static let standard = BundleLimits()
}
