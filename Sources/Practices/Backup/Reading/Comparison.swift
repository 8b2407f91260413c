// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What differs between two folders. Folders with one id have one content and are not looked into.
struct Comparison {
    let blobs: BlobReader
    /// Whether owners, permissions and times count.
    var looksAtMetadata = false
    let complaints: Complaints
    private(set) var changedFiles = 0
    private(set) var added = Counts()
    private(set) var removed = Counts()
    private var before: Set<BlobHandle> = []
    private var after: Set<BlobHandle> = []
    /// Folders that both have.
    private var common: [ObjectID] = []

    /// A difference: `+` new, `-` gone, `M` other content, `U` other metadata, `T` of another type; `?` behind `M` where
    /// everything else stayed as it was, which no program does to a file.
    struct Change: Sendable {
        /// Ends in a slash for a folder.
        let path: [UInt8]
        let mark: String
    }

    /// What only one of the two has.
    struct Counts: Sendable {
        var files = 0
        var folders = 0
        var others = 0
        var dataBlobs = 0
        var treeBlobs = 0
        /// Of the content of those blobs.
        var bytes: UInt64 = 0
    }

    /// Which of the two.
    private enum Side {
        case before, after
    }

    init(_ blobs: BlobReader, _ complaints: Complaints) {
        (self.blobs, self.complaints) = (blobs, complaints)
    }

    /// Shows each difference to `found`, in the order of paths, and counts them.
    ///
    /// - Throws: `CancellationError`, and what `found` throws. Folders that cannot be read are complained about.
    mutating func run(_ first: ObjectID, _ second: ObjectID, found: (Change) throws -> Void) async throws {
        (before, after) = ([BlobHandle(.tree, first)], [BlobHandle(.tree, second)])
        guard first != second else { return }
        try await compare(first, second, at: [], found)
        try await countBlobs()
    }

    private mutating func compare(
        _ first: ObjectID, _ second: ObjectID, at path: [[UInt8]], _ found: (Change) throws -> Void
    ) async throws {
        guard let old = await nodes(of: first, at: path), let new = await nodes(of: second, at: path) else { return }
        var (olds, news) = (old[...], new[...])
        while !olds.isEmpty || !news.isEmpty {
            try Task.checkCancellation()
            let (one, other) = Self.next(&olds, &news)
            if let one { collect(one, &before) }
            if let other { collect(other, &after) }
            switch (one, other) {
            case (let one?, let other?): try await compare(one, other, at: path + [other.name], found)
            case (let one?, nil): try await report(one, at: path + [one.name], .before, found)
            case (nil, let other?): try await report(other, at: path + [other.name], .after, found)
            case (nil, nil): break
            }
        }
    }

    /// The next node of each side, or of the one whose name comes first.
    private static func next(
        _ olds: inout ArraySlice<Node>, _ news: inout ArraySlice<Node>
    ) -> (old: Node?, new: Node?) {
        guard let old = olds.first else { return (nil, news.popFirst()) }
        guard let new = news.first else { return (olds.popFirst(), nil) }
        if Tree.areInOrder(old.name, new.name) { return (olds.popFirst(), nil) }
        if Tree.areInOrder(new.name, old.name) { return (nil, news.popFirst()) }
        return (olds.popFirst(), news.popFirst())
    }

    private mutating func compare(
        _ one: Node, _ other: Node, at path: [[UInt8]], _ found: (Change) throws -> Void
    ) async throws {
        let mark = mark(one, other)
        if !mark.isEmpty { try found(Change(path: Self.text(path, other), mark: mark)) }
        guard one.type == .directory, other.type == .directory, let old = one.subtree, let new = other.subtree else {
            return
        }
        if old == new { common.append(old) } else { try await compare(old, new, at: path, found) }
    }

    private mutating func mark(_ one: Node, _ other: Node) -> String {
        var mark = one.type == other.type ? "" : "T"
        if one.type == .file, other.type == .file, one.content != other.content {
            changedFiles += 1
            mark += "M"
            if one.hasSameMetadata(as: other) { mark += "?" }
        } else if looksAtMetadata, one.content != other.content || !one.hasSameMetadata(as: other) {
            mark += "U"
        }
        return mark
    }

    /// What only one side has, with everything in it.
    private mutating func report(
        _ node: Node, at path: [[UInt8]], _ side: Side, _ found: (Change) throws -> Void
    ) async throws {
        try found(Change(path: Self.text(path, node), mark: side == .before ? "-" : "+"))
        if side == .before { removed.count(node) } else { added.count(node) }
        guard node.type == .directory, let tree = node.subtree, let nodes = await nodes(of: tree, at: path) else {
            return
        }
        for inner in nodes {
            try Task.checkCancellation()
            if side == .before { collect(inner, &before) } else { collect(inner, &after) }
            try await report(inner, at: path + [inner.name], side, found)
        }
    }

    private func nodes(of tree: ObjectID, at path: [[UInt8]]) async -> [Node]? {
        do {
            return try await blobs.nodes(of: tree)
        } catch {
            complaints.add("\(UnreadableFolder(path: path, reason: "\(error)"))")
            return nil
        }
    }

    private func collect(_ node: Node, _ handles: inout Set<BlobHandle>) {
        if node.type == .file { for id in node.content ?? [] { handles.insert(BlobHandle(.data, id)) } }
        if let tree = node.subtree { handles.insert(BlobHandle(.tree, tree)) }
    }

    private static func text(_ path: [[UInt8]], _ node: Node) -> [UInt8] {
        PathText.bytes(path) + (node.type == .directory ? [UInt8(ascii: "/")] : [])
    }
}

// Blobs that only one side has. What moved out of a folder that stayed as it was is in there still, so those folders are
// looked into after all, but only until nothing is left that could be in them.
extension Comparison {
    private mutating func countBlobs() async throws {
        var (gone, new) = (before.subtracting(after), after.subtracting(before))
        (before, after) = ([], [])
        var seen: Set<ObjectID> = []
        for tree in common {
            guard !gone.isEmpty || !new.isEmpty else { break }
            guard seen.insert(tree).inserted else { continue }
            try await TreeWalk(blobs: blobs, complaints: complaints).walk(tree) { item in
                guard !gone.isEmpty || !new.isEmpty else { return .past }
                var found: Set<BlobHandle> = []
                collect(item.node, &found)
                gone.subtract(found)
                new.subtract(found)
                return item.node.subtree.map { seen.insert($0).inserted } ?? false ? .inside : .past
            }
        }
        count(gone, &removed)
        count(new, &added)
    }

    private func count(_ handles: Set<BlobHandle>, _ counts: inout Counts) {
        for handle in handles {
            if handle.type == .data { counts.dataBlobs += 1 } else { counts.treeBlobs += 1 }
            guard let place = blobs.index.places(handle).first else {
                complaints.add("\(BlobError.unknown(handle))")
                continue
            }
            counts.bytes &+= UInt64(place.blob.contentLength)
        }
    }
}

extension Comparison.Counts {
    fileprivate mutating func count(_ node: Node) {
        switch node.type {
        case .file: files += 1
        case .directory: folders += 1
        default: others += 1
        }
    }
}
