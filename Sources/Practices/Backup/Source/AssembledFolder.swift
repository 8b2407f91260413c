// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// A folder of a snapshot that is put together from nodes which are known already.
struct AssembledFolder: Sendable {
    private var entries: [[UInt8]: Entry] = [:]

    private struct Entry: Sendable {
        var node: Node
        var stored = FileSaver.Counts()
        var inside: AssembledFolder?
        /// Whether it was stored and counted already, with what is in it.
        var isSaved = false
    }

    /// Puts a node there that was stored already, with everything in it.
    mutating func add(saved node: Node, at path: ArraySlice<[UInt8]>) {
        add(node, at: path, pattern: node, isSaved: true)
    }

    /// Puts a node where `path` ends. Folders on the way that are not known by then are like `pattern`.
    mutating func add(
        _ node: Node, at path: ArraySlice<[UInt8]>, _ stored: FileSaver.Counts = .init(), pattern: Node,
        isSaved: Bool = false
    ) {
        guard let name = path.first else { return }
        // Taken out and put back, so that there is one owner and nothing is copied.
        var entry = entries.removeValue(forKey: name) ?? Entry(node: pattern)
        if path.count == 1 {
            (entry.node, entry.stored, entry.isSaved) = (node, stored, isSaved)
        } else {
            var inside = entry.inside ?? AssembledFolder()
            entry.inside = nil
            inside.add(node, at: path.dropFirst(), stored, pattern: pattern, isSaved: isSaved)
            entry.inside = inside
        }
        entry.node.name = name
        entries[name] = entry
    }

    /// Stores the folder and those in it, and counts what is in them.
    ///
    /// - Parameter previous: the text of what the parent snapshot has in it.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        var finder = try TreeFinder(previous)
        var writer = archiver.writer()
        for (name, entry) in entries.sorted(by: { Tree.areInOrder($0.key, $1.key) }) {
            let before = try? archiver.find(name, &finder)?.node()
            var node = entry.node
            if entry.isSaved {
                try writer.append(node)
                continue
            }
            if node.type == .directory {
                let inside = entry.inside ?? AssembledFolder()
                node.subtree = try await inside.save(archiver, previous: archiver.previousText(before?.subtree))
                archiver.report.count(node, previous: before)
            } else if node.type == .file {
                archiver.report.count(
                    node, isNew: before == nil, isUnchanged: before?.content == node.content, entry.stored)
            }
            try writer.append(node)
        }
        return try await archiver.save(writer.finish())
    }
}
