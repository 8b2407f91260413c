// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Walks what is backed up, and makes the trees of a snapshot of it.
///
/// What cannot be read is reported and left out; what the repository cannot take ends the walk.
struct Archiver: Sendable {
    let store: BlobStore
    let blobs: BlobReader
    let nodes: NodeReader
    let files: FileSaver
    let exclusions: Exclusions
    let progress: BackupProgress
    let report: BackupReport
    /// Records the hashes of some files; nil where nobody drills.
    let sampler: FileSampler?
    /// How many folders are walked beside the one from which they are reached.
    private let walkers = Seats(4)
    /// How many large files are open at a time.
    private let readers = Turnstile(2)
    /// How many batches of small files are on their way at a time.
    private let batches = Turnstile(3)

    init(
        store: BlobStore, blobs: BlobReader, chunker: Chunker, nodes: NodeReader, exclusions: Exclusions,
        progress: BackupProgress, report: BackupReport, sampler: FileSampler? = nil
    ) {
        (self.store, self.blobs, self.nodes, self.exclusions) = (store, blobs, nodes, exclusions)
        (self.progress, self.report, self.sampler) = (progress, report, sampler)
        files = FileSaver(store: store, chunker: chunker, progress: progress)
    }

    /// How many entries of a folder are on their way at a time.
    private static let underway = 256

    /// Something in an open folder, as the file system shows it.
    struct Item: Sendable {
        let name: [UInt8]
        let folder: Int32
        /// The names from the root on.
        let path: [[UInt8]]
        let status: SourceStatus
        let type: NodeType
        /// What the parent snapshot has under its name.
        let previous: Node?
    }

    /// Looks at a name in an open folder; nil where it is left out, is gone, or cannot be looked at, which is reported.
    ///
    /// - Parameter isTarget: whether it was asked for by name: then no pattern leaves it out.
    func look(
        at name: [UInt8], in folder: Int32, _ path: [[UInt8]], _ previous: Node?, isTarget: Bool = false
    ) -> Item? {
        guard isTarget || !exclusions.excludes(path) else { return nil }
        do {
            let status = try SourceStatus(of: name, in: folder)
            guard let type = status.type else { throw SaveError.unknownType }
            guard !isTarget || !exclusions.isUntouchable(status) else { throw SaveError.ownStore }
            guard type != .socket, isTarget || !exclusions.excludes(path, status) else { return nil }
            return Item(name: name, folder: folder, path: path, status: status, type: type, previous: previous)
        } catch let error as SystemError where error.isMissing && !isTarget {
            return nil
        } catch {
            report.fail(Self.text(path), error)
            return nil
        }
    }

    /// The node of an item with everything in it; nil where it could not be read, which is reported.
    func save(_ item: Item) async throws -> Node? {
        do {
            switch item.type {
            case .file: return try await file(item)
            case .directory: return try await folder(item)
            default: return try nodes.node(item.name, item.status, item.type, in: item.folder)
            }
        } catch let error where error is SystemError || error is SaveError {
            report.fail(Self.text(item.path), error)
            return nil
        }
    }

    private enum Look {
        /// Nothing of it has to be read. Nil where it could not be looked at, which was reported.
        case done(Node?)
        case toBeRead
    }

    /// The node of what is no folder and need not be read.
    private func saveUnread(_ item: Item) -> Look {
        do {
            guard item.type == .file else {
                return .done(try nodes.node(item.name, item.status, item.type, in: item.folder))
            }
            guard let previous = item.previous, item.status.isUnchanged(since: previous), isWhole(previous) else {
                return .toBeRead
            }
            var node = try nodes.node(item.name, item.status, .file, in: item.folder)
            node.content = previous.content
            progress.finishFile(skipped: item.status.size)
            sampler?.consider(node, at: item.path, in: item.folder)
            report.count(node, previous: previous, isUnchanged: true)
            return .done(node)
        } catch {
            report.fail(Self.text(item.path), error)
            return .done(nil)
        }
    }

    /// The nodes of small files of one folder, which are saved together.
    private func save(small items: [(place: Int, item: Item)]) async throws -> [(Int, Node?)] {
        guard let folder = items.first?.item.folder else { return [] }
        progress.begin(Self.text(items[0].item.path))
        let results = try await batches.pass {
            try await files.save(small: items.map(\.item.name), in: folder)
        }
        var nodes: [(Int, Node?)] = []
        for ((place, item), result) in zip(items, results) {
            do {
                guard let result else {
                    nodes.append((place, try await save(item)))
                    continue
                }
                nodes.append((place, try finish(item, try result.get())))
            } catch let error where error is SystemError || error is SaveError {
                report.fail(Self.text(item.path), error)
                nodes.append((place, nil))
            }
        }
        return nodes
    }

    private func file(_ item: Item) async throws -> Node? {
        if case .done(let node) = saveUnread(item) { return node }
        progress.begin(Self.text(item.path))
        return try finish(item, try await readers.pass { try await files.save(item.name, in: item.folder) })
    }

