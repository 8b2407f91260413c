// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat
import Synchronization

/// Restores a folder of a snapshot.
struct Restorer: Sendable {
    let blobs: BlobReader
    let target: String
    let selection: RestoreSelection
    /// Whether what was written is read again and held against its hashes.
    var verifies = false
    /// Whether nothing is written: only counted.
    var isDryRun = false
    let progress: RestoreProgress
    private let readers = Turnstile(3)
    private let links = Links()

    init(
        blobs: BlobReader, target: String, selection: RestoreSelection, verifies: Bool, isDryRun: Bool,
        progress: RestoreProgress
    ) {
        (self.blobs, self.target, self.selection, self.verifies) = (blobs, target, selection, verifies)
        (self.isDryRun, self.progress) = (isDryRun, progress)
    }

    /// Restores everything in `tree` that is selected into the target.
    ///
    /// - Throws: `SystemError` when the target cannot be made, `BlobError` when its root cannot be read. What else goes
    ///   wrong is counted by `progress`, and the rest is restored.
    func restore(_ tree: ObjectID) async throws {
        let nodes = try await blobs.nodes(of: tree)
        let top = isDryRun ? nil : RestoreTop(try RestoreFolder(making: target))
        try await restore(nodes, at: [], top)
    }

    private func restore(_ nodes: [Node], at path: [[UInt8]], _ top: RestoreTop?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var underway = 0
            for node in nodes {
                try Task.checkCancellation()
                let here = path + [node.name]
                guard RestoreFolder.isSafe(node.name) else {
                    progress.fail(here, "its name is no name of a file")
                    continue
                }
                if node.type == .directory {
                    try await folder(node, here, top)
                } else if selection.selects(here) {
                    if underway >= 16, try await group.next() != nil { underway -= 1 }
                    group.addTask { try await other(node, here, top) }
                    underway += 1
                }
            }
            try await group.waitForAll()
        }
    }

    private func folder(_ node: Node, _ path: [[UInt8]], _ top: RestoreTop?) async throws {
        let isSelected = selection.selects(path)
        guard isSelected || selection.mayFind(in: path), let tree = node.subtree else { return }
        do {
            if isSelected, let top { _ = try top.parent(of: path).folder(node.name) }
            try await restore(try await blobs.nodes(of: tree), at: path, top)
            guard isSelected else { return }
            progress.finish(bytes: 0)
            // Last: restoring into a folder changes its times.
            if let top { report(try top.parent(of: path).set(node), path) }
        } catch let error where error is SystemError || error is BlobError || error is FormatError {
            progress.fail(path, "\(error)")
        }
    }

    private func other(_ node: Node, _ path: [[UInt8]], _ top: RestoreTop?) async throws {
        do {
            guard let top else { return progress.finish(bytes: Int64(clamping: node.size)) }
            let parent = try top.makingParent(of: path)
            if node.type == .file, node.links > 1, let first = await links.first(node, path) {
                try parent.link(node.name, to: first.name, in: top.parent(of: first.path))
                return progress.finish(bytes: 0)
            }
            if node.type == .file {
                try await readers.pass { try await write(node, path, top) }
            } else if node.type != .socket {
                try parent.make(node)
            }
            report(parent.set(node), path)
            if node.type == .file, node.links > 1 { await links.finish(node, path) }
            progress.finish(bytes: 0)
        } catch {
            if node.type == .file, node.links > 1 { await links.finish(node, nil) }
            if error is CancellationError || (error as? PlaceError)?.isOfWholePlace == true { throw error }
            progress.fail(path, "\(error)")
        }
    }

    private func write(_ node: Node, _ path: [[UInt8]], _ top: RestoreTop) async throws {
        let file = OpenFile(try top.parent(of: path).file(node.name))
        var offset: Int64 = 0
        for id in node.content ?? [] {
            try Task.checkCancellation()
            let content = try await blobs.content(BlobHandle(.data, id))
            try SparseWriter.write(content, to: file.descriptor, at: offset)
            offset += Int64(content.count)
            progress.add(bytes: content.count)
        }
        // The last bytes may be a hole.
        try file.descriptor.truncate(to: offset)
        if verifies { try await verify(file, node) }
    }

    private func verify(_ file: OpenFile, _ node: Node) async throws {
        var offset: Int64 = 0
        for id in node.content ?? [] {
            let length = blobs.index.places(BlobHandle(.data, id)).first?.blob.contentLength ?? 0
            var bytes = Array(repeating: UInt8(0), count: length)
            let count = try file.descriptor.read(into: &bytes, at: offset)
            guard count == length, ObjectID(hashing: bytes) == id else { throw RestoreError.differs }
            offset += Int64(length)
        }
    }

    private func report(_ errors: [SystemError], _ path: [[UInt8]]) {
        for error in errors { progress.fail(path, "\(error)") }
    }
}

