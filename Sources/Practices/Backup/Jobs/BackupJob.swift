// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Web

/// Something that is backed up again and again, and restored again and again to see whether it can be.
struct BackupJob: Sendable {
    let id: Identifier<BackupJob>
    let name: String
    let kind: JobSource.Kind
    var schedule: BackupSchedule
    /// How much later than its time it may begin, so that not all begin at once. Seconds.
    var jitter: Int64
    /// When it is restored to see whether it can be.
    var drills: BackupSchedule
    var isEnabled: Bool
    let created: Instant
    /// When it runs next; nil where only somebody starts it.
    var due: Instant?
    /// How often the run that is due was tried in vain.
    var attempt: Int64 = 0
    var drillDue: Instant?
    /// Where it backs up to first, then where that is copied to.
    var repositories: [Identifier<StoredRepository>]

    /// What a process may be at; a long drill keeps no backup waiting.
    enum Work: Sendable {
        case run
        case drill

        var column: String { self == .run ? "claim" : "drill_claim" }
    }

    /// Until when somebody says that they are at it, unless they say so again.
    static let claimLength = Duration.minutes(3)

    /// After so many failures the next try waits for its turn.
    static let attemptLimit: Int64 = 3

    /// How long after a failure it is tried again.
    static func wait(after attempt: Int64) -> Duration {
        .minutes(10 << min(max(attempt - 1, 0), 6))
    }

    /// Of the last run with its copies the one that went worst; nil before the first.
    ///
    /// - Parameter runs: newest first.
    func worstOfLast(_ runs: [RunRecord]) -> RunRecord? {
        let end = runs.firstIndex { $0.repository == repositories.first } ?? 0
        return runs.prefix(end + 1).max { one, other in
            (one.outcome?.weight ?? 4) < (other.outcome?.weight ?? 4)
        }
    }

    /// The next time after `instant`, later by what its id says, the same each time.
    func next(after instant: Instant, _ schedule: BackupSchedule, in time: LocalTime) -> Instant? {
        guard let next = schedule.next(after: instant, in: time) else { return nil }
        let chance = id.bytes.suffix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        // Never as late as the time after it.
        let most = min(jitter, schedule.period ?? jitter)
        return next.advanced(by: .seconds(most > 0 ? chance % most : 0))
    }
}

extension ReadTransaction {
    private static var columns: String {
        "id, name, kind, schedule, jitter, drills, enabled, created, due, attempt, drill_due"
    }

    /// All jobs, by name.
    func backupJobs() throws -> [BackupJob] {
        try rows("SELECT \(Self.columns) FROM backup_jobs ORDER BY name", []).map(job)
    }

    /// The job of that id; nil when there is none.
    func backupJob(_ id: Identifier<BackupJob>) throws -> BackupJob? {
        try row("SELECT \(Self.columns) FROM backup_jobs WHERE id = ?", [.bytes(id.bytes)]).map(job)
    }

    /// The job of that name; nil when there is none.
    func backupJob(named name: String) throws -> BackupJob? {
        try row("SELECT \(Self.columns) FROM backup_jobs WHERE name = ?", [.bytes(Array(name.utf8))]).map(job)
    }

    /// What a job does, as it lies in the store.
    func sealedPlan(_ id: Identifier<BackupJob>) throws -> [UInt8] {
        guard let row = try row("SELECT plan FROM backup_jobs WHERE id = ?", [.bytes(id.bytes)]) else {
            throw Fault(.notFound, "There is no such backup job any more.")
        }
        return try row.bytes(0)
    }

