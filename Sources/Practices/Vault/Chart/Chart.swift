// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
package import Kernel
import Keyring
import Ledger
import Store
import Web

/// A patient's chart, opened for one of its pages.
package struct Chart: Sendable {
    /// The patient.
    package let patient: Identifier<Patient>
    /// Name, birth date and numbers.
    package let card: SearchCard
    /// Which page.
    package let section: ChartSection
    /// On the page `documents`, the type whose records are listed.
    let listedType: String?
    /// The records of the page, by type, as many as are shown.
    package let records: [String: [ChartRecord]]
    /// What of the page lies in the store and does not open, so that it is missing from `records` and from its words.
    let damaged: [DamagedRecord]
    /// How many records the patient has of each type, sorted by type.
    package let counts: [(type: String, count: Int64)]
    /// The words for references that lead to a record in this house.
    let names: ReferenceNames
    /// The clock of the institution, for days that are written in UTC.
    let localTime: LocalTime
    /// What the reader is told that this view leaves out.
    package let remarks: [String]
    /// What an emergency would show besides.
    let inEmergency: SightInEmergency?

    /// How many records of the page do not open.
    package var unopened: Int { damaged.count }

    /// The records of one type.
    func all(_ type: String) -> [ChartRecord] {
        records[type] ?? []
    }
}

/// An opened record, ready to be looked at.
package struct ChartRecord: Sendable {
    /// The record.
    package let stored: StoredRecord
    /// Its content.
    let root: JSONNode
    /// Whether something of it was left out for the reader.
    let isReduced: Bool

    init(_ stored: StoredRecord, isReduced: Bool = false) throws {
        self.stored = stored
        self.isReduced = isReduced
        do {
            root = try JSONDocument.parse(stored.bytes).root
        } catch {
            throw Fault(.damaged, "A stored record is no JSON any more.", cause: error)
        }
    }
}

extension RecordStore {
    /// Opens a chart at one of its pages. The leaf is committed before anything is read.
    ///
    /// - Parameters:
    ///   - type: on the page `documents`, the type whose records are listed.
    ///   - sight: what the reader may see of the chart.
    /// - Throws: `Fault.notFound` when there is no such patient; for an export `Fault.damaged` when a record does not open.
    package func chart(
        of patient: Identifier<Patient>, _ section: ChartSection, type: String? = nil, actor: EntityReference,
        sight: ChartSight
    ) async throws -> Chart {
        guard let sheet = try await sheet(of: patient) else { throw Self.noPatient }
        let types = section.typesRead(listing: type)
        var shown = sheet.classes(in: types).subtracting(sight.hidden)
        if types?.contains(FilePointers.type) ?? true {
            shown.formUnion(
                try await house.store.read { tx in
                    try ChartLens(sight, of: patient, sheet, self, in: tx).fileClasses
                })
        }
        try await recordOpening(of: patient, section, shown, sight, actor)
        let opened = try await house.store.read { tx in try sealedChart(of: patient, section, type, sight, tx) }
        let lens = opened.lens
        var records: [String: [ChartRecord]] = [:]
        var damaged = opened.damaged
        for (type, sealed) in opened.records {
            // What is taken elsewhere is whole or not at all; whoever treats the patient sees what there is.
            records[type] =
                section == .export
                ? try sealed.compactMap { try lens.show(try $0.open()) } : Self.readable(sealed, lens, &damaged)
        }
        if section == .export, !damaged.isEmpty { throw Self.notWhole }
        let references = ReferenceNames.references(in: records)
        let names = try await house.store.read { tx in
            try ReferenceNames(references, for: patient, through: lens, records: self, in: tx)
        }
        return Chart(
            patient: patient, card: opened.card.masked(by: sight.masking), section: section, listedType: type,
            records: records, damaged: DamagedRecord.each(damaged + names.damaged), counts: opened.counts, names: names,
            localTime: house.localTime,
            remarks: sight.remarks, inEmergency: sight.inEmergency)
    }

