// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Makes a repository's index forget packs, without a moment at which it lacks one that stays.
struct IndexRewriter {
    let repository: Repository

    /// So many short files are put together.
    private static let shortFiles = 10

    /// Writes what stays into new files, and deletes the old ones only when those are durable. After an interruption
    /// some packs are named twice, which does no harm.
    ///
    /// - Parameter files: the files of the index that were there when `removed` was decided.
    /// - Throws: `PlaceError`, `FormatError`.
    func forget(_ removed: Set<ObjectID>, in files: [ObjectID]) async throws {
        let old = try await outdated(files, without: removed)
        guard !old.isEmpty else { return }
        var (written, next): (Set<ObjectID>, IndexFile) = ([], IndexFile())
        for id in old {
            for pack in try await read(id).packs where !removed.contains(pack.id) {
                guard written.insert(pack.id).inserted else { continue }
                next.packs.append(pack)
                guard next.blobCount >= IndexFile.blobLimit else { continue }
                try await repository.save(next.json(), .index)
                next = IndexFile()
            }
        }
        if !next.packs.isEmpty { try await repository.save(next.json(), .index) }
        try Task.checkCancellation()
        try await repository.place.remove(old.map { RepositoryFile(.index, $0) })
    }

    /// The files that are written anew.
    private func outdated(_ files: [ObjectID], without removed: Set<ObjectID>) async throws -> [ObjectID] {
        var (old, short): ([ObjectID], [ObjectID]) = ([], [])
        for id in files.sorted() {
            let file = try await read(id)
            if file.packs.contains(where: { removed.contains($0.id) }) {
                old.append(id)
            } else if file.blobCount < IndexFile.blobLimit / 2 {
                short.append(id)
            }
        }
        return short.count < Self.shortFiles ? old : (old + short).sorted()
    }

    private func read(_ id: ObjectID) async throws -> IndexFile {
        guard let json = try await repository.load(id, .index) else { return IndexFile() }
        return try IndexFile.parse(json)
    }
}
