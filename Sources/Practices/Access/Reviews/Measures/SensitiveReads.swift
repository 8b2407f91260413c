// SPDX-License-Identifier: Apache-2.0

import Building
package import Kernel
import Ledger
import Store

/// Whether a rule explains each reading of protected records (psychotherapy, HIV, substance use) of the last month.
///
/// What is counted are days, not readings: a clinic in which nobody opened such a record for a month has none to
/// count, and "not measured" would then be wrong, because the log was read to its end and shows none. A day is good
/// when the log has no such reading that day or each one names a rule, of the version in force or of an earlier one,
/// that allows the class of records. One that names none spoils its day. A day with readings from before the log
/// said what a chart showed is not measured. The calendar gives the days, the log the readings.
package enum SensitiveReads {
    /// What is measured.
    package static let measure = Measure(
        id: "access.sensitive-reads-explained", practice: .permissions,
        title: "A rule explains every reading of protected records", population: "days", maximumAge: .hours(24),
        minimumCoverage: 0.5,
        rules: ["45 CFR 164.312(b)", "45 CFR 164.308(a)(1)(ii)(D)", "42 CFR 2.16", "HICP practice 3"],
        nextStep: """
            Days from before the log named rules leave the count after a month, by themselves. For a day that is not \
            in order look in the evidence log at the charts that were read: a reading that no rule allows was made \
            past the rules, so find out by whom and how.
            """)

    /// How many days are looked at, today included.
    static let window: Int64 = 30

    static func probe(_ desk: GrantDesk) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(desk) }
    }

    static func read(_ desk: GrantDesk) async throws -> MeasureReading? {
        try? await desk.house.ledger.settle()
        guard try await UsesTold(house: desk.house, shelf: desk.shelf).catchUp(),
            let first = try? await desk.house.ledger.leaf(at: 0).leaf.happened
        else { return nil }
        return try await desk.house.store.read { tx in
            let today = tx.now.day
            // Before the log began nobody could read anything here.
            let days = min(window, max(1, today - first.day + 1))
            var (bad, unclear, readings, explained) = (Int64(0), Int64(0), Int64(0), Int64(0))
            for row in try tx.rows(
                "SELECT readings, explained, unclear FROM access_reading_days WHERE day > ? AND day <= ? ORDER BY day",
                [.integer(today - days), .integer(today)])
            {
                readings += try row.integer(0)
                explained += try row.integer(1)
                if try row.integer(0) > row.integer(1) {
                    bad += 1
                } else if try row.integer(2) > 0 {
                    unclear += 1
                }
            }
            return MeasureReading(
                of: measure, population: days, fulfilling: days - bad - unclear, unmeasured: unclear,
                effectiveAt: tx.now, collectedAt: tx.now,
                source: "\(readings) readings of protected records in the log, \(explained) explained by a rule")
        }
    }
}
