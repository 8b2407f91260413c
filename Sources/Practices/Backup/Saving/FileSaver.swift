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
    /// How many parts of one file are on their way at a time: this bounds the memory.
    static let partsUnderway = 3

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
            var (count, underway) = (0, 0)
            while true {
                let part = try waiting.isEmpty ? reader.next() : waiting.removeFirst()
                guard let part else { break }
                if underway == Self.partsUnderway, let (number, length, stored) = try await group.next() {
                    results[number] = (length, stored)
                    underway -= 1
                }
                group.addTask { [count] in (count, part.count, try await store(part)) }
                (count, underway) = (count + 1, underway + 1)
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

    private static func counts(_ parts: [(Int, BlobStore.Stored)]) -> Counts {
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

    var description: String {
        switch self {
        case .notAFile: "it was replaced by something that is no file"
        case .unknownType: "it is of a kind that cannot be saved"
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

/// Gives a file's parts one by one, in a buffer that is as large as the file asks for, and 8 MiB at most.
struct PartReader {
    private let file: OpenFile
    private let chunker: Chunker
    private let expected: Int
    /// Known once the beginning was read.
    private var cutting: Cutting?
    private var buffer: [UInt8]
    private var filled = 0
    private var offset: Int64 = 0
    private var isAtEnd = false

    init(_ file: OpenFile, _ chunker: Chunker, expected: Int) {
        (self.file, self.chunker, self.expected) = (file, chunker, expected)
        // One byte more tells that the file has not grown.
        buffer = Array(repeating: 0, count: min(max(expected, 0) + 1, Chunker.most))
    }

    /// The next part; nil at the end.
    mutating func next() throws -> [UInt8]? {
        var known = 0
        while true {
            if let cut = cut(after: known) { return take(cut) }
            if isAtEnd { return nil }
            known = filled
            try fill()
            if cutting == nil { cutting = chosenCutting() }
        }
    }

    private func cut(after known: Int) -> Int? {
        cutting?.cut(
            buffer.span.extracting(0..<filled), at: offset - Int64(filled), after: known, isLast: isAtEnd)
    }

    private func chosenCutting() -> Cutting {
        let head = buffer.span.extracting(0..<min(filled, FileProfile.headLength))
        return Cutting(FileProfile(head: head, size: Int64(expected)), chunker, size: Int64(expected))
    }

    private mutating func fill() throws {
        if filled == buffer.count {
            // It is longer than it was said to be.
            buffer.append(contentsOf: repeatElement(0, count: min(buffer.count, Chunker.most - buffer.count)))
        }
        let wanted = min(buffer.count, filled + 1 << 20)
        let count = try file.descriptor.read(into: &buffer, from: filled, to: wanted, at: offset)
        offset += Int64(count)
        isAtEnd = filled + count < wanted
        filled += count
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        let part = Array(buffer[..<count])
        let rest = filled - count
        if rest > 0 { buffer.replaceSubrange(0..<rest, with: Array(buffer[count..<filled])) }
        filled = rest
        return part
    }
}
