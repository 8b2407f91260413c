// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// Keeps the jobs: what is backed up, where to, and when.
struct JobDesk: Sendable {
    let house: House
    let key: OpenKey

    /// A desk in this house.
    ///
    /// - Throws: `Fault` when the key of this practice cannot be made or opened.
    init(_ house: House) async throws {
        self.house = house
        key = try await house.keyring.sharedKey(owner: "backup")
    }

    /// All of them, by name.
    func all() async throws -> [BackupJob] {
        try await house.store.read { tx in try tx.backupJobs() }
    }

    /// The job of this id.
    ///
    /// - Throws: `Fault.notFound`.
    func job(_ id: Identifier<BackupJob>) async throws -> BackupJob {
        guard let job = try await house.store.read({ tx in try tx.backupJob(id) }) else {
            throw Fault(.notFound, "There is no such backup job.")
        }
        return job
    }

    /// The job of this name.
    ///
    /// - Throws: `Fault.notFound`.
    func job(named name: String) async throws -> BackupJob {
        guard let job = try await house.store.read({ tx in try tx.backupJob(named: name) }) else {
            throw Fault(.notFound, "No backup job has this name. `salus backup job list` shows those that exist.")
        }
        return job
    }

    /// What a job does.
    func plan(of job: BackupJob) async throws -> JobPlan {
        try await house.store.read { [key] tx in try JobPlan.open(try tx.sealedPlan(job.id), with: key, job.id) }
    }

    /// What is needed for a new job.
    struct Order: Sendable {
        var name: BackupName
        var source: JobSource
        var repositories: [StoredRepository]
        var schedule: BackupSchedule
        /// Minutes by which its beginning is spread.
        var jitter: Int64
        var drills: BackupSchedule
        var before: [String] = []
        var after: [String] = []
    }

    /// Adds a job.
    ///
    /// - Throws: `Fault.invalidInput` when the name is taken.
    func add(_ order: Order, by actor: EntityReference) async throws -> BackupJob {
        var generator = SystemRandomNumberGenerator()
        let plan = JobPlan(
            source: order.source, before: order.before, after: order.after,
            samplingKey: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let time = house.localTime
        return try await house.store.write { [key] tx in
            guard try tx.backupJob(named: order.name.text) == nil else {
                throw Fault(.invalidInput, "Another job has the name \(order.name.text). Choose another one.")
            }
            if let server = order.source.server {
                let others = try tx.backupJobs().filter { $0.kind == order.source.kind }
                let isTaken = try others.contains { other in
                    let plan = try JobPlan.open(try tx.sealedPlan(other.id), with: key, other.id)
                    return plan.source.server?.utf8.elementsEqual(server.utf8) == true
                }
                guard !isTaken else {
                    throw Fault(
                        .invalidInput,
                        order.source.kind == .postgresLog
                            ? "Another job backs up the log of \(server) already."
                            : "The snapshots of another job have the name \(server). Choose another one.")
                }
            }
            var job = BackupJob(
                id: Identifier(at: tx.now), name: order.name.text, kind: order.source.kind, schedule: order.schedule,
                jitter: order.jitter * 60, drills: order.drills, isEnabled: true, created: tx.now,
                repositories: order.repositories.map(\.id))
            job.due = job.next(after: tx.now, job.schedule, in: time)
            job.drillDue = job.next(after: tx.now, job.drills, in: time)
            try tx.insert(job, sealed: try plan.sealed(with: key, job.id))
            try tx.record(
                Fact(
                    BackupFacts.jobAdded, by: actor,
                    [
                        .init("job", .string(job.id.description)), .init("kind", .string(job.kind.rawValue)),
                        .init("repositories", .array(job.repositories.map { .string($0.description) })),
                    ]))
            return job
        }
    }

    /// Changes when a job runs, when it is restored, or whether it does at all.
    ///
    /// - Throws: `Fault.notFound`.
    func change(
        _ id: Identifier<BackupJob>, _ changed: String, by actor: EntityReference,
        _ change: @escaping @Sendable (inout BackupJob) -> Void
    ) async throws {
        let time = house.localTime
        try await house.store.write { tx in
            guard var job = try tx.backupJob(id) else {
                throw Fault(.notFound, "There is no such backup job any more.")
            }
            change(&job)
            job.due = job.next(after: tx.now, job.schedule, in: time)
            job.drillDue = job.next(after: tx.now, job.drills, in: time)
            try tx.update(job)
            try tx.record(
                Fact(
                    BackupFacts.jobChanged, by: actor,
                    [.init("job", .string(id.description)), .init("changed", .string(changed))]))
        }
    }

    /// Lets the job, or its drill, begin as soon as somebody is free for it.
    ///
    /// - Throws: `Fault.notFound`.
    func start(_ id: Identifier<BackupJob>, drill: Bool) async throws {
        try await house.store.write { tx in
            guard var job = try tx.backupJob(id) else {
                throw Fault(.notFound, "There is no such backup job any more.")
            }
            guard job.isEnabled else { throw Fault(.refused, "This job is switched off.") }
            if drill { job.drillDue = tx.now } else { (job.due, job.attempt) = (tx.now, 0) }
            try tx.update(job)
        }
    }

    /// Forgets a job; its snapshots stay where they are, and what it did stays in the log.
    func remove(_ job: BackupJob, by actor: EntityReference) async throws {
        try await house.store.write { tx in
            for table in ["backup_jobs WHERE id", "backup_job_repositories WHERE job"] {
                try tx.execute("DELETE FROM \(table) = ?", [.bytes(job.id.bytes)])
            }
            for table in ["backup_runs", "backup_snapshots", "backup_drills"] {
                try tx.execute("DELETE FROM \(table) WHERE job = ?", [.bytes(job.id.bytes)])
            }
            try tx.record(
                Fact(BackupFacts.jobRemoved, by: actor, [.init("job", .string(job.id.description))]))
        }
    }
}
