// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Store
import Web

/// Runs the jobs, or the drills, that are due, one after the other; what another process is at is left to it.
///
/// A run that was missed, because the machine was off, is due at once. What failed is tried again, later each time.
struct JobRound: Sendable {
    let house: House
    let key: OpenKey
    /// Runs and drills have rounds of their own: a long drill keeps no backup waiting.
    var work = BackupJob.Work.run

    /// How often it looks for jobs that are due.
    static let interval = Duration.seconds(10)

    var job: Job {
        Job(work == .run ? "backup/jobs" : "backup/drills", every: Self.interval) { try await runDue() }
    }

    /// Runs everything that is due.
    func runDue() async throws {
        try await mendClock()
        try await BlockingThreads.forBackups.run {
            var failure: (any Error)?
            while let next = try await nextDue() {
                do {
                    try await JobClaim.keeping(next.claim, of: next.job.id, for: work, in: house.store) {
                        try await perform(next)
                    }
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    // One that cannot even begin must not keep the others waiting.
                    failure = failure ?? error
                    try await postpone(next.job)
                }
            }
            if let failure { throw failure }
        }
    }

    /// What is due and that nobody is at.
    private struct Due: Sendable {
        let job: BackupJob
        let claim: Instant
        /// Whether a run before did not come to its end: what it froze may still be frozen.
        let wasInterrupted: Bool
    }

    /// A time that was reckoned while the clock was wrong lies far ahead, and would never come.
    private func mendClock() async throws {
        let time = house.localTime
        try await house.store.write { tx in
            for var job in try tx.backupJobs() {
                let known = (job.due, job.drillDue)
                if let due = job.due {
                    job.due = job.next(after: tx.now, job.schedule, in: time).map { min($0, due) } ?? due
                }
                if let due = job.drillDue {
                    job.drillDue = job.next(after: tx.now, job.drills, in: time).map { min($0, due) } ?? due
                }
                if known != (job.due, job.drillDue) { try tx.update(job) }
            }
        }
    }

    private func isDue(_ job: BackupJob, at now: Instant) -> Bool {
        let due = work == .run ? job.due : job.drillDue
        return job.isEnabled && (due.map { $0 <= now } ?? false)
    }

    private func nextDue() async throws -> Due? {
        let candidates = try await house.store.read { tx in
            let now = tx.now
            return try tx.backupJobs().filter { isDue($0, at: now) }
        }
        for candidate in candidates {
            let due = try await house.store.write { tx -> Due? in
                guard let job = try tx.backupJob(candidate.id), isDue(job, at: tx.now),
                    let claim = try tx.claim(job.id, for: work)
                else { return nil }
                let ended = work == .run ? try tx.endInterrupted(of: job.id) : []
                for run in ended {
                    guard let record = try tx.backupRun(run, key) else { continue }
                    let fact = RunFact(record: record, original: nil, hashes: 0, sealed: nil)
                    try tx.record(fact.fact(by: .system))
                }
                return Due(job: job, claim: claim, wasInterrupted: !ended.isEmpty)
            }
            if let due { return due }
        }
        return nil
    }

    /// Lets a job that could not begin wait, longer each time.
    private func postpone(_ job: BackupJob) async throws {
        try await house.store.write { tx in
            guard var job = try tx.backupJob(job.id) else { return }
            if work == .run {
                job.attempt += 1
                job.due = tx.now.advanced(by: BackupJob.wait(after: job.attempt))
            } else {
                job.drillDue = tx.now.advanced(by: .hours(1))
            }
            try tx.update(job)
        }
    }

    private func perform(_ due: Due) async throws {
        switch work {
        case .run: try await run(due)
        case .drill: try await drill(due.job)
        }
    }

    private func run(_ due: Due) async throws {
        let plan = try await house.store.read { [key] tx in
            try JobPlan.open(try tx.sealedPlan(due.job.id), with: key, due.job.id)
        }
        let execution = JobExecution(house: house, key: key, job: due.job, plan: plan, actor: .system)
        if due.wasInterrupted { _ = try? await execution.afterwards() }
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
