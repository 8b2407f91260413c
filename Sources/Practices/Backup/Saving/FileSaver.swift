// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Reads a file and stores its parts.
struct FileSaver: Sendable {
    let store: BlobStore
    let chunker: Chunker
    let progress: BackupProgress

    /// How often a file that changes while it is read is read anew before it is taken as it is.
    static let attempts = 3
    /// How many parts of one file are on their way at a time, and how many bytes of them: this bounds the memory.
    private static let (partsUnderway, bytesUnderway) = (3, 6 << 20)

    /// What became of a file.
    struct Saved: Sendable {
        let content: [ObjectID]
        let status: SourceStatus
        var size: Int64 = 0
        var stored = Counts()
        /// Whether it changed each time that it was read: what is stored may be a mixture of before and after.
        var isTorn = false
    }

    struct Counts: Sendable, Equatable {
        var blobs = 0
        var added = 0
        var packed = 0
    }

    /// Stores the file `name` of an open folder.
    ///
    /// - Throws: `SystemError`; `SaveError.notAFile` when it is something else by now.
    func save(_ name: [UInt8], in folder: Int32) async throws -> Saved {
        var saved: Saved?
        for _ in 0..<Self.attempts {
            let (attempt, isWhole) = try await read(name, in: folder)
            saved = attempt
            if isWhole { return attempt }
        }
        guard var saved else { throw SaveError.notAFile }
        saved.isTorn = true
        return saved
    }

    private func read(_ name: [UInt8], in folder: Int32) async throws -> (Saved, isWhole: Bool) {
        // Nobody waits for the other end of a pipe that took the file's place.
        let file = OpenFile(try Descriptor(opening: name, in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY))
        let before = try file.descriptor.status()
        guard before.type == .file else { throw SaveError.notAFile }
        var saved = try await parts(of: file, before)
        let after = try file.descriptor.status()
        saved.size = before.size
        return (saved, before.isSameContent(as: after))
    }

    private func parts(of file: OpenFile, _ status: SourceStatus) async throws -> Saved {
        var reader = PartReader(file, chunker, expected: Int(clamping: status.size))
        guard let first = try reader.next() else { return Saved(content: [], status: status) }
        guard let second = try reader.next() else {
            let stored = try await store(first)
            return Saved(content: [stored.id], status: status, stored: Self.counts([(first.count, stored)]))
        }
        return try await many(first, second, reader, status)
    }

    private func many(
        _ first: [UInt8], _ second: [UInt8], _ reader: consuming PartReader, _ status: SourceStatus
    ) async throws -> Saved {
        var reader = reader
        var waiting: [[UInt8]] = [first, second]
        return try await withThrowingTaskGroup(of: (Int, Int, BlobStore.Stored).self) { group in
            var results: [Int: (Int, BlobStore.Stored)] = [:]
            var (count, underway, bytes) = (0, 0, 0)
            while true {
                let part = try waiting.isEmpty ? reader.next() : waiting.removeFirst()
                guard let part else { break }
                while underway == Self.partsUnderway || underway > 0 && bytes + part.count > Self.bytesUnderway,
                    let (number, length, stored) = try await group.next()
                {
                    results[number] = (length, stored)
                    (underway, bytes) = (underway - 1, bytes - length)
                }
                group.addTask { [count] in (count, part.count, try await store(part)) }
                (count, underway, bytes) = (count + 1, underway + 1, bytes + part.count)
            }
            for try await (number, length, stored) in group { results[number] = (length, stored) }
            let ordered = (0..<count).compactMap { results[$0] }
            return Saved(content: ordered.map(\.1.id), status: status, stored: Self.counts(ordered))
        }
    }

    private func store(_ part: [UInt8]) async throws -> BlobStore.Stored {
        let stored = try await store.store(part, .data)
        progress.add(bytes: part.count)
        return stored
    }

    static func counts(_ parts: [(Int, BlobStore.Stored)]) -> Counts {
        var counts = Counts()
        for (length, stored) in parts where stored.isNew {
            counts.blobs += 1
            counts.added += length
            counts.packed += stored.packed
        }
        return counts
    }
}

/// Why something was not saved.
enum SaveError: Error, Equatable, CustomStringConvertible {
    /// It was a file when it was looked at, and is none now.
    case notAFile
    /// A kind of thing that no backup keeps.
    case unknownType
    /// A file of the store that this process has open.
    case ownStore

    var description: String {
        switch self {
        case .notAFile: "it was replaced by something that is no file"
        case .unknownType: "it is of a kind that cannot be saved"
        case .ownStore: "it belongs to the store of Salus, which is backed up as Salus itself and not as a file"
        }
    }
}

/// An open file that several steps share.
final class OpenFile: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }
}
