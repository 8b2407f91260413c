// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Files and folders that are backed up, as the file system shows them.
struct FileSource: SnapshotSource {
    /// Absolute. One inside another is part of it.
    let paths: [String]

    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        try await Targets(paths.map { Targets.names(of: $0, from: "/") }).save(archiver, previous: previous)
    }
}

/// What is to be backed up, as the folders on the way to it: the tree of a snapshot begins at the root.
struct Targets: Sendable {
    private var folders: [Entry] = []
    /// Where in `folders` a name is.
    private var places: [[UInt8]: Int] = [:]

    private struct Entry: Sendable {
        let name: [UInt8]
        var isTarget: Bool
        var inside: Targets
    }

    /// - Parameter paths: absolute, as the names from the root on. A target inside another is part of it.
    init(_ paths: [[[UInt8]]]) {
        for path in paths { add(path[...]) }
    }

    private init() {}

    private mutating func add(_ path: ArraySlice<[UInt8]>) {
        guard let name = path.first else { return }
        let rest = path.dropFirst()
        let place = places[name] ?? folders.count
        if place == folders.count {
            folders.append(Entry(name: name, isTarget: false, inside: Targets()))
            places[name] = place
        }
        guard !folders[place].isTarget else { return }
        if rest.isEmpty { folders[place] = Entry(name: name, isTarget: true, inside: Targets()) }
        folders[place].inside.add(rest)
    }

    /// The names of an absolute path, without `.` and `..`.
    ///
    /// - Parameter base: the absolute folder from which a relative path counts.
    static func names(of path: String, from base: String) -> [[UInt8]] {
        let whole = path.utf8.first == UInt8(ascii: "/") ? path : base + "/" + path
        var names: [[UInt8]] = []
        for name in whole.utf8.split(separator: UInt8(ascii: "/")).map(Array.init) {
            switch name {
            case [0x2E]: continue
            case [0x2E, 0x2E]: _ = names.popLast()
            default: names.append(name)
            }
        }
        return names
    }

    /// Saves everything; the tree that begins at the root.
    ///
    /// - Parameter previous: the text of the parent snapshot's root.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        try await save(archiver, at: [], previous)
    }

    private func save(_ archiver: Archiver, at path: [[UInt8]], _ previous: TreeText) async throws -> ObjectID {
        // Links on the way to a target are followed: what was asked for is what is there.
        let folder = try Descriptor(opening: Self.text(path), O_RDONLY | O_DIRECTORY)
        var finder = try TreeFinder(previous)
        var writer = archiver.writer()
        for entry in folders.sorted(by: { Tree.areInOrder($0.name, $1.name) }) {
            let here = path + [entry.name]
            let stored = archiver.find(entry.name, &finder)
            if entry.isTarget {
                guard let item = archiver.look(at: entry.name, in: folder.number, here, stored, isTarget: true),
                    let saved = try await archiver.save(item)
                else { continue }
                switch saved {
                case .made(let node): try writer.append(node)
                case .asBefore(let node): try writer.append(node)
                }
            } else if let node = try await way(to: entry, at: here, stored, archiver, in: folder.number) {
                try writer.append(node)
            }
        }
        return try await archiver.save(writer.finish())
    }

    /// A folder on the way to a target; nil where it cannot be read, which is reported: what else was named is kept.
    private func way(
        to entry: Entry, at path: [[UInt8]], _ stored: StoredNode?, _ archiver: Archiver, in folder: Int32
    ) async throws -> Node? {
        do {
            let status = try Descriptor(opening: Self.text(path), O_RDONLY | O_DIRECTORY).status()
            var node = try archiver.nodes.node(entry.name, status, .directory, in: folder)
            let before = try? stored?.node()
            node.subtree = try await entry.inside.save(archiver, at: path, archiver.previousText(before?.subtree))
            archiver.report.count(node, previous: before)
            return node
        } catch let error as SystemError {
            archiver.report.fail(Self.text(path), error)
            return nil
        }
    }

    private static func text(_ path: [[UInt8]]) -> [UInt8] {
        path.isEmpty ? [UInt8(ascii: "/")] : path.reduce(into: []) { $0 += [UInt8(ascii: "/")] + $1 }
    }
}
