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
        try await record([reading])
    }

    /// Keeps what was read together, in one transaction.
    package func record(_ readings: [MeasureReading]) async throws {
        try await store.write { tx in
            for reading in readings { try Self.keep(reading, tx) }
        }
    }

    private static func keep(_ reading: MeasureReading, _ tx: any Transaction) throws {
        if let known = try newest(reading.measure, tx), known.covers(reading, at: tx.now) {
            try renew(known, by: reading, tx)
        } else {
            try tell(reading, tx)
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
                "\(Self.selection) WHERE r.measure = ? AND r.collected >= ? ORDER BY r.collected",
                [.text(measure.id), .integer(start.microseconds)]
            ).map { try Self.reading($0, of: measure) }
        }
    }

    /// Of each measure the last reading that was told in each span, oldest first.
    ///
    /// An hour's readings of a year are many more than its days: only those that a chart shows are read.
    package func last(of measures: [Measure], in spans: [DaySpan]) async throws -> [[RecordedReading]] {
        try await store.read { tx in
            try measures.map { measure in try spans.flatMap { try Self.last(of: measure, in: $0, tx) } }
        }
    }

    private static func last(of measure: Measure, in span: DaySpan, _ tx: any ReadTransaction) throws
        -> [RecordedReading]
    {
        // Rows are told after they were read, and renewed for an hour: the order of their key is only near that of the log.
        let (from, to) = (span.start.advanced(by: .zero - silence), span.end.advanced(by: silence))
        return try tx.rows(
            """
            \(selection) JOIN (
                SELECT max(collected) AS newest FROM posture_readings
                WHERE measure = ? AND collected > ? AND collected <= ? AND logged > ? AND logged <= ?
                GROUP BY (logged - ?) / ?) d ON d.newest = r.collected
            WHERE r.measure = ? ORDER BY r.collected
            """,
            [
                .text(measure.id), .integer(from.microseconds), .integer(to.microseconds),
                .integer(span.start.microseconds), .integer(span.end.microseconds),
                // A reading at the very end of a day belongs to it.
                .integer(span.start.microseconds + 1), .integer(span.length.wholeMicroseconds), .text(measure.id),
            ]
        ).map { try reading($0, of: measure) }
    }

    private static let selection = """
        SELECT r.collected, r.effective, r.population, r.fulfilling, r.unmeasured, r.source, r.leaf, r.logged
        FROM posture_readings r
        """

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
