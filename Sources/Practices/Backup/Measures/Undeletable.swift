// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store

/// Whether everything has a copy that the backup's own credentials cannot delete: they are what an intruder finds.
enum Undeletable {
    static let measure = Measure(
        id: "backup.undeletable", practice: .backup, title: "A copy of everything is out of an intruder's reach",
        population: "backup jobs", maximumAge: .hours(2),
        minimumCoverage: 0.5, populationIsIndependent: false,
        rules: ["45 CFR 164.308(a)(7)(ii)(A)", "HHS CPG: basic incident planning and preparedness", "HICP practice 4"],
        nextStep: """
            Give each job a second repository whose server only appends. That is a REST server with --append-only, or a \
            bucket with Object Lock in mode COMPLIANCE for ten years; add it with salus backup repository add.
            """)

    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house) }
    }

    static func read(_ house: House) async throws -> MeasureReading? {
        let (jobs, now) = try await house.store.read { tx in
            let repositories = Dictionary(
                try tx.backupRepositories().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return (try tx.backupJobs().map { try reach(of: $0, repositories, tx) }, tx.now)
        }
        return MeasureReading(
            of: measure, population: Int64(jobs.count), fulfilling: Int64(jobs.count { $0 == .safe }),
            unmeasured: Int64(jobs.count { $0 == .unknown }), effectiveAt: now, collectedAt: house.clock.now(),
            source: "what each repository answered to the backup's own credentials")
    }

    /// Whether an intruder reaches all copies of a job.
    enum Reach: Sendable, Equatable {
        case safe
        case unknown
        case exposed
    }

    private static func reach(
        of job: BackupJob, _ repositories: [Identifier<StoredRepository>: StoredRepository], _ tx: any ReadTransaction
    ) throws -> Reach {
        let fresh = Set(
            try tx.backupSnapshots(of: job.id, limit: 100).filter { $0.isFresh(at: tx.now) }.map(\.repository))
        return reach(fresh.compactMap { repositories[$0] }, at: tx.now)
    }

    /// Of the repositories that hold a fresh copy; a look that is older than a day says nothing.
    static func reach(_ repositories: [StoredRepository], at now: Instant) -> Reach {
        let answers = repositories.map { $0.canDelete(at: now) }
        if answers.contains(false) { return .safe }
        return answers.contains(nil) ? .unknown : .exposed
    }
}
