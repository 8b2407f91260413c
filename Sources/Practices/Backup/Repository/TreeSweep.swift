// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Goes through all folders below some roots, each once, several being read at a time.
struct TreeSweep {
    let blobs: BlobReader
    /// How many folders are read at a time.
    var underway = 6

    /// - Parameters:
    ///   - seen: folders that were visited before: they are not visited again.
    ///   - visit: is told of each folder, one after another: what is in it, or why it cannot be read.
    /// - Throws: what `visit` throws, and `CancellationError`.
    func each(
        below roots: [ObjectID], besides seen: inout Set<ObjectID>,
        _ visit: (ObjectID, Result<FolderContent, any Error>) async throws -> Void
    ) async throws {
        var waiting = Array(roots.reversed())
        try await withThrowingTaskGroup(of: (ObjectID, Result<FolderContent, any Error>).self) { group in
            var count = 0
            while true {
                while count < underway, let tree = waiting.popLast() {
                    guard seen.insert(tree).inserted else { continue }
                    group.addTask { (tree, await read(tree)) }
                    count += 1
                }
                guard let (tree, result) = try await group.next() else { return }
                count -= 1
                try Task.checkCancellation()
                let (seen, folders) = Self.folders(in: result)
                try await visit(tree, seen)
                // The first folder comes next: what waits is then no longer than the way to it is deep.
                waiting += folders.reversed()
            }
        }
    }

    /// The folders in a folder. Where they cannot all be found, the visitor has to hear of it: prune would otherwise take
    /// what is in the others for unused.
    static func folders(
        in result: Result<FolderContent, any Error>
    ) -> (Result<FolderContent, any Error>, [ObjectID]) {
        var folders: [ObjectID] = []
        do {
            try result.get().each { node in
                if let folder = node.subtree { folders.append(folder) }
            }
            return (result, folders)
        } catch {
            return (.failure(error), folders)
        }
    }

    private func read(_ tree: ObjectID) async -> Result<FolderContent, any Error> {
        do {
            return .success(try await blobs.folder(tree))
        } catch {
            return .failure(error)
        }
    }

    /// All blobs that the folders below `roots` use, these folders among them.
    ///
    /// - Throws: `BlobError` when a folder cannot be read or a blob is in no pack: then nothing can be said.
    func used(below roots: [ObjectID], _ index: BlobIndex) async throws -> BlobSet {
        var (used, seen): (BlobSet, Set<ObjectID>) = (BlobSet(of: index), [])
        try await each(below: roots, besides: &seen) { tree, result in
            guard used.insert(BlobHandle(.tree, tree), of: index) != nil else {
                throw BlobError.unknown(BlobHandle(.tree, tree))
            }
            try result.get().each { node in
                for handle in node.parts where used.insert(handle, of: index) == nil {
                    throw BlobError.unknown(handle)
                }
            }
        }
        return used
    }
}

extension Node {
    /// The parts of a file; nothing of anything else.
    var parts: [BlobHandle] {
        (content ?? []).map { BlobHandle(.data, $0) }
    }
}
