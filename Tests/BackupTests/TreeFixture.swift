// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ResticFormat
import TestSupport

@testable import Backup

/// A repository whose trees are written as they stand, however odd.
struct TreeFixture {
    let repository: Repository
    let folder: String
    private let index: LoadedIndex
    private let store: BlobStore

    /// Does `work` with an empty one.
    static func with(_ work: (TreeFixture) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let place = LocalPlace(folder + "/repository")
            let repository = try await Repository.create(at: place, password: Array("p".utf8), who: .current)
            let (index, _) = try await LoadedIndex.load(repository)
            let store = try BlobStore(repository, index)
            try await work(TreeFixture(repository: repository, folder: folder, index: index, store: store))
        }
    }

    var blobs: BlobReader { BlobReader(repository: repository, index: index) }

    func tree(_ nodes: [Node]) async throws -> ObjectID {
        try await store.store(Tree.encode(nodes), .tree).id
    }

    func data(_ text: String) async throws -> ObjectID {
        try await store.store(Array(text.utf8), .data).id
    }

    func flush() async throws {
        try await store.flush()
    }

    /// Writes a snapshot of a tree.
    @discardableResult
    func snapshot(_ tree: ObjectID, host: String = "h", tags: [String] = [], at seconds: Int64 = 0) async throws
        -> SnapshotList.Entry
    {
        try await flush()
        var snapshot = Snapshot(time: Timestamp(seconds: seconds), tree: tree, paths: ["/"])
        (snapshot.hostname, snapshot.tags) = (host, tags)
        return SnapshotList.Entry(id: try await repository.save(snapshot.json(), .snapshots), snapshot: snapshot)
    }

    /// A file that holds these parts.
    static func file(_ name: String, _ content: [ObjectID], size: UInt64 = 4) -> Node {
        var node = Node(name: Array(name.utf8), type: .file)
        (node.content, node.size, node.links) = (content, size, 1)
        node.mode = FileMode(unix: 0o100644)
        (node.uid, node.gid) = (getuid(), getgid())
        return node
    }

    static func directory(_ name: String, _ tree: ObjectID) -> Node {
        var node = Node(name: Array(name.utf8), type: .directory)
        node.subtree = tree
        node.mode = FileMode(unix: 0o040755)
        return node
    }
}
