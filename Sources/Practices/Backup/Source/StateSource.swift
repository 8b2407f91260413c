// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat
import Store

/// Salus itself, where its store is the embedded one: the store with the keys that the root key wraps, the files of the
/// evidence log, and the settings. The key file, which opens all of that, is never in it: without it, or the recovery
/// phrase, nobody can use the backup.
///
/// The log's files may neither be behind the store, whose leaves would be lost, nor before it, which looks as if the store
/// had been set back. So nobody may publish leaves from before the store is copied until the log's files are.
/// Recording goes on meanwhile: what is recorded waits in the store.
struct StateSource: SnapshotSource {
    let folder: String

    /// - Parameter folder: the data folder, absolute.
    init(folder: String) {
        self.folder = folder
    }

    var paths: [String] { [folder] }

    private static let store = "salus.db"
    /// What else is in a data folder and worth keeping. An allow-list: a key that lies there by mistake is not taken along.
    private static let others = ["authority.pem", "salus.yaml"]

    /// - Throws: `SourceError.noState`, `.busyLog`, `.room`; `Fault` when the store cannot be read; `SystemError`.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        let database = "\(folder)/\(Self.store)"
        guard unsafe access(database, F_OK) == 0 else { throw SourceError.noState(folder: folder) }
        let names = Targets.names(of: folder, from: "/")
        let before = try await contents(of: names, previous, archiver)
        var root = AssembledFolder()
        try root.addFolders(to: names, archiver)
        let open = OpenFile(try Descriptor(opening: Array(folder.utf8), O_RDONLY | O_DIRECTORY))
        // An error on the way gives the lock back too.
        let lock = try await Self.holdLog(ofStoreIn: database)
        let copy = try DatabaseCopy(of: database)
        try await add("ledger", in: open, names, before, archiver, to: &root)
        await lock.release()
        let path = names + [Array(Self.store.utf8)]
        let saved = try await copy.save(archiver, as: path, in: open.descriptor.number)
        root.add(saved.node, at: path[...], saved.stored, pattern: saved.node)
        for other in Self.others { try await add(other, in: open, names, before, archiver, to: &root) }
        return try await root.save(archiver, previous: previous)
    }

    /// Keeps everybody from publishing leaves.
    private static func holdLog(ofStoreIn database: String) async throws -> StoreLock {
        // Whoever publishes gives the lock back within moments.
        for _ in 0..<600 {
            if let lock = try StoreLock.take("ledger", ofStoreIn: database) { return lock }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw SourceError.busyLog
    }

    /// The text of what the parent snapshot has in the data folder.
    private func contents(of path: [[UInt8]], _ root: TreeText, _ archiver: Archiver) async throws -> TreeText {
        var text = root
        for name in path {
            var finder = try TreeFinder(text)
            text = try await archiver.previousText(try? archiver.find(name, &finder)?.node().subtree)
        }
        return text
    }

    /// Saves what is under a name in the data folder, where there is something.
    private func add(
        _ name: String, in folder: OpenFile, _ path: [[UInt8]], _ previous: TreeText, _ archiver: Archiver,
        to root: inout AssembledFolder
    ) async throws {
        let (name, number) = (Array(name.utf8), folder.descriptor.number)
        guard (try? SourceStatus(of: name, in: number)) != nil else { return }
        var finder = try TreeFinder(previous)
        let before = archiver.find(name, &finder)
        guard let item = archiver.look(at: name, in: number, path + [name], before, isTarget: true),
            let saved = try await archiver.save(item)
        else { return }
        root.add(saved: try saved.node(), at: (path + [name])[...])
    }
}
