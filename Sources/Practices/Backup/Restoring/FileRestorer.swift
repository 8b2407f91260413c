// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Writes files of a snapshot: small ones together, the parts of a large one pack by pack.
struct FileRestorer: Sendable {
    let blobs: BlobReader
    /// Whether what was written is read again and held against its hashes.
    let verifies: Bool
    let progress: RestoreProgress
    /// How many packs are read at a time for large files: this bounds the memory.
    private let readers = Turnstile(2)

    init(blobs: BlobReader, verifies: Bool, progress: RestoreProgress) {
        (self.blobs, self.verifies, self.progress) = (blobs, verifies, progress)
    }

    /// The longest file that is restored together with others, in bytes.
    private static let small = 512 << 10
    /// About how much of a pack is read at a time.
    private static let piece = 2 << 20
    /// How many parts of a file are looked up at a time.
    private static let window = 1 << 16

    /// How long the content of a file is, if it is a small one.
    func lengthIfSmall(_ node: Node) -> Int? {
        let parts = node.parts
        guard parts.count <= 4 else { return nil }
        let length = blobs.index.first(of: parts).reduce(0) { $0 + ($1.place?.blob.contentLength ?? 0) }
        return length <= Self.small ? length : nil
    }

    /// Restores a file that may be large. What its content is read from may be damaged: then what opened is there.
    func restore(_ node: Node, _ path: [[UInt8]], _ parent: RestoreTarget.Opened) async throws {
        let file = OpenFile(try parent.folder.file(node.name))
        let parts = node.parts
        var (offset, first): (Int64, Int) = (0, 0)
        while first < parts.count {
            let window = parts[first..<min(first + Self.window, parts.count)]
            offset = try await write(window, to: file, from: offset)
            first = window.endIndex
        }
        // The last bytes may be a hole.
        try file.descriptor.truncate(to: offset)
        if verifies { try verify(file.descriptor, node) }
        progress.fail(path, file.descriptor.set(node))
    }

    /// Writes some parts of a file; where they end.
    private func write(
        _ parts: ArraySlice<BlobHandle>, to file: OpenFile, from start: Int64
    ) async throws -> Int64 {
        var (places, end): ([BlobHandle: [Int64]], Int64) = ([:], start)
        var order: [BlobHandle] = []
        for (handle, place) in blobs.index.first(of: parts) {
            guard let place else { throw BlobError.unknown(handle) }
            if places[handle] == nil { order.append(handle) }
            places[handle, default: []].append(end)
            end += Int64(place.blob.contentLength)
        }
        let plan = PackPlan(order, blobs.index)
        try await withThrowingTaskGroup(of: Void.self) { [places] group in
            for (number, (pack, list)) in plan.packs.enumerated() {
                if number >= 2 { try await group.next() }
                group.addTask { try await readers.pass { try await write(list, of: pack, to: file, at: places) } }
            }
            try await group.waitForAll()
        }
        return end
    }

    private func write(
        _ list: [PackedBlob], of pack: ObjectID, to file: OpenFile, at places: [BlobHandle: [Int64]]
    ) async throws {
        try await blobs.each(list, in: pack, piece: Self.piece) { handle, content in
            let content = try content.get()
            for place in places[handle] ?? [] {
                _ = try SparseWriter.write(content, to: file.descriptor, at: place)
                progress.add(bytes: content.count)
            }
        }
    }

    private func verify(_ file: borrowing Descriptor, _ node: Node) throws {
        var offset: Int64 = 0
        for part in node.parts {
            let length = blobs.index.places(part).first?.blob.contentLength ?? 0
            var bytes = Array(repeating: UInt8(0), count: length)
            let count = try file.read(into: &bytes, at: offset)
            guard count == length, ObjectID(hashing: bytes) == part.id else { throw RestoreError.differs }
            offset += Int64(length)
        }
    }
}

// Small files.
extension FileRestorer {
    private typealias Contents = [BlobHandle: Result<ArraySlice<UInt8>, any Error>]

    /// Restores batches of small files; while one is written, the next is read.
    func restore(_ batches: [[Node]], at path: [[UInt8]], _ target: RestoreTarget) async throws {
        guard !batches.isEmpty else { return }
        let parent: RestoreTarget.Opened
        do {
            parent = try target.open()
        } catch {
            for node in batches.joined() { progress.fail(path + [node.name], "\(error)") }
            return
        }
        try await withThrowingTaskGroup(of: (Int, Contents).self) { group in
            for number in 0...batches.count {
                if number < batches.count { group.addTask { (number, try await contents(of: batches[number])) } }
                guard number > 0 || batches.count == 1, let (read, contents) = try await group.next() else { continue }
                for node in batches[read] {
                    try Task.checkCancellation()
                    restore(node, contents, path, parent)
                }
            }
        }
    }

    private func contents(of nodes: [Node]) async throws -> Contents {
        let plan = PackPlan(Set(nodes.flatMap(\.parts)), blobs.index)
        var contents: Contents = [:]
        for handle in plan.unknown { contents[handle] = .failure(BlobError.unknown(handle)) }
        for (pack, list) in plan.packs {
            try await blobs.each(list, in: pack, piece: Self.piece) { contents[$0] = $1 }
        }
        return contents
    }

    private func restore(_ node: Node, _ contents: Contents, _ path: [[UInt8]], _ parent: RestoreTarget.Opened) {
        do {
            let file = try parent.folder.file(node.name)
            var (offset, last): (Int64, Int64) = (0, 0)
            for part in node.parts {
                guard let content = try contents[part]?.get() else { throw BlobError.unknown(part) }
                last = max(last, try SparseWriter.write(content, to: file, at: offset))
                offset += Int64(content.count)
            }
            if last < offset { try file.truncate(to: offset) }
            if verifies { try verify(file, node) }
            let errors = file.set(node)
            if !errors.isEmpty { progress.fail(path + [node.name], errors) }
            progress.finish(bytes: offset)
        } catch {
            progress.fail(path + [node.name], "\(error)")
        }
    }
}