enum RestoreError: Error, CustomStringConvertible {
    /// What was written reads back differently.
    case differs

    var description: String { "what was written reads back differently: the disk may be damaged" }
}

/// The folder at the top, from which every path is walked anew.
final class RestoreTop: Sendable {
    private let folder: RestoreFolder

    init(_ folder: consuming RestoreFolder) {
        self.folder = folder
    }

    /// The folder in which the last name of a path is.
    func parent(of path: [[UInt8]]) throws(SystemError) -> RestoreFolder {
        try folder.folder(at: path.dropLast()[...])
    }

    /// The same, made where folders on the way were not selected themselves.
    func makingParent(of path: [[UInt8]]) throws(SystemError) -> RestoreFolder {
        var here = try folder.folder(at: [])
        for name in path.dropLast() { here = try here.folder(name) }
        return here
    }
}

/// Files that have several names: the first is restored, the others become links to it.
private actor Links {
    private struct Key: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private enum State {
        case underway([CheckedContinuation<(path: [[UInt8]], name: [UInt8])?, Never>])
        case done(path: [[UInt8]], name: [UInt8])
    }

    private var states: [Key: State] = [:]

    /// Where the file was restored already; nil for whoever has to restore it.
    func first(_ node: Node, _ path: [[UInt8]]) async -> (path: [[UInt8]], name: [UInt8])? {
        let key = Key(device: node.device, inode: node.inode)
        switch states[key] {
        case nil:
            states[key] = .underway([])
            return nil
        case .done(let path, let name): return (path, name)
        case .underway:
            return await withCheckedContinuation { continuation in
                if case .underway(let waiting) = states[key] { states[key] = .underway(waiting + [continuation]) }
            }
        }
    }

    /// Tells that it is there, or (nil) that it could not be restored: then the next one has to.
    func finish(_ node: Node, _ path: [[UInt8]]?) {
        let key = Key(device: node.device, inode: node.inode)
        guard case .underway(var waiting) = states[key] else { return }
        if let path {
            states[key] = .done(path: path, name: node.name)
            for continuation in waiting { continuation.resume(returning: (path, node.name)) }
        } else if waiting.isEmpty {
            states[key] = nil
        } else {
            let next = waiting.removeFirst()
            states[key] = .underway(waiting)
            next.resume(returning: nil)
        }
    }
}

/// Writes content without its long rows of zeros, which become holes.
enum SparseWriter {
    private static let block = 4_096

    static func write(_ content: [UInt8], to file: borrowing Descriptor, at offset: Int64) throws(SystemError) {
        var start = 0
        while start < content.count {
            let isZero = Self.isZero(content, start)
            var end = start
            while end < content.count, Self.isZero(content, end) == isZero { end = min(end + block, content.count) }
            if !isZero { try file.write(content, start..<end, at: offset + Int64(start)) }
            start = end
        }
    }

    private static func isZero(_ content: [UInt8], _ start: Int) -> Bool {
        let end = min(start + block, content.count)
        guard content[start] == 0, end - start == block else { return false }
        return content[start..<end].allSatisfy { $0 == 0 }
    }
}
