// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store

/// Whether everything that is to be backed up has a copy of the last 48 hours that was there when somebody looked.
enum CopiesFresh {
    /// How old the newest copy may be.
    static let age = Duration.hours(48)

    static let measure = Measure(
        id: "backup.copies-fresh", practice: .backup, title: "Everything has a copy of the last 48 hours",
        population: "backup jobs", maximumAge: .hours(1),
        populationIsIndependent: false,
        rules: [
            "45 CFR 164.308(a)(7)(ii)(A)", "HHS CPG: basic incident planning and preparedness", "HICP practice 4",
        ],
        nextStep: "Open Backup and look at the jobs whose last copy is old: the page says why each run failed.")

    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house) }
    }

    static func read(_ house: House) async throws -> MeasureReading? {
        let (jobs, fresh, gone, now) = try await house.store.read { tx in
            let jobs = try tx.backupJobs()
            let bad = try tx.repositoriesWithErrors()
            var (fresh, gone) = (0, 0)
            for job in jobs {
                let records = try tx.backupSnapshots(of: job.id, limit: 100)
                if records.contains(where: { $0.isFresh(at: tx.now) && !bad.contains($0.repository) }) { fresh += 1 }
                gone += records.count { $0.gone != nil }
            }
            return (jobs.count, fresh, gone, tx.now)
        }
        let missing = gone > 0 ? "; \(gone) snapshots disappeared from their repositories" : ""
        return MeasureReading(
            of: measure, population: Int64(jobs), fulfilling: Int64(fresh), effectiveAt: now,
            collectedAt: house.clock.now(), source: "runs of the jobs, and looks into their repositories\(missing)")
    }
}

extension SnapshotRecord {
    /// How long ago somebody must have seen it there: looks come every half hour.
    static let seenWithin = Duration.hours(6)

    /// Whether it is whole, there, and not older than 48 hours. What is said to be of the future says nothing: a clock was
    /// wrong.
    func isFresh(at now: Instant) -> Bool {
        let soon = now.advanced(by: .minutes(5))
        return isWhole && gone == nil && taken >= now.advanced(by: .zero - CopiesFresh.age) && taken <= soon
            && seen >= now.advanced(by: .zero - Self.seenWithin) && seen <= soon
    }
}
