// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Store

/// A record with whose it is and what its references lead to.
struct LinkedRecord: Sendable {
    let record: ChartRecord
    /// Name, birth date and numbers of the patient in whose chart it was opened.
    let card: SearchCard
    /// The patient's allergies, of which every page of the chart warns.
    let allergies: [ChartRecord]
    /// The allergies, and what the record refers to, that do not open.
    let damaged: [DamagedRecord]
    /// Each reference that leads to a record of the chart, once, in the order of the text.
    let links: [(text: String, destination: ReferenceNames.Destination)]
    /// What the reader is told that this view leaves out.
    let remarks: [String]
    /// What an emergency would show besides.
    let inEmergency: SightInEmergency?
}

extension RecordStore {
    /// What patients' records refer to besides records of the patient.
    private static let neighbours = [
        FilePointers.type, "Device", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole",
    ]

    /// Reads a record of a chart and finds what it refers to.
    ///
    /// - Throws: `Fault.notFound` when it is not part of this chart.
    func linkedRecord(
        _ id: Identifier<Record>, in patient: Identifier<Patient>, actor: EntityReference, sight: ChartSight
    ) async throws -> LinkedRecord {
        // Kept for the reading, which has to know which records are protected.
        _ = try await sheet(of: patient)
        let (record, lens) = try await read(record: id, in: patient, actor: actor, sight: sight)
        let files = FilePointerReader(index: index)
        let texts =
            record.root.values(named: "reference").compactMap(\.string)
            + record.root.values(named: "url").compactMap(\.string).filter { !files.targets(Array($0.utf8)).isEmpty }
        let names = try await house.store.read { tx in
            let types = try tx.rows(
                "SELECT DISTINCT type FROM vault_records WHERE patient = ? ORDER BY type", [.bytes(patient.bytes)]
            ).map { try $0.text(0) }
            let all = types + Self.neighbours.filter { !types.contains($0) }
            return try ReferenceNames(
                texts.prefix(100).map { ($0, all) }, for: patient, through: lens, records: self, in: tx)
        }
        let (card, found) = try await head(of: patient)
        var damaged = found.damaged
        let allergies = Self.readable(found.records, lens, &damaged)
        var seen: Set<[UInt8]> = []
        let links = texts.compactMap { text in
            names.destination(text).flatMap { seen.insert(Array(text.utf8)).inserted ? (text, $0) : nil }
        }
        return LinkedRecord(
            record: record, card: card.masked(by: sight.masking), allergies: allergies,
            damaged: DamagedRecord.each(damaged + names.damaged), links: links, remarks: sight.recordRemarks,
            inEmergency: sight.inEmergency)
    }

    private func head(of patient: Identifier<Patient>) async throws -> (SearchCard, FoundRecords) {
        try await house.store.read { [self] tx in
            guard let row = try tx.row("SELECT card FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])
            else { throw Self.noPatient }
            return (
                SearchCard(showing: try row.bytes(0), cardKey, of: patient),
                try sealedRecords(of: patient, type: "AllergyIntolerance", in: tx)
            )
        }
    }
}