    /// Those of `sealed` that open and are there for the reader; those that do not open are named.
    static func readable(
        _ sealed: [SealedRecord], _ lens: ChartLens, _ damaged: inout [DamagedRecord]
    ) -> [ChartRecord] {
        var shown: [ChartRecord] = []
        for sealed in sealed {
            do {
                if let record = try lens.show(try sealed.open()) { shown.append(record) }
            } catch {
                damaged.append(DamagedRecord(id: sealed.row.id.description, type: sealed.row.type))
            }
        }
        return shown
    }

    private func recordOpening(
        of patient: Identifier<Patient>, _ section: ChartSection, _ shown: Set<ProtectedClass>, _ sight: ChartSight,
        _ actor: EntityReference
    ) async throws {
        try await house.care { tx in
            guard
                let row = try tx.row("SELECT subject FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])
            else { throw Self.noPatient }
            try tx.record(
                Fact(
                    VaultFacts.chartRead, by: actor, on: try row.bytes(0),
                    [
                        .init("protected", .array(shown.sorted().map { .string($0.rawValue) })),
                        .init("rules", .array(sight.rules(for: shown).map { .string($0) })),
                        .init("section", .string(section.rawValue)),
                    ]))
        }
    }

    private struct SealedChart: Sendable {
        let card: SearchCard
        let records: [String: [SealedRecord]]
        let damaged: [DamagedRecord]
        let counts: [(type: String, count: Int64)]
        let lens: ChartLens
    }

    /// How many records of a type are listed on the page `documents`.
    static let listedRecords: Int64 = 200

    private func sealedChart(
        of patient: Identifier<Patient>, _ section: ChartSection, _ type: String?, _ sight: ChartSight,
        _ tx: any ReadTransaction
    ) throws -> SealedChart {
        guard let row = try tx.row("SELECT card FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])
        else { throw Self.noPatient }
        // From the same state of the store as the records, so that no count can tell of a record that is not shown.
        let lens = try ChartLens(sight, of: patient, try foundSheet(of: patient, in: tx).sheet, self, in: tx)
        let counts = try tx.rows(
            """
            SELECT type, count(*) FROM vault_records WHERE patient = ? AND current = 1 GROUP BY type ORDER BY type
            """, [.bytes(patient.bytes)]
        ).map { (type: try $0.text(0), count: lens.count(try $0.integer(1), of: try $0.text(0))) }
            .filter { $0.count > 0 }
        let wanted = type.map { wanted in counts.map(\.type).filter { $0.utf8.elementsEqual(wanted.utf8) } }
        let isListing = section == .documents
        var types = section.types + (isListing ? wanted ?? [] : [])
        if section == .export { types = wanted ?? counts.map(\.type) }
        if section != .export, !types.contains("AllergyIntolerance") { types.append("AllergyIntolerance") }
        var (records, damaged): ([String: [SealedRecord]], [DamagedRecord]) = ([:], [])
        for type in types {
            let limit = isListing && type != "AllergyIntolerance" ? Self.listedRecords : .max
            // As many as are listed are there for the reader, or their number would tell of the others.
            let most = limit == .max ? limit : limit + lens.hiddenCount(of: type)
            let found = try sealedRecords(of: patient, type: type, limit: most, in: tx)
            records[type] = Array(
                found.records.filter { !lens.hides($0.row.id, type: type) }.prefix(limit == .max ? .max : Int(limit)))
            damaged += found.damaged.filter { !(Identifier($0.id).map { lens.hides($0, type: type) } ?? false) }
        }
        return SealedChart(
            card: SearchCard(showing: try row.bytes(0), cardKey, of: patient), records: records, damaged: damaged,
            counts: counts, lens: lens)
    }

    /// The patient whom an operator names: by the id in this house, or by the id in FHIR.
    func patient(named text: String) async throws -> Identifier<Patient> {
        let lookup = index.lookup(type: "Patient", id: text)
        let id = Identifier<Patient>(text)
        return try await house.store.read { tx in
            if let id, try tx.row("SELECT created FROM vault_patients WHERE id = ?", [.bytes(id.bytes)]) != nil {
                return id
            }
            guard let found = try StoredVersion.find(lookup, in: tx)?.patient else { throw Self.noPatient }
            return found
        }
    }
}
