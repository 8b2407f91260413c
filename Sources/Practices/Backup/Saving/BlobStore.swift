// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// Stores blobs that a repository does not have: hashed, compressed, sealed and opened again on several threads, then
/// packed.
final class BlobStore: Sendable {
    let index: LoadedIndex
    private let writer: PackWriter
    private let workers: BlobWorkers
    /// How many long parts in a row were new.
    private let newInARow = Atomic(0)

    init(
        _ repository: Repository, _ index: LoadedIndex, compression: Compression = .auto,
        workers count: Int = Workers.processorCount,
        packSize: Int = PackWriter.standardSize
    ) throws {
        self.index = index
        writer = PackWriter(repository, index, size: packSize)
        workers = BlobWorkers(repository, compression, count: count)
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
        if content.count >= Self.long, type == .data, newInARow.load(ordering: .relaxed) >= Self.row {
            return try await storeUnasked(content, type)
        }
        let id = ObjectID(hashing: content)
        let handle = BlobHandle(type, id)
        guard index.claim(handle) else { return known(id) }
        return try await add(handle) {
            let sealed = try workers.seal(content, type)
            guard sealed.id == id else { throw FormatError.wrongHash(type == .tree ? .tree : .blob) }
            return sealed
        }
    }

    /// A part so long that its hash costs as much as sealing it, in bytes.
    private static let long = 256 << 10
    /// After so many new ones the next is taken for a new one too.
    private static let row = 8

    /// Stores a blob that is most likely new: it is sealed first, and gets its id when it is opened again, so that it is
    /// hashed once and not twice.
    private func storeUnasked(_ content: [UInt8], _ type: BlobType) async throws -> Stored {
        let sealed = try workers.seal(content, type)
        let handle = BlobHandle(type, sealed.id)
        guard index.claim(handle) else { return known(sealed.id) }
        return try await add(handle) { sealed }
    }

    private func known(_ id: ObjectID) -> Stored {
        newInARow.store(0, ordering: .relaxed)
        return Stored(id: id, packed: 0, isNew: false)
    }

    private func add(_ handle: BlobHandle, _ seal: () throws -> BlobWorkers.Sealed) async throws -> Stored {
        do {
            let sealed = try seal()
            try await writer.add(handle, sealed.bytes, uncompressedLength: sealed.uncompressedLength)
            newInARow.add(1, ordering: .relaxed)
            return Stored(id: handle.id, packed: sealed.bytes.count, isNew: true)
        } catch {
            index.giveUp(handle)
            throw error
        }
    }

    /// With what long texts of folders are packed before they come here; nil for a repository that keeps them unpacked.
    var packing: Compression? { workers.packing }

    /// Stores the text of a folder unless it is there.
    func store(_ text: TreeText) async throws -> Stored {
        switch text {
        case .plain(let text): return try await store(text, .tree)
        case .packed where packing == nil: return try await store(try text.unpacked(), .tree)
        case .packed(let text):
            try Task.checkCancellation()
            let handle = BlobHandle(.tree, text.id)
            guard index.claim(handle) else { return known(text.id) }
            return try await add(handle) { try workers.seal(text) }
        }
    }

    /// Stores small blobs of data together: `parts` of `content`.
    func store(_ parts: [Range<Int>], of content: [UInt8]) async throws -> [Stored] {
        try Task.checkCancellation()
        let ids = ObjectID.hashing(parts, of: content.span)
        let new = ids.indices.filter { index.claim(BlobHandle(.data, ids[$0])) }
        do {
            let (blobs, stored) = try workers.seal(new.map { (ids[$0], parts[$0]) }, of: content)
            try await writer.add(blobs, stored)
            var result = ids.map { Stored(id: $0, packed: 0, isNew: false) }
            for (number, blob) in zip(new, blobs) {
                result[number] = Stored(id: ids[number], packed: Int(blob.length), isNew: true)
            }
            return result
        } catch {
            for number in new { index.giveUp(BlobHandle(.data, ids[number])) }
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
            guard blob.uncompressedLength == 0, compresses || blob.handle.type == .tree else {
                try workers.prove(stored, blob)
                return try await writer.add(blob.handle, stored, uncompressedLength: blob.uncompressedLength)
            }
            let content = try workers.open(stored, blob)
            let sealed = try workers.seal(content, blob.handle.type)
            try await writer.add(blob.handle, sealed.bytes, uncompressedLength: sealed.uncompressedLength)
        } catch {
            index.giveUp(blob.handle)
            throw error
        }
    }

    /// Makes everything durable that was stored.
    func flush() async throws {
        try Task.checkCancellation()
        try await writer.flush()
    }
}
