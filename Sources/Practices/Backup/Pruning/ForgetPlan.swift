// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which snapshots are kept, and which are forgotten.
struct ForgetPlan: Sendable {
    /// Snapshots that are judged together.
    struct Group: Sendable {
        let key: SnapshotGrouping.Key
        var kept: [(entry: SnapshotList.Entry, reasons: [String])] = []
        var removed: [SnapshotList.Entry] = []
    }

    var groups: [Group] = []

    var removed: [SnapshotList.Entry] { groups.flatMap(\.removed) }

    /// By a policy, group by group.
    ///
    /// - Throws: `ForgetError.lastOfGroup` when a policy that keeps something would keep nothing of a group.
    init(
        _ entries: [SnapshotList.Entry], _ policy: RetentionPolicy, by grouping: SnapshotGrouping, now: Timestamp
    ) throws(ForgetError) {
        for found in grouping.groups(of: entries) {
            var group = Group(key: found.key)
            for verdict in policy.apply(to: found.entries.map(\.snapshot), now: now) {
                let entry = found.entries[verdict.place]
                if verdict.isKept { group.kept.append((entry, verdict.reasons)) } else { group.removed.append(entry) }
            }
            guard !group.kept.isEmpty || policy.isEmpty else {
                throw .lastOfGroup(group.removed.first?.snapshot.paths.joined(separator: " ") ?? "")
            }
            groups.append(group)
        }
    }

    /// Keeps the base backups without which logs of a PostgreSQL server that stay cannot be restored.
    ///
    /// - Parameter all: every snapshot of the repository, also those that were not judged.
    /// - Throws: `FormatError`, `BlobError`, `PlaceError`, `RepositoryError` where it cannot be told which those are.
    mutating func keepBases(of all: [SnapshotList.Entry], in repository: Repository) async throws {
        let going = Set(removed.map(\.id))
        let logs = all.filter { !going.contains($0.id) }.compactMap { entry in
            ClusterLayout.server(ofLog: entry.snapshot.paths).map { (entry.snapshot, $0) }
        }
        guard !logs.isEmpty, !removed.isEmpty else { return }
        let (index, flaws) = try await LoadedIndex.load(repository)
        guard flaws.isEmpty else { throw RepositoryError.damaged(flaws) }
        let blobs = BlobReader(repository: repository, index: index)
        var bases: Set<ObjectID> = []
        for (log, server) in logs {
            if let base = try await LogBase.named(server, by: log, blobs) { bases.insert(base) }
        }
        for place in groups.indices {
            for entry in groups[place].removed where bases.contains(entry.id) || entry.isCopy(ofOneOf: bases) {
                groups[place].removed.removeAll { $0.id == entry.id }
                groups[place].kept.append((entry, ["base of a log"]))
            }
        }
    }
}

extension SnapshotList.Entry {
    fileprivate func isCopy(ofOneOf ids: Set<ObjectID>) -> Bool {
        snapshot.original.map(ids.contains) ?? false
    }
}

/// Why no snapshot was forgotten.
enum ForgetError: Error, Equatable, CustomStringConvertible {
    /// Nothing says what is to be kept.
    case noPolicy
    /// Everything would go, of whatever machine.
    case everything
    /// All snapshots of these paths would go.
    case lastOfGroup(String)

    var description: String {
        switch self {
        case .noPolicy: "say what to keep, for instance --keep-daily 14, or name snapshots; nothing was deleted"
        case .everything:
            "--unsafe-allow-remove-all needs --host, --tag or --path: it never means all snapshots; nothing was deleted"
        case .lastOfGroup(let paths): "no snapshot of \(paths) would be left; nothing was deleted"
        }
    }
}
