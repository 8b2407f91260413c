// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat
import Store

/// One SQLite database, as its library hands it out: whole, whoever writes it meanwhile. The snapshot has it under its own
/// path, without the files that SQLite keeps beside it.
struct SQLiteSource: SnapshotSource {
    let path: String

    /// - Parameter path: absolute. A link leads to the database that is meant.
    init(path: String) {
        guard let real = unsafe realpath(path, nil) else {
            self.path = path
            return
        }
        defer { unsafe free(real) }
        self.path = unsafe String(cString: real)
    }

    var paths: [String] { [path] }

    /// - Throws: `Fault` when the database cannot be read or is damaged; `SourceError.room`; `SystemError`.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        let names = Targets.names(of: path, from: "/")
        guard !names.isEmpty else { throw SystemError(EISDIR, "read", Array(path.utf8)) }
        let folders = Array(names.dropLast())
        archiver.progress.begin(Array(path.utf8))
        let copy = try DatabaseCopy(of: path)
        var root = AssembledFolder()
        try root.addFolders(to: folders, archiver)
        let folder = try Descriptor(opening: PathText.bytes(folders), O_RDONLY | O_DIRECTORY)
        let saved = try await copy.save(archiver, as: names, in: folder.number)
        root.add(saved.node, at: names[...], saved.stored, pattern: saved.node)
        return try await root.save(archiver, previous: previous)
    }
}
