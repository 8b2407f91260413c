// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import Kernel
import Keyring
import Ledger
import ResticFormat
import Store

/// Does restore drills: takes a snapshot from the copy that is farthest away, restores it where nobody works, looks whether it
/// is what was backed up, and tells the log.
struct DrillDesk: Sendable {
    let house: House
    let key: OpenKey

    /// A desk in this house.
    ///
    /// - Throws: `Fault` when the key of this practice cannot be made or opened.
    init(_ house: House) async throws {
        self.house = house
        key = try await house.keyring.sharedKey(owner: "backup")
    }

    /// What a drill is asked for.
    struct Order: Sendable {
        /// The folder in which the scratch folder is made; nil for the usual one.
        var scratch: String?
        /// The repository; nil for the last copy of the job.
        var repository: Identifier<StoredRepository>?
        /// The snapshot; nil for the newest one there.
        var snapshot: ObjectID?
        /// Whether only the files of the sample are restored, whatever room there is.
        var onlySample = false
    }

    /// Does a drill of a job.
    ///
    /// - Throws: `Fault.notFound` when there is no snapshot; whatever else goes wrong is a drill that failed.
    func drill(
        _ job: BackupJob, _ order: Order, by actor: EntityReference, steps: Steps = Steps()
    ) async throws -> DrillRecord {
        let (snapshot, isFarthest) = try await choose(job, order)
        let plan = try await house.store.read { [key] tx in
            try JobPlan.open(try tx.sealedPlan(job.id), with: key, job.id)
        }
        var record = try await begin(job, snapshot)
        let beginning = ContinuousClock.now
        do {
            let scratch = try ScratchFolder(in: order.scratch ?? ScratchFolder.standardParent)
            defer { scratch.remove() }
            let run = DrillRun(
                snapshot: snapshot, source: plan.source.resolved(in: house), sample: try await sample(of: snapshot),
                scratch: scratch, onlySample: order.onlySample, steps: steps)
            try await run.perform(&record, try await open(snapshot.repository))
        } catch is CancellationError {
            // It neither passed nor failed: the row without a verdict says so.
            throw CancellationError()
        } catch {
            record.detail.errors.insert(FailureWords.of(error), at: 0)
        }
        if !isFarthest {
            record.detail.errors.append("The job's last repository holds no snapshot: this one came from another.")
        }
        record.recoveryTime = ContinuousClock.now - beginning
        record.lostTime = record.started.since(snapshot.taken)
        try await finish(&record, record.detail.errors.isEmpty ? .passed : .failed, by: actor)
        return record
    }

    /// The snapshot, and whether it is in the repository that was meant.
    private func choose(_ job: BackupJob, _ order: Order) async throws -> (SnapshotRecord, isFarthest: Bool) {
        let known = try await house.store.read { tx in try tx.backupSnapshots(of: job.id, limit: 10_000) }
        let there = known.filter { $0.gone == nil }
        // The last repository is the copy that is farthest away: what came back from there came back from everywhere.
        let repositories = order.repository.map { [$0] } ?? job.repositories.reversed()
        for (place, repository) in repositories.enumerated() {
            let found = there.first { record in
                record.repository == repository && (order.snapshot.map { $0 == record.snapshot } ?? true)
            }
            if let found { return (found, place == 0) }
        }
        throw Fault(.notFound, "There is no snapshot of the job \(job.name) that could be restored. Run it first.")
    }

    private func sample(of snapshot: SnapshotRecord) async throws -> FileSample? {
        let run = snapshot.run
        guard let sealed = try await house.store.read({ tx in try tx.sealedHashes(of: run) }) else { return nil }
        return try FileSample.open(sealed, with: key, run)
    }

    private func open(_ id: Identifier<StoredRepository>) async throws -> Repository {
        guard let repository = try await house.store.read({ tx in try tx.backupRepository(id) }) else {
            throw Fault(.notFound, "The repository is not known any more.")
        }
        return try await RepositoryDesk(house).open(repository)
    }

    private func begin(_ job: BackupJob, _ snapshot: SnapshotRecord) async throws -> DrillRecord {
        try await house.store.write { tx in
            let record = DrillRecord(
                id: tx.orderedIdentifier(), job: job.id, repository: snapshot.repository, snapshot: snapshot.snapshot,
                taken: snapshot.taken, started: tx.now)
            try tx.insert(record)
            return record
        }
    }

    private func finish(
        _ record: inout DrillRecord, _ verdict: DrillRecord.Verdict, by actor: EntityReference
    ) async throws {
        record.verdict = verdict
        record.detail.errors = Array(record.detail.errors.prefix(100))
        let ended = record
        record = try await house.store.write { [key] tx in
            var ended = ended
            ended.ended = tx.now
            try tx.update(ended, key)
            try tx.record(ended.fact(by: actor))
            return ended
        }
    }
}

extension DrillRecord {
    /// What the log is told.
    func fact(by actor: EntityReference) -> Fact {
        var members: [CanonicalMember] = [
            .init("job", .string(job.description)), .init("repository", .string(repository.description)),
            .init("snapshot", .string(snapshot.hex)), .init("drill", .string(id.description)),
            .init("verdict", .string(verdict?.rawValue ?? Verdict.failed.rawValue)), .init("files", .integer(files)),
            .init("bytes", .integer(bytes)), .init("compared", .integer(compared)),
            .init("matching", .integer(matching)), .init("service", .string(detail.service ?? "none")),
            .init("errors", .integer(Int64(detail.errors.count))),
        ]
        if let bound { members.append(.init("bound", .integer(bound))) }
        if let recoveryTime { members.append(.init("rto", .integer(recoveryTime.wholeMicroseconds / 1_000))) }
        if let lostTime { members.append(.init("rpo", .integer(lostTime.wholeMicroseconds / 1_000))) }
        if let cut = detail.isNetworkCut { members.append(.init("network", .string(cut ? "cut" : "open"))) }
        return Fact(BackupFacts.drilled, by: actor, members)
    }
}
