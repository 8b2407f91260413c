// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Looks for the files and folders that blobs belong to.
struct BlobSearch: Sendable {
    /// Parts of files.
    var data = Wanted()
    /// Folders.
    var trees = Wanted()

    /// Some ids.
    struct Wanted: Sendable {
        var ids: Set<ObjectID> = []
        /// Digits with which ids begin.
        var beginnings: [String] = []

        func contains(_ id: ObjectID) -> Bool {
            ids.contains(id) || beginnings.contains { id.hasPrefix($0) }
        }

        var isEmpty: Bool { ids.isEmpty && beginnings.isEmpty }
    }

    /// A blob where it is used.
    struct Match: Sendable {
        let handle: BlobHandle
        let path: [[UInt8]]
        /// Of a part of a file, the folder in which the file is.
        let parent: ObjectID?
    }

    /// Shows each use in a snapshot to `found`.
    ///
    /// - Throws: `CancellationError`, and what `found` throws; folders that cannot be read are complained about.
    func run(
        in tree: ObjectID, _ blobs: BlobReader, _ complaints: Complaints, found: (Match) throws -> Void
    ) async throws {
        if trees.contains(tree) { try found(Match(handle: BlobHandle(.tree, tree), path: [], parent: nil)) }
        try await TreeWalk(blobs: blobs, complaints: complaints).walk(tree) { item in
            if let subtree = item.node.subtree, trees.contains(subtree) {
                try found(Match(handle: BlobHandle(.tree, subtree), path: item.path, parent: nil))
            }
            if item.node.type == .file, !data.isEmpty {
                for id in item.node.content ?? [] where data.contains(id) {
                    try found(Match(handle: BlobHandle(.data, id), path: item.path, parent: item.tree))
                }
            }
            return .inside
        }
    }
}

extension BlobSearch.Wanted {
    /// The blobs of packs, by the index; of packs that it does not know, by their own headers.
    ///
    /// - Parameter beginnings: digits with which the names of packs begin.
    /// - Throws: `ReadingError`, `PlaceError`, `FormatError`.
    init(packs beginnings: [String], _ reader: BlobReader, _ complaints: Complaints) async throws {
        let index = reader.index.all
        let stored = try await reader.repository.place.list(.data)
        let there = Set(stored.map(\.id))
        var known: Set<ObjectID> = []
        for beginning in beginnings {
            let indexed = index.packs.filter { $0.hasPrefix(beginning) }
            let unknown = stored.filter { $0.id.hasPrefix(beginning) && !index.containsPack($0.id) }
            guard !indexed.isEmpty || !unknown.isEmpty else { throw ReadingError.unknownPack(beginning) }
            for pack in indexed where !there.contains(pack) {
                complaints.add("pack \(pack.short) is missing; what was in it is known from the index")
            }
            known.formUnion(indexed)
            for (pack, length) in unknown { ids.formUnion(try await Self.blobs(of: pack, length, reader.repository)) }
        }
        var found = ids
        func collect(_ place: BlobIndex.Place) {
            if known.contains(place.pack) { found.insert(place.blob.handle.id) }
        }
        index.visitAll(collect)
        ids = found
    }

    private static func blobs(of pack: ObjectID, _ length: Int, _ repository: Repository) async throws -> [ObjectID] {
        let file = RepositoryFile(.data, pack)
        let end = length - PackHeader.lengthByteCount
        guard end >= 0, let last = try await repository.place.read(file, end..<length) else {
            throw FormatError.tooShort(.pack)
        }
        let count = try PackHeader.sealedLength(lastBytes: last.span, fileLength: length)
        guard let sealed = try await repository.place.read(file, end - count..<end) else {
            throw FormatError.tooShort(.pack)
        }
        let sealer = try BlobSealer(repository.key, version: repository.config.version)
        return try sealer.openHeader(sealed.span).map(\.handle.id)
    }
}
