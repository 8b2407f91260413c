// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// Whether every record lies sealed in the store: counted by the log, opened in the store.
enum SealedAtRest {
    static let measure = Measure(
        id: "vault.sealed-at-rest", practice: .encryption, title: "Patient records are sealed at rest",
        population: "record versions", maximumAge: OpeningRounds.maximumAge, minimumCoverage: 0.9,
        populationIsIndependent: true,
        rules: ["45 CFR 164.312(a)(2)(iv)", "HHS CPG: strong encryption", "HICP practice 4"],
        nextStep: """
            Every record is opened once a day; wait while some are not measured yet. The evidence log names those that \
            do not open: restore the newest backup, and find out who changed the store.
            """)

    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house) }
    }

    /// Compares log and store. They are read one after the other, so an import in between makes them differ: then
    /// both are read again, and while imports go on nothing is said.
    static func read(_ house: House, _ rounds: OpeningRounds? = nil) async throws -> MeasureReading? {
        let rounds = rounds ?? OpeningRounds(house)
        try await rounds.run()
        var rows: [Int64] = []
        for attempt in 0..<5 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(700)) }
            let count = try await rowCount(house)
            // Leaves that wait for their place are only counted later.
            try? await house.ledger.settle()
            let told = try await toldByLog(house)
            rows.append(count)
            if told == count { return try await reading(house, told: told, rounds) }
        }
        guard let last = rows.last, rows.allSatisfy({ $0 == last }) else { return nil }
        return try await reading(house, told: try await toldByLog(house), rounds)
    }

    private static func reading(_ house: House, told: Int64, _ rounds: OpeningRounds) async throws -> MeasureReading? {
        let (now, tally) = (house.clock.now(), try await rounds.tally())
        // Rows that the log does not know of are part of the population, but nothing vouches for them.
        let population = max(told, tally.rows)
        let good = max(0, min(tally.opened - tally.failing, told))
        return MeasureReading(
            of: measure, population: population, fulfilling: good,
            unmeasured: min(max(0, tally.rows - tally.opened), population - good), effectiveAt: now,
            collectedAt: house.clock.now(), source: source(tally))
    }

    private static func source(_ tally: OpeningRounds.Tally) -> String {
        let opened = "counted by the log; \(tally.opened) opened within 24 hours"
        guard let first = tally.named else { return opened }
        let others = tally.failing > 1 ? " and \(tally.failing - 1) more" : ""
        return "\(opened); record \(first)\(others) did not open"
    }

    private static func rowCount(_ house: House) async throws -> Int64 {
        try await house.store.read { tx in
            try tx.row("SELECT count(*) FROM vault_records")?.integer(0) ?? 0
        }
    }

    /// The sum of all counts in the log.
    private static func toldByLog(_ house: House) async throws -> Int64 {
        var query = LeafQuery(limit: 256)
        query.kind = VaultFacts.imported.id
        var sum: Int64 = 0
        while true {
            let leaves = try await house.ledger.leaves(query)
            for leaf in leaves {
                sum = sum.addingReportingOverflow(leaf.leaf.data["count"]?.integerValue ?? 0).partialValue
            }
            guard leaves.count == 256, let last = leaves.last else { return sum }
            query.before = last.position
        }
    }
}
