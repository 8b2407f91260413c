// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// Stores blobs that a repository does not have: hashed, compressed, sealed and opened again on several threads, then
/// packed.
final class BlobStore: Sendable {
    let index: LoadedIndex
    private let writer: PackWriter
    private let workers: [BlobWorker]
    private let next = Atomic(0)

    init(
        _ repository: Repository, _ index: LoadedIndex, compression: Compression = .auto, workers count: Int = 2,
        packSize: Int = PackWriter.standardSize
    ) throws {
        self.index = index
        writer = PackWriter(repository, index, size: packSize)
        workers = try (0..<max(1, count)).map { _ in
            try BlobWorker(repository.key, version: repository.config.version, compression)
        }
    }

    /// What became of a blob.
    struct Stored: Sendable {
        let id: ObjectID
        /// Bytes of it that were added, sealed; 0 where the repository had it.
        let packed: Int
        let isNew: Bool
    }

    /// Stores a blob unless it is there.
    ///
    /// - Throws: `CancellationError` when the work is to end, for instance because its lock was lost.
    func store(_ content: [UInt8], _ type: BlobType) async throws -> Stored {
        try Task.checkCancellation()
        let worker = worker()
        let id = await worker.id(of: content)
        let handle = BlobHandle(type, id)
        guard index.claim(handle) else { return Stored(id: id, packed: 0, isNew: false) }
        do {
            let (stored, length) = try await worker.seal(content, handle)
            try await writer.add(handle, stored, uncompressedLength: length)
            return Stored(id: id, packed: stored.count, isNew: true)
        } catch {
            index.giveUp(handle)
            throw error
        }
    }

    /// Takes over a blob of the same repository in its stored form, after it was opened.
    ///
    /// - Parameter compresses: whether data that is not compressed is compressed now; folders always are.
    /// - Throws: `FormatError` when it is damaged.
    func adopt(_ stored: [UInt8], _ blob: PackedBlob, compresses: Bool) async throws {
        try Task.checkCancellation()
        guard index.claim(blob.handle) else { return }
        do {
            let worker = worker()
            let content = try await worker.open(stored, blob)
            guard blob.uncompressedLength == 0, compresses || blob.handle.type == .tree else {
                return try await writer.add(blob.handle, stored, uncompressedLength: blob.uncompressedLength)
            }
            let (sealed, length) = try await worker.seal(content, blob.handle)
            try await writer.add(blob.handle, sealed, uncompressedLength: length)
        } catch {
            index.giveUp(blob.handle)
            throw error
        }
    }

    private func worker() -> BlobWorker {
        let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
        return workers[Int(turn.magnitude % workers.count.magnitude)]
    }

    /// Makes everything durable that was stored.
    func flush() async throws {
        try Task.checkCancellation()
        try await writer.flush()
    }
}

/// One thread's contexts for hashing, compressing and sealing.
private actor BlobWorker {
    private var sealer: BlobSealer
    private var generator = SystemRandomNumberGenerator()

    init(_ key: MasterKey, version: RepositoryVersion, _ compression: Compression) throws {
        sealer = try BlobSealer(key, version: version, compression: compression)
    }

    func id(of content: [UInt8]) -> ObjectID {
        ObjectID(hashing: content)
    }

    func open(_ stored: [UInt8], _ blob: PackedBlob) throws -> [UInt8] {
        try sealer.open(stored.span, blob)
    }

    /// The stored form, which was opened again: memory that flips a bit must not make a backup that does not restore.
    func seal(_ content: [UInt8], _ handle: BlobHandle) throws -> (stored: [UInt8], uncompressedLength: UInt32) {
        var stored: [UInt8] = []
        let length = try sealer.seal(content.span, handle.type, using: &generator, into: &stored)
        let blob = PackedBlob(handle, offset: 0, length: UInt32(stored.count), uncompressedLength: length)
        _ = try sealer.open(stored.span, blob)
        return (stored, length)
    }
}
