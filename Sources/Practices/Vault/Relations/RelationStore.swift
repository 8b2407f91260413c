// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store

/// Keeps what was read from charts, so that a decision about a patient does not open the whole chart.
///
/// A row is only a memory: an import deletes the rows of all whom it touches, in its own transaction, and whoever asks
/// next computes them anew.
extension RecordStore {
    /// The sheet of a patient as of now; nil when there is no such patient.
    func sheet(of patient: Identifier<Patient>) async throws -> RelationSheet? {
        let found = try await house.store.read { [self] tx -> FoundSheet? in
            guard try tx.row("SELECT 1 FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)]) != nil
            else { return nil }
            return try foundSheet(of: patient, in: tx)
        }
        guard let found else { return nil }
        await keep([found])
        return found.sheet
    }

    /// The sheet of a patient within a transaction: as it is kept, else computed.
    func foundSheet(of patient: Identifier<Patient>, in tx: any ReadTransaction) throws -> FoundSheet {
        if let row = try tx.row("SELECT sealed FROM vault_relations WHERE patient = ?", [.bytes(patient.bytes)]),
            let kept = RelationSheet(opening: try row.bytes(0), cardKey, of: patient)
        {
            return FoundSheet(patient: patient, sheet: kept)
        }
        var reading = RelationReading(self, in: tx)
        return FoundSheet(
            patient: patient, sheet: try reading.sheet(of: patient), computedFrom: try Sources(of: patient, in: tx))
    }

    /// The sheets of all patients, by id, in one pass.
    func allSheets() async throws -> [(patient: Identifier<Patient>, sheet: RelationSheet)] {
        let found = try await house.store.read { [self] tx in
            let rows = try tx.rows(
                """
                SELECT id, sealed FROM vault_patients LEFT JOIN vault_relations ON vault_relations.patient = id
                ORDER BY id
                """)
            var reading = RelationReading(self, in: tx)
            return try rows.map { row -> FoundSheet in
                guard let patient = Identifier<Patient>(bytes: try row.bytes(0)) else {
                    throw Fault(.damaged, "A row of the patients has an id that is none.")
                }
                if let kept = try row.optionalBytes(1).flatMap({ RelationSheet(opening: $0, cardKey, of: patient) }) {
                    return FoundSheet(patient: patient, sheet: kept)
                }
                return FoundSheet(
                    patient: patient, sheet: try reading.sheet(of: patient),
                    computedFrom: try Sources(of: patient, in: tx))
            }
        }
        await keep(found)
        return found.map { ($0.patient, $0.sheet) }
    }

    /// Keeps sheets that were computed, unless an import came between. Only saves work: that it fails matters to nobody.
    func keep(_ sheets: [FoundSheet]) async {
        let rows = sheets.compactMap { found -> (FoundSheet, Sources, [UInt8])? in
            guard let sources = found.computedFrom, found.sheet.unopened == 0,
                let sealed = try? found.sheet.seal(cardKey, for: found.patient)
            else { return nil }
            return (found, sources, sealed)
        }
        for start in stride(from: 0, to: rows.count, by: Self.keptAtOnce) {
            let part = rows[start..<min(start + Self.keptAtOnce, rows.count)]
            _ = try? await house.store.write { tx in
                for (found, sources, sealed) in part where try Sources(of: found.patient, in: tx) == sources {
                    try tx.execute(
                        """
                        INSERT INTO vault_relations (patient, sealed) VALUES (?, ?)
                        ON CONFLICT (patient) DO UPDATE SET sealed = excluded.sealed
                        """, [.bytes(found.patient.bytes), .bytes(sealed)])
                }
            }
        }
    }

    /// How many rows one transaction writes.
    private static let keptAtOnce = 200
}

/// A sheet, and whether it has yet to be kept.
struct FoundSheet: Sendable {
    let patient: Identifier<Patient>
    let sheet: RelationSheet
    /// From what it was computed; nil for one that was kept.
    var computedFrom: Sources?
}

/// How many record versions a sheet was computed from. Versions are only ever added, so that another number means that
/// an import came between.
struct Sources: Sendable, Equatable {
    private let ofPatient: Int64
    private let ofStaff: Int64

    init(of patient: Identifier<Patient>, in tx: any ReadTransaction) throws {
        ofPatient =
            try tx.row("SELECT count(*) FROM vault_records WHERE patient = ?", [.bytes(patient.bytes)])?.integer(0) ?? 0
        let marks = RelationSheet.staffTypes.map { _ in "?" }.joined(separator: ", ")
        ofStaff =
            try tx.row(
                "SELECT count(*) FROM vault_records WHERE type IN (\(marks))",
                RelationSheet.staffTypes.map { .text($0) })?.integer(0) ?? 0
    }
}

extension RelationSheet {
    /// The types that references of a chart are followed to: a new one of them can change every patient's relations.
    static let staffTypes = ["Location", "Organization", "Practitioner", "PractitionerRole"]

    /// Forgets what was computed from records that a transaction changes; all of it where `isStaff`.
    static func forget(_ patients: Set<Identifier<Patient>>, isStaff: Bool, in tx: any Transaction) throws {
        if isStaff {
            _ = try tx.execute("DELETE FROM vault_relations")
            return
        }
        for patient in patients {
            try tx.execute("DELETE FROM vault_relations WHERE patient = ?", [.bytes(patient.bytes)])
        }
    }
}
