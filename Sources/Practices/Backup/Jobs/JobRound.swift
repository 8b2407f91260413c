// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Store

/// Runs the jobs that are due, one after the other; what another process is at is left to it.
///
/// A run that was missed, because the machine was off, is due at once. What failed is tried again, later each time.
struct JobRound: Sendable {
    let house: House
    let key: OpenKey

    /// How often it looks for jobs that are due.
    static let interval = Duration.seconds(10)

    var job: Job { Job("backup/jobs", every: Self.interval) { try await runDue() } }

    /// Runs everything that is due.
    func runDue() async throws {
        try await BlockingThreads.forBackups.run {
            var failure: (any Error)?
            while let next = try await nextDue() {
                do {
                    try await work(on: next)
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    // One that cannot even begin must not keep the others waiting.
                    failure = failure ?? error
                    try await postpone(next)
                }
            }
            if let failure { throw failure }
        }
    }

    /// What is due and that nobody is at.
    private struct Due: Sendable {
        let job: BackupJob
        let claim: Instant
        let isDrill: Bool
    }

    private func nextDue() async throws -> Due? {
        let candidates = try await house.store.read { tx in
            let now = tx.now
            return try tx.backupJobs().filter { job in
                job.isEnabled && [job.due, job.drillDue].contains { $0.map { $0 <= now } ?? false }
            }
        }
        for candidate in candidates {
            let due = try await house.store.write { tx -> Due? in
                guard let job = try tx.backupJob(candidate.id), job.isEnabled else { return nil }
                let isRun = job.due.map { $0 <= tx.now } ?? false
                let isDrill = job.drillDue.map { $0 <= tx.now } ?? false
                guard isRun || isDrill, let claim = try tx.claim(job.id) else { return nil }
                for run in try tx.endInterrupted(of: job.id) {
                    if let record = try tx.backupRun(run) {
                        let fact = RunFact(record: record, original: nil, hashes: 0, sealed: nil)
                        try tx.record(fact.fact(by: .system))
                    }
                }
                return Due(job: job, claim: claim, isDrill: !isRun)
            }
            if let due { return due }
        }
        return nil
    }

    /// Lets a job that could not begin wait, longer each time.
    private func postpone(_ due: Due) async throws {
        try await house.store.write { tx in
            guard var job = try tx.backupJob(due.job.id) else { return }
            let again = tx.now.advanced(by: BackupJob.wait(after: job.attempt + 1))
            if due.isDrill { job.drillDue = again } else { (job.due, job.attempt) = (again, job.attempt + 1) }
            try tx.update(job)
        }
    }

    private func work(on due: Due) async throws {
        try await JobClaim.keeping(due.claim, of: due.job.id, in: house.store) { try await perform(due) }
    }

    private func perform(_ due: Due) async throws {
        if due.isDrill {
            try await drill(due.job)
            return
        }
        let plan = try await house.store.read { [key] tx in
            try JobPlan.open(try tx.sealedPlan(due.job.id), with: key, due.job.id)
        }
        let execution = JobExecution(house: house, key: key, job: due.job, plan: plan, actor: .system)
        let records = try await execution.run()
        let isGood = records.allSatisfy { $0.outcome?.hasSnapshot ?? false }
        let time = house.localTime
        try await house.store.write { tx in
            guard var job = try tx.backupJob(due.job.id) else { return }
            let regular = job.next(after: tx.now, job.schedule, in: time)
            if isGood || job.attempt >= BackupJob.attemptLimit {
                (job.due, job.attempt) = (regular, 0)
            } else {
                job.attempt += 1
                let again = tx.now.advanced(by: BackupJob.wait(after: job.attempt))
                job.due = regular.map { min($0, again) } ?? again
            }
            try tx.update(job)
        }
    }

    private func drill(_ job: BackupJob) async throws {
        let desk = try await DrillDesk(house)
        do {
            _ = try await desk.drill(job, DrillDesk.Order(), by: .system)
        } catch let fault as Fault where fault.code == .notFound {
            // There is no snapshot yet: the first run comes before the first drill.
        }
        let time = house.localTime
        try await house.store.write { tx in
            guard var job = try tx.backupJob(job.id) else { return }
            job.drillDue = job.next(after: tx.now, job.drills, in: time)
            try tx.update(job)
        }
    }
}