    private func finish(_ item: Item, _ saved: FileSaver.Saved) throws -> Node {
        var node = try nodes.node(item.name, saved.status, .file, in: item.folder)
        node.content = saved.content
        if saved.isTorn { report.tear(Self.text(item.path)) }
        progress.finishFile()
        sampler?.consider(node, at: item.path, in: item.folder)
        report.count(node, previous: item.previous, isUnchanged: false, saved.stored)
        return node
    }

    /// Whether the repository has all parts of a file.
    private func isWhole(_ node: Node) -> Bool {
        node.content?.allSatisfy { store.index.contains(BlobHandle(.data, $0)) } ?? false
    }

    private func folder(_ item: Item) async throws -> Node {
        let folder = try SourceFolder(opening: item.name, in: item.folder)
        var node = try nodes.node(item.name, item.status, .directory, in: item.folder)
        node.subtree = try await contents(of: folder, item.path, try await previousNodes(item.previous))
        report.count(node, previous: item.previous)
        return node
    }

    /// What the parent snapshot has in a folder; nothing where its tree cannot be read, which is reported.
    func previousNodes(_ node: Node?) async throws -> [Node] {
        guard let tree = node?.subtree else { return [] }
        do {
            return try await blobs.nodes(of: tree)
        } catch {
            report.fail(Array("parent snapshot".utf8), error)
            return []
        }
    }

    private func contents(
        of folder: borrowing SourceFolder, _ path: [[UInt8]], _ previous: [Node]
    ) async throws -> ObjectID {
        let names = try folder.names()
        guard !exclusions.excludesContents(of: names, in: folder.number) else { return try await save(Tree.encode([])) }
        var finder = NodeFinder(previous)
        var (text, small) = (OrderedTree(), SmallItems())
        let number = folder.number
        try await withThrowingTaskGroup(of: [(Int, Node?)].self) { group in
            for (place, name) in names.enumerated() {
                while text.waiting >= Self.underway, let nodes = try await group.next() { text.set(nodes) }
                text.expect()
                guard let item = look(at: name, in: number, path + [name], finder.find(name)) else {
                    text.set(nil, at: place)
                    continue
                }
                if item.type == .directory {
                    // A folder of folders would otherwise open as many as there are.
                    guard walkers.take() else {
                        text.set(try await save(item), at: place)
                        continue
                    }
                    group.addTask {
                        defer { walkers.giveBack() }
                        return [(place, try await save(item))]
                    }
                } else if case .done(let node) = saveUnread(item) {
                    text.set(node, at: place)
                } else if item.status.size > FileSaver.small {
                    group.addTask { [(place, try await save(item))] }
                } else if let batch = small.add(item, at: place) {
                    group.addTask { try await save(small: batch) }
                }
            }
            let batch = small.take()
            group.addTask { try await save(small: batch) }
            for try await nodes in group { text.set(nodes) }
        }
        return try await save(text.finish())
    }

    /// Stores the text of a folder.
    func save(_ text: [UInt8]) async throws -> ObjectID {
        let stored = try await store.store(text, .tree)
        report.count(stored, length: text.count)
        return stored.id
    }

    /// A path for people.
    private static func text(_ path: [[UInt8]]) -> [UInt8] {
        path.reduce(into: []) { text, name in text += [UInt8(ascii: "/")] + name }
    }
}

/// The text of a folder whose nodes become known in any order.
private struct OrderedTree {
    private var writer = TreeWriter()
    private var known: [Int: Node?] = [:]
    private var next = 0
    private var expected = 0

    /// How many nodes were announced and are not written yet.
    var waiting: Int { expected - next }

    mutating func expect() {
        expected += 1
    }

    mutating func set(_ node: Node?, at place: Int) {
        known[place] = .some(node)
        while let node = known.removeValue(forKey: next) {
            if let node { writer.append(node) }
            next += 1
        }
    }

    mutating func set(_ nodes: [(Int, Node?)]) {
        for (place, node) in nodes { set(node, at: place) }
    }

    mutating func finish() -> [UInt8] {
        writer.finish()
    }
}

/// Small files that wait for others with which they are saved.
private struct SmallItems {
    private var items: [(place: Int, item: Archiver.Item)] = []
    private var bytes: Int64 = 0

    /// - Returns: all of them, once there are enough.
    mutating func add(_ item: Archiver.Item, at place: Int) -> [(place: Int, item: Archiver.Item)]? {
        items.append((place, item))
        bytes += item.status.size
        return items.count >= 48 || bytes >= 1 << 20 ? take() : nil
    }

    mutating func take() -> [(place: Int, item: Archiver.Item)] {
        defer { self = SmallItems() }
        return items
    }
}

/// Finds nodes by name in the order of names, each at most once.
struct NodeFinder {
    private var nodes: ArraySlice<Node>

    init(_ nodes: [Node]) {
        self.nodes = nodes[...]
    }

    mutating func find(_ name: [UInt8]) -> Node? {
        while let first = nodes.first, Tree.areInOrder(first.name, name) { nodes = nodes.dropFirst() }
        guard let first = nodes.first, first.name == name else { return nil }
        nodes = nodes.dropFirst()
        return first
    }
}
