// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Kernel
import Store

/// A reader's sight of one chart as of now: every record passes through it before anything is made from it.
struct ChartLens: Sendable {
    let sight: ChartSight
    /// Whose chart it is.
    let patient: Identifier<Patient>
    let records: RecordStore
    /// The records that are not there for the reader.
    private var hiddenRecords: Set<Identifier<Record>>
    /// The protected classes of those that are there.
    private var shownClasses: [Identifier<Record>: Set<ProtectedClass>]
    /// How many of each type they are.
    private var hiddenCounts: [String: Int64]
    /// By which keyed hashes references lead to them.
    private var lookups: Set<[UInt8]> = []
    private var identifiers: Set<[UInt8]> = []
    private let hiddenTypes: [String]
    private let index: IndexKey
    /// The protected classes of the patient's files that are there for the reader.
    private(set) var fileClasses: Set<ProtectedClass> = []

    init(
        _ sight: ChartSight, of patient: Identifier<Patient>, _ sheet: RelationSheet, _ records: RecordStore,
        in tx: any ReadTransaction
    ) throws {
        (self.sight, self.patient, self.records) = (sight, patient, records)
        index = records.index
        let hidden = sheet.protected.filter { !$0.classes.isDisjoint(with: sight.hidden) }
        hiddenRecords = Set(hidden.map(\.id))
        let shown = sheet.protected.filter { $0.classes.isDisjoint(with: sight.hidden) }
        // What lies inside an allergy is shown without those of them that are hidden.
        let containing = sheet.containing.map { ($0.id, $0.classes.subtracting(sight.hidden)) }
        shownClasses = Dictionary(shown.map { ($0.id, $0.classes) } + containing) { $0.union($1) }
        hiddenCounts = hidden.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
        hiddenTypes = Set(hidden.map(\.type)).union([FilePointers.type]).sorted()
        for record in hidden {
            guard let row = try tx.row("SELECT lookup FROM vault_records WHERE id = ?", [.bytes(record.id.bytes)])
            else { continue }
            let lookup = try row.bytes(0)
            lookups.insert(lookup)
            for row in try tx.rows("SELECT mac FROM vault_identifiers WHERE record = ?", [.bytes(lookup)]) {
                identifiers.insert(try row.bytes(0))
            }
        }
        try lookAtFiles(in: tx)
        // Nor may anything else lead to a file of a hidden record, whosever the file is.
        for lookup in lookups { lookups.formUnion(try FilePointerRows.targets(of: lookup, in: tx)) }
    }

    /// Finds out which of the patient's files are there for the reader.
    private mutating func lookAtFiles(in tx: any ReadTransaction) throws {
        let files = try tx.rows(
            "SELECT id, lookup FROM vault_records WHERE patient = ? AND type = ? AND current = 1 ORDER BY id",
            [.bytes(patient.bytes), .text(FilePointers.type)])
        var hidden: [(id: Identifier<Record>, lookup: [UInt8])] = []
        for file in files {
            guard let id = Identifier<Record>(bytes: try file.bytes(0)), !hiddenRecords.contains(id) else { continue }
            let lookup = try file.bytes(1)
            if let classes = try classes(ofFile: lookup, owner: patient, in: tx) {
                shownClasses[id, default: []].formUnion(classes)
                fileClasses.formUnion(shownClasses[id] ?? [])
            } else {
                hidden.append((id, lookup))
            }
        }
        // Afterwards, because each is judged by the records that point at it and not by the other files.
        for file in hidden {
            hiddenRecords.insert(file.id)
            hiddenCounts[FilePointers.type, default: 0] += 1
            lookups.insert(file.lookup)
        }
    }

    /// Whether a record is not there for the reader, as far as that is known before it is opened.
    func hides(_ id: Identifier<Record>, type: String) -> Bool {
        hiddenRecords.contains(id) || sight.masking.hides(type: type)
    }

    /// The protected classes of a record that is there for the reader, and of what is shown inside it.
    func classes(of id: Identifier<Record>) -> Set<ProtectedClass> { shownClasses[id] ?? [] }

    /// How many records of a type are there for the reader, of those that the patient has.
    func count(_ count: Int64, of type: String) -> Int64 {
        sight.masking.hides(type: type) ? 0 : max(0, count - (hiddenCounts[type] ?? 0))
    }

    /// How many records of a type are not there for the reader.
    func hiddenCount(of type: String) -> Int64 { hiddenCounts[type] ?? 0 }

    /// An opened record as the reader sees it; nil when it is not there for the reader.
    ///
    /// The classes are read from the record once more: one that did not open when the chart was looked through, or that
    /// came in since, must not slip through.
    func show(_ stored: StoredRecord) throws -> ChartRecord? {
        let record = try ChartRecord(stored)
        if hides(stored.id, type: stored.type) || hides(record.root) { return nil }
        let concealment =
            sight.hidden.isEmpty ? nil : Concealment(in: record.root, leadsToHidden: leadsToHidden, isHidden: hides)
        let masking = sight.masking(of: stored.type, touchesHidden: concealment?.touches ?? false)
        guard !masking.isEmpty || concealment != nil else { return record }
        guard let bytes = masking.masked(record.root, concealment) else { return nil }
        return try ChartRecord(
            stored.with(bytes: bytes), isReduced: !bytes.elementsEqual(JSONLayout.compact(stored.bytes)))
    }

    func hides(_ root: JSONNode) -> Bool {
        !sight.hidden.isEmpty && !ProtectedCodes.classes(of: root).isDisjoint(with: sight.hidden)
    }

    /// Whether a reference leads to a record that is not there for the reader.
    private func leadsToHidden(_ text: String) -> Bool {
        if lookups.isEmpty { return false }
        if FilePointerReader(index: index).targets(Array(text.utf8)).contains(where: lookups.contains) { return true }
        switch Reference(text).target {
        case .resource(let type, let id): return lookups.contains(index.lookup(type: type, id: id))
        case .urn:
            return ReferenceNames.urnNames(text).contains { name in
                hiddenTypes.contains { lookups.contains(index.lookup(type: $0, id: name)) }
            }
        case .conditional(let type, let query):
            guard let token = IdentifierQuery(query) else { return false }
            return identifiers.contains(index.identifier(type: type, system: token.system, value: token.value))
        case .contained, .other: return false
        }
    }
}

extension StoredRecord {
    /// The record with other bytes.
    fileprivate func with(bytes: [UInt8]) -> StoredRecord {
        StoredRecord(id: id, type: type, version: version, patient: patient, created: created, bytes: bytes)
    }
}
