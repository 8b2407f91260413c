// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat
import Synchronization

/// A mounted repository: what the kernel asks of it, and the answers. Only folders and parts of files that are asked for
/// are read; of the last ones some are kept.
struct MountedRepository: Sendable {
    let snapshots: MountedSnapshots
    let table = MountTable()
    let handles = MountHandles()
    /// Whether everything belongs to root.
    let ownerIsRoot: Bool
    private let folders = RecentlyUsed<ObjectID, [Node]>(limit: 100_000) { $0.count + 1 }
    private let parts = RecentlyUsed<ObjectID, [UInt8]>(limit: 64 << 20) { $0.count }

    init(_ snapshots: MountedSnapshots, ownerIsRoot: Bool) {
        (self.snapshots, self.ownerIsRoot) = (snapshots, ownerIsRoot)
    }

    /// A name in a folder.
    ///
    /// - Throws: `MountError`.
    func look(_ name: [UInt8], in number: UInt64) async throws -> (number: UInt64, thing: MountTable.Thing) {
        let folder = try thing(number)
        guard RestoreFolder.isSafe(name), let kind = try await kind(of: name, in: folder) else {
            throw MountError.number(ENOENT)
        }
        let found = MountTable.Thing(
            kind: kind, inode: Self.inode(of: kind, name, in: folder), parentInode: folder.inode)
        return (table.enter(found, name, in: number), found)
    }

    func thing(_ number: UInt64) throws(MountError) -> MountTable.Thing {
        guard let thing = table.thing(number) else { throw .number(ENOENT) }
        return thing
    }

    private func kind(of name: [UInt8], in folder: MountTable.Thing) async throws -> MountTable.Thing.Kind? {
        if case .folder(let path) = folder.kind {
            return await snapshots.current().entry(at: path + [name]).map { Self.kind(of: $0, path + [name]) }
        }
        guard let (tree, root) = Self.tree(of: folder) else { throw MountError.number(ENOTDIR) }
        return Self.find(name, in: try await nodes(of: tree)).map { .node($0, root: root) }
    }

    private static func kind(of entry: MountLayout.Entry, _ path: [[UInt8]]) -> MountTable.Thing.Kind {
        switch entry {
        case .folder: .folder(path)
        case .snapshot(let entry): .snapshot(entry.snapshot)
        case .link(let target, let snapshot): .link(target, snapshot)
        }
    }

    private static func inode(
        of kind: MountTable.Thing.Kind, _ name: [UInt8], in folder: MountTable.Thing
    ) -> UInt64 {
        if case .node(let node, let root) = kind { return MountInode.of(node, in: folder.inode, root: root) }
        return MountInode.of(name, in: folder.inode)
    }

    private static func tree(of folder: MountTable.Thing) -> (tree: ObjectID, root: ObjectID)? {
        switch folder.kind {
        case .snapshot(let snapshot): (snapshot.tree, snapshot.tree)
        case .node(let node, let root): node.subtree.map { ($0, root) }
        case .folder, .link: nil
        }
    }

    /// Nodes stand in the order of their names.
    private static func find(_ name: [UInt8], in nodes: [Node]) -> Node? {
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if Tree.areInOrder(nodes[middle].name, name) { low = middle + 1 } else { high = middle }
        }
        return low < nodes.count && nodes[low].name == name ? nodes[low] : nil
    }

    private func nodes(of tree: ObjectID) async throws -> [Node] {
        let snapshots = snapshots
        return try await folders.value(tree) { try await snapshots.blobs.nodes(of: tree) }
    }
}

// Folders and files that are open.
extension MountedRepository {
    /// Opens a folder; what is in it stays as it is until it is closed.
    func openFolder(_ number: UInt64) async throws -> UInt64 {
        let folder = try thing(number)
        var entries = [
            MountHandles.Entry(name: [0x2E], inode: folder.inode, mode: S_IFDIR),
            MountHandles.Entry(name: [0x2E, 0x2E], inode: folder.parentInode, mode: S_IFDIR),
        ]
        if case .folder(let path) = folder.kind {
            guard case .folder(let names)? = await snapshots.current().entry(at: path) else {
                throw MountError.number(ENOENT)
            }
            for (name, entry) in names.sorted(by: { Tree.areInOrder($0.key, $1.key) }) {
                let isLink = if case .link = entry { true } else { false }
                let inode = MountInode.of(name, in: folder.inode)
                entries.append(MountHandles.Entry(name: name, inode: inode, mode: isLink ? S_IFLNK : S_IFDIR))
            }
        } else {
            guard let (tree, root) = Self.tree(of: folder) else { throw MountError.number(ENOTDIR) }
            for node in try await nodes(of: tree) where RestoreFolder.isSafe(node.name) {
                let inode = MountInode.of(node, in: folder.inode, root: root)
                entries.append(MountHandles.Entry(name: node.name, inode: inode, mode: node.type.unixMode))
            }
        }
        return handles.open(.folder(entries))
    }

    /// Opens a file: finds out where in it each of its parts begins.
    func openFile(_ number: UInt64) async throws -> UInt64 {
        guard case .node(let node, _) = try thing(number).kind, node.type == .file else {
            throw MountError.number(EISDIR)
        }
        let index = await snapshots.blobs.index
        var (starts, end): ([UInt64], UInt64) = ([], 0)
        for id in node.content ?? [] {
            let handle = BlobHandle(.data, id)
            guard let place = index.places(handle).first else { throw BlobError.unknown(handle) }
            starts.append(end)
            end += UInt64(place.blob.contentLength)
        }
        return handles.open(.file(parts: node.content ?? [], starts: starts))
    }

    /// Bytes of an open file; fewer only at its end.
    func read(_ handle: UInt64, at offset: UInt64, count: Int) async throws -> [UInt8] {
        guard case .file(let ids, let starts)? = handles.get(handle) else { throw MountError.number(EBADF) }
        var bytes: [UInt8] = []
        // The last part that begins at the offset or before.
        var place = starts.partitioningIndex { $0 > offset } - 1
        while place >= 0, place < ids.count, bytes.count < count {
            let id = ids[place]
            let snapshots = snapshots
            let part = try await parts.value(id) { try await snapshots.blobs.content(BlobHandle(.data, id)) }
            let from = Int(offset + UInt64(bytes.count) - starts[place])
            guard from < part.count else { break }
            bytes += part[from..<min(part.count, from + count - bytes.count)]
            place += 1
        }
        return bytes
    }
}

extension [UInt64] {
    /// The first place from which on everything meets the condition, in an array in which what meets it comes last.
    fileprivate func partitioningIndex(where isMet: (UInt64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isMet(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Why the kernel gets no answer: a number of errno(3).
enum MountError: Error, Equatable {
    case number(Int32)
}

/// What is open.
final class MountHandles: Sendable {
    /// A name in an open folder.
    struct Entry: Sendable {
        let name: [UInt8]
        let inode: UInt64
        let mode: UInt32
    }

    enum Open: Sendable {
        case folder([Entry])
        case file(parts: [ObjectID], starts: [UInt64])
    }

    private let state = Mutex<(open: [UInt64: Open], last: UInt64)>(([:], 0))

    func open(_ open: Open) -> UInt64 {
        state.withLock { state in
            state.last += 1
            state.open[state.last] = open
            return state.last
        }
    }

    func get(_ handle: UInt64) -> Open? {
        state.withLock { $0.open[handle] }
    }

    func close(_ handle: UInt64) {
        state.withLock { _ = $0.open.removeValue(forKey: handle) }
    }
}
