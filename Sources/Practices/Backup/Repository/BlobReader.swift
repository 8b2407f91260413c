// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Gives the content of blobs, each held against its hash.
struct BlobReader: Sendable {
    let repository: Repository
    let index: LoadedIndex
    let openers: BlobOpeners

    init(repository: Repository, index: LoadedIndex) {
        (self.repository, self.index) = (repository, index)
        openers = BlobOpeners(repository)
    }

    /// The content of a blob. Where one place is damaged, the next is tried.
    ///
    /// - Throws: `BlobError.unknown` where no pack holds it, `BlobError.damaged` where none of its places opens, and
    ///   `PlaceError` where the whole place cannot be reached: that is no damage.
    func content(_ handle: BlobHandle) async throws -> [UInt8] {
        try await open(handle, openers.open)
    }

    /// The text of a folder. Throws as ``content(_:)``.
    func text(of tree: ObjectID) async throws -> TreeText {
        try await open(BlobHandle(.tree, tree), openers.text)
    }

    private func open<Content: Sendable>(
        _ handle: BlobHandle, _ opened: ([UInt8], PackedBlob) throws -> Content
    ) async throws -> Content {
        let places = index.places(handle)
        guard !places.isEmpty else { throw BlobError.unknown(handle) }
        var flaws: [String] = []
        for place in places {
            do {
                let range = Int(place.blob.offset)..<Int(place.blob.offset) + Int(place.blob.length)
                guard let stored = try await repository.place.read(RepositoryFile(.data, place.pack), range) else {
                    flaws.append("pack \(place.pack.short) is missing")
                    continue
                }
                return try opened(stored, place.blob)
            } catch let error as PlaceError where error.isOfWholePlace {
                throw error
            } catch {
                flaws.append("pack \(place.pack.short): \(error)")
            }
        }
        throw BlobError.damaged(handle, flaws)
    }

    /// The nodes of a folder.
    func nodes(of tree: ObjectID) async throws -> [Node] {
        try await text(of: tree).nodes()
    }

    /// What is in a folder, however much it is.
    func folder(_ tree: ObjectID) async throws -> FolderContent {
        try FolderContent(try await text(of: tree))
    }

    /// The folder that a snapshot's path leads to, and the node by which it is there; nil where it leads nowhere.
    func find(_ path: [[UInt8]], from root: ObjectID) async throws -> (node: Node?, tree: ObjectID?)? {
        var (node, tree): (Node?, ObjectID?) = (nil, root)
        for name in path {
            guard let folder = tree else { return nil }
            var cursor = try await self.folder(folder).cursor()
            var found: Node?
            while found == nil, let next = try cursor.next() { found = next.name == name ? next : nil }
            guard let next = found else { return nil }
            (node, tree) = (next, next.subtree)
        }
        return (node, tree)
    }
}

/// Why a blob could not be had.
enum BlobError: Error, CustomStringConvertible {
    case unknown(BlobHandle)
    case damaged(BlobHandle, [String])

    var description: String {
        switch self {
        case .unknown(let handle): "\(handle.type.name) \(handle.id.short) is in no pack"
        case .damaged(let handle, let flaws): "\(handle.type.name) \(handle.id.short): \(flaws.joined(separator: "; "))"
        }
    }
}
