// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Store

/// Whether everything that is backed up was restored within 90 days, and was what had been backed up.
enum RestoreProven {
    /// How long a drill counts.
    static let age = Duration.days(90)

    static let measure = Measure(
        id: "backup.restore-proven", practice: .backup, title: "Restoring was tried within 90 days, and worked",
        population: "backup jobs", maximumAge: .hours(1),
        minimumCoverage: 0.5, populationIsIndependent: false,
        rules: ["45 CFR 164.308(a)(7)(ii)(B)", "45 CFR 164.308(a)(7)(ii)(D)", "HICP practice 4"],
        nextStep: """
            Start a drill of the jobs that have none. Where one failed, its page names what did not come back: back that up \
            anew before anything else.
            """)

    static func probe(_ house: House, _ key: OpenKey) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house, key) }
    }

    static func read(_ house: House, _ key: OpenKey) async throws -> MeasureReading? {
        let (newest, now) = try await house.store.read { tx in
            (
                try tx.backupJobs().map { job in
                    try tx.backupDrills(of: job.id, limit: 20, key).first { $0.verdict != nil }
                }, tx.now
            )
        }
        let proven = newest.compactMap { $0 }.filter { $0.isProof(at: now) }
        let slowest = proven.compactMap(\.recoveryTime).max()
        let hours = slowest.map { "; the slowest was back after \(DrillWords.text($0))" } ?? ""
        return MeasureReading(
            of: measure, population: Int64(newest.count), fulfilling: Int64(proven.count),
            unmeasured: Int64(newest.count { $0 == nil }), effectiveAt: now, collectedAt: house.clock.now(),
            source: "the newest drill of each job\(hours)")
    }
}

extension DrillRecord {
    /// Whether it shows that restoring works today.
    func isProof(at now: Instant) -> Bool {
        verdict == .passed && started >= now.advanced(by: .zero - RestoreProven.age)
            && started <= now.advanced(by: .minutes(5))
    }
}
