// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Restores a folder of a snapshot.
struct Restorer: Sendable {
    let blobs: BlobReader
    let target: String
    let selection: RestoreSelection
    /// Whether nothing is written: only counted.
    var isDryRun = false
    /// What becomes of files that are there already.
    var overwriting = Overwriting.always
    let progress: RestoreProgress
    private let files: FileRestorer
    /// How many folders are restored beside the one from which they are reached. In one folder only one file is made at a
    /// time: the system lets no second one in.
    private let walkers = Seats(2)
    private let links = RestoredLinks()

    /// - Parameters:
    ///   - verifies: whether what was written is read again and held against its hashes.
    ///   - isDryRun: whether nothing is written: only counted.
    init(
        blobs: BlobReader, target: String, selection: RestoreSelection, verifies: Bool, isDryRun: Bool,
        progress: RestoreProgress
    ) {
        (self.blobs, self.target, self.selection) = (blobs, target, selection)
        (self.isDryRun, self.progress) = (isDryRun, progress)
        files = FileRestorer(blobs: blobs, verifies: verifies, progress: progress)
    }

    /// Restores everything in `tree` that is selected into the target.
    ///
    /// - Throws: `SystemError` when the target cannot be made, `BlobError` when its root cannot be read. What else goes
    ///   wrong is counted by `progress`, and the rest is restored.
    func restore(_ tree: ObjectID) async throws {
        let content = try await blobs.folder(tree)
        let top =
            isDryRun
            ? nil
            : RestoreTarget(
                top: try RestoreFolder(making: target, overwriting))
        try await restore(content, at: [], Destination(top: top, folder: top))
    }

    /// Where something is restored to; nothing in a dry run.
    private struct Destination: Sendable {
        let top: RestoreTarget?
        let folder: RestoreTarget?

        func inside(_ name: [UInt8]) -> Destination {
            Destination(top: top, folder: folder.map { RestoreTarget(name, in: $0) })
        }
    }

    private func restore(_ content: FolderContent, at path: [[UInt8]], _ destination: Destination) async throws {
        var (folders, batches): ([Node], FileBatches) = ([], FileBatches())
        var cursor = try content.cursor()
        while let node = next(&cursor, at: path) {
            try Task.checkCancellation()
            let here = path + [node.name]
            guard RestoreFolder.isSafe(node.name) else {
                progress.fail(here, "its name is no name of a file")
                continue
            }
            if node.type == .directory {
                folders.append(node)
            } else if selection.selects(here) {
                try await restore(node, here, destination, &batches)
            }
        }
        if let folder = destination.folder { try await files.restore(batches.take(), at: path, folder) }
        try await restore(folders: folders, at: path, destination)
    }

    /// What comes next in a folder; nil behind its end, and where it cannot be read any further, which is reported: what came
    /// before is restored.
    private func next(_ cursor: inout FolderContent.Cursor, at path: [[UInt8]]) -> Node? {
        do {
            return try cursor.next()
        } catch {
            progress.fail(path, "\(error)")
            return nil
        }
    }

    /// Restores something that is no folder; a small file waits for others with which it is restored.
    private func restore(
        _ node: Node, _ path: [[UInt8]], _ destination: Destination, _ batches: inout FileBatches
    ) async throws {
        guard let folder = destination.folder else { return progress.finish(bytes: Int64(clamping: node.size)) }
        if overwriting != .always, await stays(node, path, folder) { return }
        guard node.type == .file, node.links <= 1, let length = files.lengthIfSmall(node) else {
            return try await single(node, path, folder, destination.top)
        }
        batches.add(node, length: length)
        if batches.isFull { try await files.restore(batches.take(), at: path.dropLast(), folder) }
    }

    /// Whether what is there stays; also where nobody can tell, which is reported.
    private func stays(_ node: Node, _ path: [[UInt8]], _ folder: RestoreTarget) async -> Bool {
        do {
            guard try overwriting.keeps(node, in: try folder.open().folder) else { return false }
            progress.keep()
            // Its other names may become links to it only if it is the same file.
            if overwriting == .ifChanged, node.links > 1, await links.first(node, path) == nil {
                await links.finish(node, path)
            }
        } catch {
            progress.fail(path, "\(error)")
        }
        return true
    }

    private func restore(folders: [Node], at path: [[UInt8]], _ destination: Destination) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in folders {
                try Task.checkCancellation()
                let here = path + [node.name]
                guard walkers.take() else {
                    try await folder(node, here, destination.inside(node.name))
                    continue
                }
                group.addTask {
                    defer { walkers.giveBack() }
                    try await folder(node, here, destination.inside(node.name))
                }
            }
            try await group.waitForAll()
        }
    }

    private func folder(_ node: Node, _ path: [[UInt8]], _ destination: Destination) async throws {
        let isSelected = selection.selects(path)
        guard isSelected || selection.mayFind(in: path), let tree = node.subtree else { return }
        do {
            if isSelected { _ = try destination.folder?.open() }
            try await restore(try await blobs.folder(tree), at: path, destination)
            guard isSelected else { return }
            progress.finish(bytes: 0)
            // Last: restoring into a folder changes its times.
            if let target = destination.folder { progress.fail(path, try target.open().folder.setOwn(node)) }
        } catch let error where error is SystemError || error is BlobError || error is FormatError {
            progress.fail(path, "\(error)")
        }
    }

    /// Restores what is not restored together with others: what is no file, large files, and those with several names.
    private func single(
        _ node: Node, _ path: [[UInt8]], _ target: RestoreTarget, _ top: RestoreTarget?
    ) async throws {
        let isLinked = node.type == .file && node.links > 1
        do {
            let parent = try target.open()
            if isLinked, let first = await links.first(node, path), let top = try top?.open() {
                try parent.folder.link(
                    node.name, to: first.name, in: top.folder.folder(at: first.path.dropLast()))
            } else if node.type == .file {
                try await files.restore(node, path, parent)
            } else {
                if node.type != .socket { try parent.folder.make(node) }
                progress.fail(path, parent.folder.set(node))
            }
            if isLinked { await links.finish(node, path) }
            progress.finish(bytes: 0)
        } catch {
            if isLinked { await links.finish(node, nil) }
            if error is CancellationError || (error as? PlaceError)?.isOfWholePlace == true { throw error }
            progress.fail(path, "\(error)")
        }
    }
}

enum RestoreError: Error, CustomStringConvertible {
    /// What was written reads back differently.
    case differs

    var description: String { "what was written reads back differently: the disk may be damaged" }
}
