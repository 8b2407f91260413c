// SPDX-License-Identifier: Apache-2.0

/// The two kinds of blob.
public enum BlobType: UInt8, Sendable, Hashable, CaseIterable {
    /// A part of a file.
    case data = 0
    /// A folder.
    case tree = 1

    /// Its name in an index.
    public var name: String { self == .data ? "data" : "tree" }
}

/// What a blob is known by.
public struct BlobHandle: Hashable, Sendable {
    /// The SHA-256 of its content.
    public let id: ObjectID
    /// Whether it is a part of a file or a folder.
    public let type: BlobType

    /// Of these parts.
    public init(_ type: BlobType, _ id: ObjectID) {
        (self.id, self.type) = (id, type)
    }
}

/// Where a blob lies in its pack, and how long it is.
public struct PackedBlob: Hashable, Sendable {
    /// Which blob it is.
    public let handle: BlobHandle
    /// In bytes from the pack's beginning.
    public let offset: UInt32
    /// Of the sealed form, in bytes.
    public let length: UInt32
    /// Of the content, in bytes, if it was compressed; else 0.
    public let uncompressedLength: UInt32

    /// Of these parts.
    public init(_ handle: BlobHandle, offset: UInt32, length: UInt32, uncompressedLength: UInt32 = 0) {
        (self.handle, self.offset, self.length) = (handle, offset, length)
        self.uncompressedLength = uncompressedLength
    }

    /// Bytes of the content.
    public var contentLength: Int {
        uncompressedLength > 0 ? Int(uncompressedLength) : max(0, Int(length) - Sealer.overhead)
    }

    /// Bytes of its entry in the pack's header.
    public var entryLength: Int { uncompressedLength > 0 ? 41 : 37 }
}
