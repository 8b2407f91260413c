// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
package import Kernel
import Ledger
package import Logging
package import Store

/// What this part tells the evidence log.
package enum PostureFacts {
    /// A measure was read: k of N with m unmeasured.
    package static let reading = FactKind("posture.reading.v1", "Measured")
}

/// A reading with the leaf that proves it.
package struct RecordedReading: Sendable {
    /// What was read, as it was last found: the same figures may have been found many times since `logged`.
    package let reading: MeasureReading
    /// The leaf in the evidence log that tells these figures.
    package let leaf: Identifier<Kernel.Leaf>
    /// When these figures were written to the log.
    package let logged: Instant

    /// A reading whose figures the leaf tells.
    package init(reading: MeasureReading, leaf: Identifier<Kernel.Leaf>, logged: Instant) {
        (self.reading, self.leaf, self.logged) = (reading, leaf, logged)
    }
}

/// Takes readings of every measure, writes each to the evidence log, and computes the posture from them.
package struct PostureBook: Sendable {
    /// The measures of the whole house with the ways to read them.
    package let probes: [Probe]
    private let store: Database
    private let logger: Logger

    /// A book for `probes`.
    package init(probes: [Probe], store: Database, logger: Logger) {
        self.probes = probes
        self.store = store
        self.logger = logger
    }

    /// A job for each measure. A probe that fails leaves the last reading to expire, and so ends in "not measured".
    package var jobs: [Job] {
        probes.map { probe in
            Job("posture/\(probe.measure.id)", every: probe.interval) { try await take(probe) }
        }
    }

    /// Reads every measure once, now.
    package func takeAll() async {
        for probe in probes {
            do {
                try await take(probe)
            } catch {
                logger.warning(
                    "A measure could not be read",
                    metadata: [
                        "measure": "\(probe.measure.id)", "error": "\(error)",
                    ])
            }
        }
    }

    private func take(_ probe: Probe) async throws {
        guard let reading = try await probe.read() else { return }
        try await record(reading)
    }

    /// How long the same figures go without a leaf of their own: a log full of measurements hides what people did.
    package static let silence = Duration.hours(1)

    /// Keeps `reading`, and writes it to the evidence log where its figures differ from those before or were last
    /// written an hour ago. In between only how fresh they are is kept.
    package func record(_ reading: MeasureReading) async throws {
        try await store.write { tx in
            if let known = try Self.newest(reading.measure, tx), known.covers(reading, at: tx.now) {
                try Self.renew(known, by: reading, tx)
            } else {
                try Self.tell(reading, tx)
            }
        }
    }

    /// The newest row of a measure.
    private struct Known {
        let collected: Int64
        let logged: Int64
        let figures: [Int64]

        /// Whether its leaf tells what `reading` found. One that is older, or from a time that has yet to come, tells
        /// of a clock that was set.
        func covers(_ reading: MeasureReading, at now: Instant) -> Bool {
            let age = now.since(Instant(microseconds: logged))
            return figures == reading.figures && collected < reading.collectedAt.microseconds && age >= .zero
                && age < PostureBook.silence
        }
    }

    private static func newest(_ measure: String, _ tx: any ReadTransaction) throws -> Known? {
        try tx.row(
            """
            SELECT collected, logged, population, fulfilling, unmeasured
            FROM posture_readings WHERE measure = ? ORDER BY collected DESC LIMIT 1
            """, [.text(measure)]
        ).map { row in
            Known(
                collected: try row.integer(0), logged: try row.integer(1),
                figures: try (2...4).map { try row.integer($0) })
        }
    }

    private static func renew(_ known: Known, by reading: MeasureReading, _ tx: any Transaction) throws {
        try tx.execute(
            """
            UPDATE posture_readings SET collected = ?, effective = ?, expires = ?, source = ?
            WHERE measure = ? AND collected = ?
            """,
            [
                .integer(reading.collectedAt.microseconds), .integer(reading.effectiveAt.microseconds),
                .integer(reading.expiresAt.microseconds), .bytes(Array(reading.source.utf8)),
                .text(reading.measure), .integer(known.collected),
            ])
    }

    private static func tell(_ reading: MeasureReading, _ tx: any Transaction) throws {
        let leaf = try tx.record(
            Fact(
                PostureFacts.reading, by: .system, effective: reading.effectiveAt,
                [
                    .init("measure", .string(reading.measure)),
                    .init("population", .integer(reading.population)),
                    .init("fulfilling", .integer(reading.fulfilling)),
                    .init("unmeasured", .integer(reading.unmeasured)),
                    .init("expires", .integer(reading.expiresAt.microseconds)),
                ]))
        try tx.execute(
            """
            INSERT INTO posture_readings
                (measure, collected, effective, expires, population, fulfilling, unmeasured, source, leaf, logged)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (measure, collected) DO NOTHING
            """,
            [
                .text(reading.measure), .integer(reading.collectedAt.microseconds),
                .integer(reading.effectiveAt.microseconds), .integer(reading.expiresAt.microseconds),
            ] + reading.figures.map(StoreValue.integer)
                + [.bytes(Array(reading.source.utf8)), .bytes(leaf.bytes), .integer(tx.now.microseconds)])
    }

    /// The newest reading of each measure, by its id.
    package func newest() async throws -> [String: RecordedReading] {
        let measures = Dictionary(uniqueKeysWithValues: probes.map { ($0.measure.id, $0.measure) })
        return try await store.read { tx in
            var newest: [String: RecordedReading] = [:]
            for (id, measure) in measures {
                let row = try tx.row(
                    """
                    SELECT collected, effective, population, fulfilling, unmeasured, source, leaf, logged
                    FROM posture_readings WHERE measure = ? ORDER BY collected DESC LIMIT 1
                    """, [.text(id)])
                if let row { newest[id] = try Self.reading(row, of: measure) }
            }
            return newest
        }
    }

    /// The readings of `measure` since `start`, oldest first.
    package func history(of measure: Measure, since start: Instant) async throws -> [RecordedReading] {
        try await store.read { tx in
            try tx.rows(
                """
                SELECT collected, effective, population, fulfilling, unmeasured, source, leaf, logged
                FROM posture_readings WHERE measure = ? AND collected >= ? ORDER BY collected
                """, [.text(measure.id), .integer(start.microseconds)]
            ).map { try Self.reading($0, of: measure) }
        }
    }

    private static func reading(_ row: Row, of measure: Measure) throws -> RecordedReading {
        guard
            let leaf = Identifier<Kernel.Leaf>(bytes: try row.bytes(6)),
            let reading = MeasureReading(
                of: measure, population: try row.integer(2), fulfilling: try row.integer(3),
                unmeasured: try row.integer(4), effectiveAt: Instant(microseconds: try row.integer(1)),
                collectedAt: Instant(microseconds: try row.integer(0)),
                source: String(decoding: try row.bytes(5), as: UTF8.self))
        else { throw Fault(.damaged, "A reading of \(measure.id) is unreadable.") }
        return RecordedReading(reading: reading, leaf: leaf, logged: Instant(microseconds: try row.integer(7)))
    }
}

extension MeasureReading {
    /// N, k and m: what the leaf of a reading proves.
    fileprivate var figures: [Int64] { [population, fulfilling, unmeasured] }
}
