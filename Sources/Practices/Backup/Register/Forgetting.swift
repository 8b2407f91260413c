// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import ResticFormat
import Store

/// Lets old snapshots of a repository go, so that the log knows who did it: otherwise they would look as if an intruder had.
struct Forgetting: Sendable {
    let house: House
    let repository: StoredRepository
    let actor: EntityReference

    /// Snapshots in one leaf: it has 8 KiB at most.
    private static let perLeaf = 50

    /// What is kept and what goes, by a policy, job by job.
    ///
    /// - Throws: `ForgetError` when nothing of a job would be left, `RepositoryError`, `PlaceError`.
    func plan(_ policy: RetentionPolicy, in opened: Repository) async throws -> ForgetPlan {
        let list = try await SnapshotList.load(opened)
        guard list.flaws.isEmpty else { throw RepositoryError.damaged(list.flaws) }
        guard !policy.isEmpty else { throw ForgetError.noPolicy }
        var plan = try ForgetPlan(
            list.snapshots, policy, by: SnapshotGrouping(host: true, paths: true, tags: true), now: LocalClock.now())
        try await plan.keepBases(of: list.snapshots, in: opened)
        return plan
    }

    /// Deletes what a policy does not keep, and frees its space; nobody else may work there meanwhile.
    ///
    /// - Returns: what went.
    func forget(_ policy: RetentionPolicy, freeing options: PruneOptions?, steps: Steps) async throws -> ForgetPlan {
        let opened = try await RepositoryDesk(house).open(repository)
        let lock = RepositoryLock(repository: opened, who: .current, isExclusive: true)
        return try await lock.hold {
            let plan = try await plan(policy, in: opened)
            let names = plan.removed.map(\.id)
            let removal = await Result { try await opened.place.remove(names.map { RepositoryFile(.snapshots, $0) }) }
            // Only what is gone is told: what a server keeps is still watched. A machine that stops in between leaves
            // snapshots that look as if they had disappeared; `acknowledge` is for them.
            let left = Set(try await opened.place.list(.snapshots).map(\.id))
            try await tell(names.filter { !left.contains($0) })
            try removal.get()
            if let options, !names.isEmpty {
                _ = try await PruneRun(repository: opened, options: options, steps: steps).run()
            }
            return plan
        }
    }

    /// Says that somebody of the clinic deleted the snapshots that disappeared.
    ///
    /// - Returns: how many those are.
    func acknowledge() async throws -> Int {
        let id = repository.id
        let gone = try await house.store.read { tx in try tx.backupSnapshots(in: id).filter { $0.gone != nil } }
        try await tell(gone.map(\.snapshot))
        return gone.count
    }

    /// Takes snapshots out of the register, and tells the log.
    func tell(_ names: [ObjectID]) async throws {
        let (id, actor) = (repository.id, actor)
        for start in stride(from: 0, to: names.count, by: Self.perLeaf) {
            let part = names[start..<min(start + Self.perLeaf, names.count)]
            try await house.store.write { tx in
                for name in part {
                    try tx.execute(
                        "DELETE FROM backup_snapshots WHERE repository = ? AND snapshot = ?",
                        [.bytes(id.bytes), .bytes(name.bytes)])
                }
                try tx.record(
                    Fact(
                        BackupFacts.forgotten, by: actor,
                        [
                            .init("repository", .string(id.description)),
                            .init("snapshots", .array(part.map { .string($0.hex) })),
                        ]))
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
