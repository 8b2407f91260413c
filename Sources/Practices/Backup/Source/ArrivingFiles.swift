// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Files whose bytes arrive one after the other, and whose parts are stored while more arrive.
struct ArrivingFiles {
    private let store: BlobStore
    private let chunker: Chunker
    private let progress: BackupProgress
    private(set) var files: [File] = []
    private var current: Current?
    private var underway = 0

    /// How many parts are on their way at a time: this bounds the memory.
    private static let most = 4

    struct File: Sendable {
        /// Without its parts until all have arrived.
        var node: Node
        /// The names from the root on.
        let path: [[UInt8]]
        /// Of the whole content.
        var digest = ObjectID.zero
        fileprivate(set) var stored = FileSaver.Counts()
        fileprivate var parts: [ObjectID?] = []
        /// Whether the node has its parts.
        fileprivate var isKnown = false
    }

    private struct Current {
        var cutter: ArrivingParts
        var hash = SHA256Stream()
        var length: UInt64 = 0
    }

    /// A part that was stored.
    struct Done: Sendable {
        let file: Int
        let part: Int
        let length: Int
        let stored: BlobStore.Stored
    }

    typealias Group = ThrowingTaskGroup<Done, any Error>

    init(_ archiver: Archiver) {
        (store, chunker, progress) = (archiver.store, archiver.files.chunker, archiver.progress)
    }

    /// Adds what has no content.
    mutating func add(_ node: Node, at path: [[UInt8]]) {
        files.append(File(node: node, path: path))
    }

    /// Adds a file whose parts the repository has.
    mutating func adopt(_ node: Node, at path: [[UInt8]]) {
        files.append(File(node: node, path: path, isKnown: true))
    }

    /// A file begins; its bytes follow.
    ///
    /// - Parameters:
    ///   - size: how long it will be; nil where nobody knows.
    ///   - profile: how it is cut; nil to look at its beginning.
    mutating func begin(_ node: Node, at path: [[UInt8]], size: Int64?, _ profile: FileProfile? = nil) {
        files.append(File(node: node, path: path))
        current = Current(cutter: ArrivingParts(chunker, size: size, profile))
        progress.begin(path.reduce(into: []) { $0 += [UInt8(ascii: "/")] + $1 })
    }

    /// More bytes of the file that began.
    mutating func add(_ bytes: ArraySlice<UInt8>, _ group: inout Group) async throws {
        guard current != nil else { return }
        current?.hash.update(bytes.span)
        current?.length += UInt64(bytes.count)
        current?.cutter.add(bytes)
        while let part = current?.cutter.next(isLast: false) { try await store(part, &group) }
    }

    /// The file that began is complete.
    mutating func end(_ group: inout Group) async throws {
        while let part = current?.cutter.next(isLast: true) { try await store(part, &group) }
        guard let whole = current, !files.isEmpty else { return }
        files[files.count - 1].digest = whole.hash.finish()
        files[files.count - 1].node.size = whole.length
        current = nil
        progress.finishFile()
    }

    private mutating func store(_ part: [UInt8], _ group: inout Group) async throws {
        if underway == Self.most, let done = try await group.next() {
            set(done)
            underway -= 1
        }
        let file = files.count - 1
        let number = files[file].parts.count
        files[file].parts.append(nil)
        underway += 1
        group.addTask { [store, progress] in
            let stored = try await store.store(part, .data)
            progress.add(bytes: part.count)
            return Done(file: file, part: number, length: part.count, stored: stored)
        }
    }

    private mutating func set(_ done: Done) {
        files[done.file].parts[done.part] = done.stored.id
        guard done.stored.isNew else { return }
        files[done.file].stored.blobs += 1
        files[done.file].stored.added += done.length
        files[done.file].stored.packed += done.stored.packed
    }

    /// Waits for all parts; then every file has its content.
    mutating func finish(_ group: inout Group) async throws {
        while let done = try await group.next() { set(done) }
        underway = 0
        for number in files.indices where files[number].node.type == .file && !files[number].isKnown {
            files[number].node.content = files[number].parts.compactMap { $0 }
        }
    }
}

/// Cuts a file that arrives in pieces.
struct ArrivingParts {
    private let chunker: Chunker
    private let size: Int64?
    /// Known once the beginning is there.
    private var cutting: Cutting?
    private var buffer: [UInt8] = []
    private var offset: Int64 = 0
    private var known = 0

    /// - Parameters:
    ///   - size: how long the file will be; nil where nobody knows.
    ///   - profile: how it is cut; nil to look at its beginning.
    init(_ chunker: Chunker, size: Int64?, _ profile: FileProfile? = nil) {
        (self.chunker, self.size) = (chunker, size)
        cutting = profile.map { Cutting($0, chunker, size: size ?? 0) }
    }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        buffer += bytes
    }

    /// The next part; nil when that needs more bytes, or at the end.
    mutating func next(isLast: Bool) -> [UInt8]? {
        guard !buffer.isEmpty else { return nil }
        guard isLast || cutting != nil || buffer.count >= FileProfile.headLength else { return nil }
        let cutting = cutting ?? chosenCutting(isLast: isLast)
        self.cutting = cutting
        guard let count = cutting.cut(buffer.span, at: offset, after: known, isLast: isLast) else {
            known = buffer.count
            return nil
        }
        let part = Array(buffer[..<count])
        buffer.removeFirst(count)
        (offset, known) = (offset + Int64(count), 0)
        return part
    }

    private func chosenCutting(isLast: Bool) -> Cutting {
        let head = buffer.span.extracting(first: FileProfile.headLength)
        let size = size ?? (isLast ? Int64(buffer.count) : 0)
        return Cutting(FileProfile(head: head, size: size), chunker, size: size)
    }
}