    private func job(_ row: Row) throws -> BackupJob {
        guard let id = Identifier<BackupJob>(bytes: try row.bytes(0)),
            let kind = JobSource.Kind(rawValue: try row.text(2)),
            let schedule = BackupSchedule(try row.text(3)), let drills = BackupSchedule(try row.text(5))
        else { throw Fault(.damaged, "A backup job in the store cannot be read.") }
        return BackupJob(
            id: id, name: String(decoding: try row.bytes(1), as: UTF8.self), kind: kind, schedule: schedule,
            jitter: try row.integer(4), drills: drills, isEnabled: try row.integer(6) != 0,
            created: Instant(microseconds: try row.integer(7)),
            due: try row.optionalInteger(8).map(Instant.init(microseconds:)), attempt: try row.integer(9),
            drillDue: try row.optionalInteger(10).map(Instant.init(microseconds:)), repositories: try places(of: id))
    }

    private func places(of job: Identifier<BackupJob>) throws -> [Identifier<StoredRepository>] {
        let query = "SELECT repository FROM backup_job_repositories WHERE job = ? ORDER BY place"
        return try rows(query, [.bytes(job.bytes)]).map { row in
            guard let id = Identifier<StoredRepository>(bytes: try row.bytes(0)) else {
                throw Fault(.damaged, "The id of a backup repository is no identifier.")
            }
            return id
        }
    }
}

extension Transaction {
    func insert(_ job: BackupJob, sealed plan: [UInt8]) throws {
        try execute(
            """
            INSERT INTO backup_jobs
                (id, name, kind, plan, schedule, jitter, drills, enabled, created, due, attempt, drill_due)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
            """,
            [
                .bytes(job.id.bytes), .bytes(Array(job.name.utf8)), .text(job.kind.rawValue), .bytes(plan),
                .text(job.schedule.text), .integer(job.jitter), .text(job.drills.text),
                .integer(job.isEnabled ? 1 : 0), .integer(job.created.microseconds),
                StoreValue(job.due?.microseconds), StoreValue(job.drillDue?.microseconds),
            ])
        for (place, repository) in job.repositories.enumerated() {
            try execute(
                "INSERT INTO backup_job_repositories (job, place, repository) VALUES (?, ?, ?)",
                [.bytes(job.id.bytes), .integer(Int64(place)), .bytes(repository.bytes)])
        }
    }

    /// Writes what may change about a job: when it runs.
    func update(_ job: BackupJob) throws {
        try execute(
            """
            UPDATE backup_jobs SET schedule = ?, jitter = ?, drills = ?, enabled = ?, due = ?, attempt = ?, drill_due = ?
            WHERE id = ?
            """,
            [
                .text(job.schedule.text), .integer(job.jitter), .text(job.drills.text),
                .integer(job.isEnabled ? 1 : 0), StoreValue(job.due?.microseconds), .integer(job.attempt),
                StoreValue(job.drillDue?.microseconds), .bytes(job.id.bytes),
            ])
    }

    /// Says for a while that this process is at the job.
    ///
    /// - Parameter known: the claim that is to be renewed; nil for a first one, which fails while another holds.
    /// - Returns: until when; nil when somebody else is at it.
    func claim(
        _ job: Identifier<BackupJob>, for work: BackupJob.Work = .run, renewing known: Instant? = nil
    ) throws -> Instant? {
        let until = now.advanced(by: BackupJob.claimLength)
        // A claim that ends later than any could was made before the clock was set back.
        let count = try execute(
            """
            UPDATE backup_jobs SET \(work.column) = ? WHERE id = ?
                AND (\(work.column) IS NULL OR \(work.column) <= ? OR \(work.column) > ? OR \(work.column) = ?)
            """,
            [
                .integer(until.microseconds), .bytes(job.bytes), .integer(now.microseconds),
                .integer(until.microseconds), .integer(known?.microseconds ?? 0),
            ])
        return count > 0 ? until : nil
    }

    /// Says that nobody is at the job any more.
    func release(_ job: Identifier<BackupJob>, from work: BackupJob.Work, _ claim: Instant) throws {
        try execute(
            "UPDATE backup_jobs SET \(work.column) = NULL WHERE id = ? AND \(work.column) = ?",
            [.bytes(job.bytes), .integer(claim.microseconds)])
    }
}
