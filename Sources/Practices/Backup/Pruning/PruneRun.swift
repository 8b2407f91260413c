// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Takes out of a repository what no snapshot needs. Nobody else may work in it meanwhile.
///
/// At every moment each snapshot has all that it needs, in packs that the index names: what is kept is stored anew and
/// durable before the index forgets its old packs, and the index forgets a pack before it is deleted.
struct PruneRun: Sendable {
    let repository: Repository
    let options: PruneOptions
    /// Snapshots that count as gone already: what would be if they were.
    var without: Set<ObjectID> = []
    var steps = Steps()

    /// Packs that are read at a time.
    private static let underway = 2

    /// Looks what could go.
    ///
    /// - Throws: `RepositoryError.damaged` when a snapshot or the index cannot be read, `BlobError` when a folder cannot,
    ///   `PruneError`: what cannot be told to be useless stays.
    func plan() async throws -> (plan: PrunePlan, blobs: BlobReader, files: [ObjectID]) {
        let snapshots = try await SnapshotList.load(repository)
        let files = try await repository.place.list(.index).map(\.id)
        let (index, flaws) = try await LoadedIndex.load(repository)
        guard snapshots.flaws.isEmpty, flaws.isEmpty else { throw RepositoryError.damaged(snapshots.flaws + flaws) }
        let blobs = BlobReader(repository: repository, index: index)
        let roots = snapshots.snapshots.filter { !without.contains($0.id) }.map(\.snapshot.tree)
        let all = index.all
        let used = try await TreeSweep(blobs: blobs).used(below: roots, all)
        let packs = try await repository.place.list(.data)
        let plan = try PrunePlan(
            index: all, used: used, packs: packs, version: repository.config.version, options: options)
        return (plan, blobs, files)
    }

    /// Does it.
    func run() async throws -> PruneCounts {
        let (plan, blobs, files) = try await plan()
        try await delete(plan.unindexed, "Left-over packs")
        try await repack(plan, blobs)
        try Task.checkCancellation()
        try await IndexRewriter(repository: repository).forget(plan.removed, in: files)
        try Task.checkCancellation()
        try await delete(plan.unused + plan.repacked.map(\.pack), "Old packs")
        return plan.counts
    }

    private func repack(_ plan: PrunePlan, _ blobs: BlobReader) async throws {
        guard !plan.repacked.isEmpty else { return }
        // It knows nothing of where blobs are now: each is stored once more.
        let store = try BlobStore(repository, LoadedIndex())
        try await steps.step("Packing anew", total: plan.repacked.count) { step in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, (pack, kept)) in plan.repacked.enumerated() {
                    if number >= Self.underway { try await group.next() }
                    group.addTask {
                        try await move(kept, of: pack, to: store, blobs)
                        step.advance()
                    }
                }
                try await group.waitForAll()
            }
        }
        try await store.flush()
    }

    private func move(
        _ kept: [PackedBlob], of pack: ObjectID, to store: BlobStore, _ blobs: BlobReader
    ) async throws {
        try await PackReader(repository: repository).each(kept, in: pack) { blob, stored in
            do {
                try await store.adopt(stored, blob, compresses: options.compressesAll)
            } catch is FormatError {
                // Another pack may have it undamaged.
                let content = try await blobs.content(blob.handle)
                _ = try await store.store(content, blob.handle.type)
            }
        }
    }

    /// What is back after a power cut is named by no index, and goes with the next run.
    private func delete(_ packs: [ObjectID], _ label: String) async throws {
        try await steps.step(label, total: packs.count) { step in
            for pack in packs {
                try Task.checkCancellation()
                try await repository.place.remove(RepositoryFile(.data, pack))
                step.advance()
            }
        }
    }
}
