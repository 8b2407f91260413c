// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The snapshots of a repository.
struct SnapshotList: Sendable {
    /// From the oldest to the newest.
    let snapshots: [Entry]
    /// What could not be read: each line names a file.
    let flaws: [String]

    struct Entry: Sendable {
        let id: ObjectID
        let snapshot: Snapshot
    }

    /// Reads all of them.
    ///
    /// - Throws: `PlaceError`.
    static func load(_ repository: Repository) async throws -> SnapshotList {
        try await load(repository, try await repository.place.list(.snapshots).map(\.id))
    }

    /// Reads those of them that were listed.
    ///
    /// - Throws: `PlaceError`.
    static func load(_ repository: Repository, _ ids: [ObjectID]) async throws -> SnapshotList {
        var (entries, flaws): ([Entry], [String]) = ([], [])
        try await repository.each(.snapshots, ids, Snapshot.parse) { id, snapshot in
            switch snapshot {
            case .success(let snapshot): entries.append(Entry(id: id, snapshot: snapshot))
            case .failure(let error): flaws.append("snapshot \(id.short): \(error)")
            }
        }
        entries.sort { one, other in
            one.snapshot.time.isSameMoment(as: other.snapshot.time)
                ? one.id < other.id : one.snapshot.time.isBefore(other.snapshot.time)
        }
        return SnapshotList(snapshots: entries, flaws: flaws.sorted())
    }

    /// The snapshot that is meant by `latest` or by the first digits of its id.
    ///
    /// - Parameter filter: which snapshots `latest` looks at; whoever names one means that one.
    /// - Throws: `SnapshotChoiceError`.
    func choose(_ text: String, _ filter: SnapshotFilter = SnapshotFilter()) throws -> Entry {
        if text == "latest" {
            guard !snapshots.isEmpty else { throw SnapshotChoiceError.none }
            guard let last = snapshots.last(where: { filter.selects($0.snapshot) }) else {
                throw SnapshotChoiceError.noneSelected
            }
            return last
        }
        let found = snapshots.filter { $0.id.hasPrefix(text) }
        guard let first = found.first else { throw SnapshotChoiceError.unknown(text) }
        guard found.count == 1, text.utf8.count >= 2 else { throw SnapshotChoiceError.several(text) }
        return first
    }
}

/// Why a snapshot was not found.
enum SnapshotChoiceError: Error, Equatable, CustomStringConvertible {
    case none
    /// None of that machine, with those tags and paths.
    case noneSelected
    case unknown(String)
    case several(String)
    /// There is no such folder in it.
    case noFolder(String)
    /// Only whole snapshots are meant.
    case folderNotAllowed(String)

    var description: String {
        switch self {
        case .none: "there is no snapshot in this repository"
        case .noneSelected: "no snapshot is of that machine, with those tags and paths"
        case .unknown(let text): "no snapshot begins with `\(text)`"
        case .several(let text): "several snapshots begin with `\(text)`: give more of its id"
        case .noFolder(let text): "there is no folder `\(text)`"
        case .folderNotAllowed(let text): "name only the snapshot, without a folder: `\(text)`"
        }
    }
}
