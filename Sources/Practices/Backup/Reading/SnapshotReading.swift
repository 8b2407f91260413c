// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// A repository whose snapshots are read: all of them, and the blobs of which they consist.
struct SnapshotReading: Sendable {
    let snapshots: SnapshotList
    let blobs: BlobReader

    /// Lists the snapshots and loads the index.
    ///
    /// - Parameter complaints: what cannot be read is named here; the rest is there all the same.
    static func open(_ repository: Repository, _ complaints: Complaints) async throws -> SnapshotReading {
        let snapshots = try await SnapshotList.load(repository)
        let (index, flaws) = try await LoadedIndex.load(repository)
        for flaw in flaws { complaints.add(flaw) }
        return SnapshotReading(snapshots: snapshots, blobs: BlobReader(repository: repository, index: index))
    }

    /// A folder of a snapshot.
    struct Folder: Sendable {
        let entry: SnapshotList.Entry
        let tree: ObjectID
    }

    /// The folder that is meant by a snapshot, or by a snapshot and a folder in it: `latest:/etc`.
    ///
    /// - Throws: `SnapshotChoiceError`, `BlobError`.
    func folder(_ text: String, _ filter: SnapshotFilter = SnapshotFilter()) async throws -> Folder {
        let (name, path) = SnapshotPath.split(text)
        let entry = try snapshots.choose(name, filter)
        guard let tree = try await blobs.find(path, from: entry.snapshot.tree)?.tree else {
            throw SnapshotChoiceError.noFolder(text)
        }
        return Folder(entry: entry, tree: tree)
    }
}
