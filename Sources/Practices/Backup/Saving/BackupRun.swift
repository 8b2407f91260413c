// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// One backup from beginning to end.
struct BackupRun: Sendable {
    let repository: Repository
    let who: Whoami
    /// What is backed up.
    let source: any SnapshotSource
    var tags: [String] = []
    var excludes: [String] = []
    var exclusions = Exclusions()
    var compression = Compression.auto
    var time: Timestamp?
    /// The snapshot to compare with; nil for the newest of the same paths and machine.
    var parent: ObjectID?
    /// Whether every file is read, whatever a parent says.
    var readsAll = false
    var keepsAccessTimes = false
    /// Records the hashes of some files, for drills; nil where nobody drills.
    var sampler: FileSampler?
    var programVersion: String

    /// What came of it.
    struct Outcome: Sendable {
        let snapshot: ObjectID
        let tree: ObjectID
        let parent: ObjectID?
        let report: BackupReport.State
    }

    /// What is read before anything is written.
    struct Prepared: Sendable {
        fileprivate let start: Timestamp
        fileprivate let parent: (id: ObjectID, snapshot: Snapshot)?
        fileprivate let index: LoadedIndex
    }

    /// Reads the index and finds the parent, and changes nothing.
    ///
    /// - Throws: `RepositoryError`, `PlaceError`, `FormatError`.
    func prepare() async throws -> Prepared {
        let start = LocalClock.now()
        // Snapshots are listed before the index is read: what the index does not hold yet no parent needs.
        let snapshots = try await repository.place.list(.snapshots).map(\.id)
        async let loaded = LoadedIndex.load(repository)
        let parent = chooseParent(try await SnapshotList.load(repository, snapshots))
        let (index, flaws) = try await loaded
        guard flaws.isEmpty else { throw RepositoryError.damaged(flaws) }
        return Prepared(start: start, parent: parent, index: index)
    }

    /// Makes the snapshot: packs first, then the index, then the snapshot, each durable before the next.
    ///
    /// - Throws: `RepositoryError`, `PlaceError`, `FormatError`.
    func run(_ progress: BackupProgress) async throws -> Outcome {
        try await run(progress, try await prepare())
    }

    /// The same after ``prepare()``.
    func run(_ progress: BackupProgress, _ prepared: Prepared) async throws -> Outcome {
        let (start, parent, index) = (prepared.start, prepared.parent, prepared.index)
        let store = try BlobStore(repository, index, compression: compression)
        let report = BackupReport()
        let archiver = Archiver(
            store: store, blobs: BlobReader(repository: repository, index: index),
            chunker: Chunker(repository.config.polynomial), nodes: NodeReader(keepsAccessTimes: keepsAccessTimes),
            exclusions: exclusions, progress: progress, report: report, sampler: sampler)
        let previous = try await root(of: parent?.snapshot, archiver)
        let tree = try await source.save(archiver, previous: previous)
        try await store.flush()
        let snapshot = try await save(tree, parent?.id, report.now, since: start)
        return Outcome(snapshot: snapshot, tree: tree, parent: parent?.id, report: report.now)
    }

    private func root(of parent: Snapshot?, _ archiver: Archiver) async throws -> TreeText {
        guard let parent, !readsAll else { return .none }
        return try await archiver.previousText(parent.tree)
    }

    private func save(
        _ tree: ObjectID, _ parent: ObjectID?, _ report: BackupReport.State, since start: Timestamp
    ) async throws -> ObjectID {
        var snapshot = Snapshot(time: time ?? start, tree: tree, paths: source.paths)
        (snapshot.hostname, snapshot.username, snapshot.uid, snapshot.gid) = (who.host, who.user, who.uid, who.gid)
        (snapshot.tags, snapshot.excludes, snapshot.parent) = (tags, excludes, parent)
        snapshot.programVersion = programVersion
        var summary = report.summary
        (summary.backupStart, summary.backupEnd) = (start, LocalClock.now())
        snapshot.summary = summary
        try Task.checkCancellation()
        return try await repository.save(snapshot.json(), .snapshots)
    }

    private func chooseParent(_ all: SnapshotList) -> (id: ObjectID, snapshot: Snapshot)? {
        if let parent {
            guard let found = all.snapshots.first(where: { $0.id == parent }) else { return nil }
            return (found.id, found.snapshot)
        }
        let wanted = Set(source.paths.map { Array($0.utf8) })
        let newest = all.snapshots.filter { entry in
            entry.snapshot.hostname.utf8.elementsEqual(who.host.utf8)
                && Set(entry.snapshot.paths.map { Array($0.utf8) }) == wanted
        }.max { $0.snapshot.time.isBefore($1.snapshot.time) }
        return newest.map { ($0.id, $0.snapshot) }
    }
}
