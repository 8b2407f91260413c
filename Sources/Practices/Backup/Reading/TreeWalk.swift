// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Goes through the folders of a snapshot, each before what is in it, in the order of names. Only the folders on the way
/// to the one that is looked at are in memory.
struct TreeWalk: Sendable {
    let blobs: BlobReader
    /// Is told of folders that cannot be read, and the walk goes on behind them; without it, it ends there.
    var complaints: Complaints?

    /// Something on the way.
    struct Item: Sendable {
        /// The names from where the walk began on.
        let path: [[UInt8]]
        let node: Node
        /// The folder in which it is.
        let tree: ObjectID
    }

    /// Where the walk goes on.
    enum Next {
        /// In the folder that was just seen; after anything else, behind it.
        case inside
        /// Behind it.
        case past
    }

    /// Shows everything in `tree` to `visit`.
    ///
    /// - Parameter path: where the tree is.
    /// - Throws: what `visit` throws, `UnreadableFolder` without complaints, and `CancellationError`.
    func walk(_ tree: ObjectID, at path: [[UInt8]] = [], _ visit: (Item) async throws -> Next) async throws {
        guard let content = try await content(of: tree, at: path) else { return }
        var cursor = try content.cursor()
        while let node = try next(&cursor, at: path) {
            try Task.checkCancellation()
            let here = path + [node.name]
            let next = try await visit(Item(path: here, node: node, tree: tree))
            guard next == .inside, node.type == .directory, let subtree = node.subtree else { continue }
            try await walk(subtree, at: here, visit)
        }
    }

    private func content(of tree: ObjectID, at path: [[UInt8]]) async throws -> FolderContent? {
        do {
            return try await blobs.folder(tree)
        } catch let error where error is BlobError || error is FormatError {
            try complain(error, at: path)
            return nil
        }
    }

    private func next(_ cursor: inout FolderContent.Cursor, at path: [[UInt8]]) throws -> Node? {
        do {
            return try cursor.next()
        } catch {
            try complain(error, at: path)
            return nil
        }
    }

    private func complain(_ error: any Error, at path: [[UInt8]]) throws {
        let unreadable = UnreadableFolder(path: path, reason: "\(error)")
        guard let complaints else { throw unreadable }
        complaints.add("\(unreadable)")
    }
}

/// A folder of a snapshot that is damaged or missing.
struct UnreadableFolder: Error, CustomStringConvertible {
    let path: [[UInt8]]
    let reason: String

    var description: String { "the folder \(PathText.text(path)) cannot be read: \(reason)" }
}
