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
    private let batches = Turnstile(2)

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
        let stored: StoredNode?

        /// The same; nil where it cannot be read.
        var previous: Node? { try? stored?.node() }
    }

    /// The node of an item.
    enum Saved: Sendable {
        case made(Node)
        /// As it stands in the parent snapshot.
        case asBefore(StoredNode)

        /// - Throws: `FormatError` where it cannot be read in the parent.
        func node() throws -> Node {
            switch self {
            case .made(let node): node
            case .asBefore(let stored): try stored.node()
            }
        }
    }

    /// Looks at a name in an open folder; nil where it is left out, is gone, or cannot be looked at, which is reported.
    ///
    /// - Parameter isTarget: whether it was asked for by name: then no pattern leaves it out.
    func look(
        at name: [UInt8], in folder: Int32, _ path: [[UInt8]], _ stored: StoredNode?, isTarget: Bool = false
    ) -> Item? {
        guard isTarget || !exclusions.excludes(path) else { return nil }
        do {
            let status = try SourceStatus(of: name, in: folder)
            guard let type = status.type else { throw SaveError.unknownType }
            guard !isTarget || !exclusions.isUntouchable(status) else { throw SaveError.ownStore }
            guard type != .socket, isTarget || !exclusions.excludes(path, status) else { return nil }
            return Item(name: name, folder: folder, path: path, status: status, type: type, stored: stored)
        } catch let error as SystemError where error.isMissing && !isTarget {
            return nil
        } catch {
            report.fail(Self.text(path), error)
            return nil
        }
    }

    /// The node of an item with everything in it; nil where it could not be read, which is reported.
    func save(_ item: Item) async throws -> Saved? {
        do {
            switch item.type {
            case .file: return try await file(item)
            case .directory: return .made(try await folder(item))
            default: return .made(try nodes.node(item.name, item.status, item.type, in: item.folder))
            }
        } catch let error where error is SystemError || error is SaveError {
            report.fail(Self.text(item.path), error)
            return nil
        }
    }

    private enum Look {
        /// Nothing of it has to be read. Nil where it could not be looked at, which was reported.
        case done(Saved?)
        case toBeRead
    }

    /// The node of what is no folder and need not be read.
    private func saveUnread(_ item: Item) -> Look {
        do {
            guard item.type == .file else {
                return .done(.made(try nodes.node(item.name, item.status, item.type, in: item.folder)))
            }
            guard let stored = item.stored else { return .toBeRead }
            var node = try nodes.node(item.name, item.status, .file, in: item.folder)
            let saved: Saved
            if let content = stored.content(ifElseSameAs: node), isWhole(content) {
                saved = .asBefore(stored)
            } else if let previous = try? stored.node(), item.status.isUnchanged(since: previous),
                let content = previous.content, isWhole(content)
            {
                node.content = content
                saved = .made(node)
            } else {
                return .toBeRead
            }
            progress.finishFile(skipped: item.status.size)
            sampler?.consider(node, at: item.path, in: item.folder)
            report.count(node, isNew: false, isUnchanged: true)
            return .done(saved)
        } catch {
            report.fail(Self.text(item.path), error)
            return .done(nil)
        }
    }

    /// The nodes of small files of one folder, which are saved together.
    private func save(small items: [(place: Int, item: Item)]) async throws -> [(Int, Saved?)] {
        guard let folder = items.first?.item.folder else { return [] }
        progress.begin(Self.text(items[0].item.path))
        let results = try await batches.pass {
            try await files.save(small: items.map(\.item.name), in: folder)
        }
        var nodes: [(Int, Saved?)] = []
        for ((place, item), result) in zip(items, results) {
            do {
                guard let result else {
                    nodes.append((place, try await save(item)))
                    continue
                }
                nodes.append((place, .made(try finish(item, try result.get()))))
            } catch let error where error is SystemError || error is SaveError {
                report.fail(Self.text(item.path), error)
                nodes.append((place, nil))
            }
        }
        return nodes
    }

    private func file(_ item: Item) async throws -> Saved? {
        if case .done(let node) = saveUnread(item) { return node }
        progress.begin(Self.text(item.path))
        return .made(try finish(item, try await readers.pass { try await files.save(item.name, in: item.folder) }))
    }

    private func finish(_ item: Item, _ saved: FileSaver.Saved) throws -> Node {
        var node = try nodes.node(item.name, saved.status, .file, in: item.folder)
        node.content = saved.content
        if saved.isTorn { report.tear(Self.text(item.path)) }
        progress.finishFile()
        sampler?.consider(node, at: item.path, in: item.folder)
        report.count(node, isNew: item.stored == nil, isUnchanged: false, saved.stored)
        return node
    }

    /// Whether the repository has all parts of a file.
    private func isWhole(_ content: [ObjectID]) -> Bool {
        store.index.containsAll(content.lazy.map { BlobHandle(.data, $0) })
    }

    private func folder(_ item: Item) async throws -> Node {
        let folder = try SourceFolder(opening: item.name, in: item.folder)
        var node = try nodes.node(item.name, item.status, .directory, in: item.folder)
        let previous = item.previous
        node.subtree = try await contents(of: folder, item.path, try await previousText(previous?.subtree))
        report.count(node, previous: previous)
        return node
    }

    /// What the parent snapshot has in a folder; nothing where its tree cannot be read, which is reported.
    func previousText(_ tree: ObjectID?) async throws -> TreeText {
        guard let tree else { return .none }
        do {
            return try await blobs.text(of: tree)
        } catch {
            report.fail(Array("parent snapshot".utf8), error)
            return .none
        }
    }

    /// What the parent snapshot has under a name; nothing from where on its text cannot be read, which is reported.
    func find(_ name: [UInt8], _ finder: inout TreeFinder) -> StoredNode? {
        do {
            return try finder.find(name)
        } catch {
            report.fail(Array("parent snapshot".utf8), error)
            finder = TreeFinder()
            return nil
        }
    }

    private func contents(
        of folder: borrowing SourceFolder, _ path: [[UInt8]], _ previous: TreeText
    ) async throws -> ObjectID {
        let names = try folder.names()
        guard !exclusions.excludesContents(of: names, in: folder.number) else {
            return try await save(.plain(Tree.encode([])))
        }
        var finder = try TreeFinder(previous)
        var text = OrderedTree(writer())
        var small = SmallItems()
        let number = folder.number
        try await withThrowingTaskGroup(of: [(Int, Saved?)].self) { group in
            for (place, name) in names.enumerated() {
                while text.waiting >= Self.underway, let nodes = try await group.next() { try text.set(nodes) }
                text.expect()
                guard let item = look(at: name, in: number, path + [name], find(name, &finder)) else {
                    try text.set(nil, at: place)
                    continue
                }
                if item.type == .directory {
                    // A folder of folders would otherwise open as many as there are.
                    guard walkers.take() else {
                        let saved = try await save(item)
                        try text.set(saved, at: place)
                        continue
                    }
                    group.addTask {
                        defer { walkers.giveBack() }
                        return [(place, try await save(item))]
                    }
                } else if case .done(let node) = saveUnread(item) {
                    try text.set(node, at: place)
                } else if item.status.size > FileSaver.small {
                    group.addTask { [(place, try await save(item))] }
                } else if let batch = small.add(item, at: place) {
                    group.addTask { try await save(small: batch) }
                }
            }
            let batch = small.take()
            group.addTask { try await save(small: batch) }
            for try await nodes in group { try text.set(nodes) }
        }
        return try await save(text.finish())
    }

    /// Writes the text of a folder for this repository.
    func writer() -> TreeWriter {
        TreeWriter(packingWith: store.packing)
    }

    /// Stores the text of a folder.
    func save(_ text: TreeText) async throws -> ObjectID {
        let stored = try await store.store(text)
        report.count(stored, length: text.count)
        return stored.id
    }

    /// A path for people.
    private static func text(_ path: [[UInt8]]) -> [UInt8] {
        path.reduce(into: []) { text, name in text += [UInt8(ascii: "/")] + name }
    }
}

/// The text of a folder whose nodes become known in any order.
private struct OrderedTree: ~Copyable {
    private var writer: TreeWriter
    private var known: [Int: Archiver.Saved?] = [:]
    private var next = 0
    private var expected = 0

    init(_ writer: consuming TreeWriter) {
        self.writer = writer
    }

    /// How many nodes were announced and are not written yet.
    var waiting: Int { expected - next }

    mutating func expect() {
        expected += 1
    }

    mutating func set(_ node: Archiver.Saved?, at place: Int) throws {
        guard place == next else {
            known[place] = .some(node)
            return
        }
        try write(node)
        while !known.isEmpty, let node = known.removeValue(forKey: next) { try write(node) }
    }

    private mutating func write(_ node: Archiver.Saved?) throws {
        switch node {
        case .made(let node): try writer.append(node)
        case .asBefore(let node): try writer.append(node)
        case nil: break
        }
        next += 1
    }

    mutating func set(_ nodes: [(Int, Archiver.Saved?)]) throws {
        for (place, node) in nodes { try set(node, at: place) }
    }

    mutating func finish() throws -> TreeText {
        try writer.finish()
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
