// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// Contexts for compressing, sealing and opening again, one for each thread that does.
final class BlobWorkers: Sendable {
    private let workers: [Worker]
    private let repository: Repository
    private let compression: Compression

    private final class Worker: Sendable {
        let sealer = Mutex<BlobSealer?>(nil)
    }

    init(_ repository: Repository, _ compression: Compression, count: Int) {
        (self.repository, self.compression) = (repository, compression)
        workers = (0..<max(1, count)).map { _ in Worker() }
    }

    /// The stored form of a blob, which was opened again and is what it was made of.
    struct Sealed: Sendable {
        let id: ObjectID
        let bytes: [UInt8]
        let uncompressedLength: UInt32
    }

    func seal(_ content: [UInt8], _ type: BlobType) throws -> Sealed {
        try with { sealer in
            var (stored, generator): ([UInt8], _) = ([], SystemRandomNumberGenerator())
            let length = try sealer.seal(content.span, type, using: &generator, into: &stored)
            let id = try sealer.prove(stored.span, type, uncompressedLength: length, of: content.span)
            return Sealed(id: id, bytes: stored, uncompressedLength: length)
        }
    }

    /// With what long texts of folders are packed; nil in version 1.
    var packing: Compression? { repository.config.version == .two ? compression : nil }

    func seal(_ text: PackedText) throws -> Sealed {
        try with { sealer in
            var generator = SystemRandomNumberGenerator()
            let stored = try sealer.seal(text, using: &generator)
            return Sealed(id: text.id, bytes: stored, uncompressedLength: UInt32(text.count))
        }
    }

    /// The stored forms of parts of `content`, one behind another; each was opened again.
    func seal(
        _ parts: [(id: ObjectID, range: Range<Int>)], of content: [UInt8]
    ) throws -> (blobs: [PackedBlob], stored: [UInt8]) {
        guard !parts.isEmpty else { return ([], []) }
        return try with { sealer in
            var (blobs, stored, opened): ([PackedBlob], [UInt8], [UInt8]) = ([], [], [])
            var generator = SystemRandomNumberGenerator()
            for (id, range) in parts {
                let start = stored.count
                let length = try sealer.seal(content.span.extracting(range), .data, using: &generator, into: &stored)
                blobs.append(
                    PackedBlob(
                        BlobHandle(.data, id), offset: UInt32(start), length: UInt32(stored.count - start),
                        uncompressedLength: length))
            }
            opened.reserveCapacity(content.count)
            for place in sealer.open(stored.span, from: 0, blobs, into: &opened) { _ = try place.get() }
            return (blobs, stored)
        }
    }

    func open(_ stored: [UInt8], _ blob: PackedBlob) throws -> [UInt8] {
        try with { sealer in try sealer.open(stored.span, blob) }
    }

    /// Whether a stored blob is what its id says.
    ///
    /// - Throws: `FormatError`.
    func prove(_ stored: [UInt8], _ blob: PackedBlob) throws {
        try with { sealer in
            // The text of a large folder stays packed.
            switch blob.handle.type {
            case .tree: _ = try sealer.text(of: stored, blob)
            case .data: _ = try sealer.open(stored.span, blob)
            }
        }
    }

    /// Where nobody else works, and only where somebody works everywhere, behind another.
    private func with<Value: Sendable>(_ work: @Sendable (inout BlobSealer) throws -> Value) throws -> Value {
        for worker in workers {
            if let value = try worker.sealer.withLockIfAvailable({ try use(&$0, work) }) { return value }
        }
        return try workers[0].sealer.withLock { try use(&$0, work) }
    }

    private func use<Value: Sendable>(
        _ kept: inout BlobSealer?, _ work: @Sendable (inout BlobSealer) throws -> Value
    ) throws -> Value {
        var sealer =
            try kept.take()
            ?? BlobSealer(repository.key, version: repository.config.version, compression: compression)
        let value = Result { try work(&sealer) }
        kept = consume sealer
        return try value.get()
    }
}
