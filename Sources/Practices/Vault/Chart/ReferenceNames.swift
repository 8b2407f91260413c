// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Keyring
import Store

/// What references of a chart lead to, as far as it is in this house and belongs to the patient or to nobody.
struct ReferenceNames: Sendable {
    /// Where a reference leads.
    struct Destination: Sendable {
        let record: Identifier<Record>
        let type: String
        /// What to call it; nil when the record has no words for itself.
        let name: String?
        /// Whether it lies in the store and does not open.
        var isDamaged = false
    }

    /// By the bytes of the reference.
    private var found: [[UInt8]: Destination] = [:]

    /// What a reference leads to and does not open.
    private(set) var damaged: [DamagedRecord] = []

    /// How many references of one page are followed; a Provenance alone can name thousands.
    private static let most = 300

    /// Nothing.
    init() {}

    /// Follows `references`, each with the types that a `urn:` in it can mean.
    init(
        _ references: [(text: String, types: [String])], for patient: Identifier<Patient>, through lens: ChartLens,
        records: RecordStore, in tx: any ReadTransaction
    ) throws {
        for reference in references {
            if found.count >= Self.most { break }
            let name = Array(reference.text.utf8)
            guard found[name] == nil else { continue }
            for lookup in try Self.lookups(reference.text, reference.types, records.index, tx) {
                guard let row = (try? SealedRow.find(lookup: lookup, in: tx)) ?? nil,
                    row.patient == nil || row.patient == patient
                else { continue }
                if lens.hides(row.id, type: row.type) { continue }
                do {
                    let sealed = SealedRecord(row: row, key: try records.house.keyring.dataKey(row.key, in: tx))
                    guard try lens.classes(opening: sealed, in: tx) != nil,
                        let record = try lens.show(try sealed.open())
                    else { continue }
                    found[name] = Destination(record: row.id, type: row.type, name: Self.name(of: record.root))
                } catch {
                    // A name that does not open must not keep anybody from the chart.
                    let id = row.id.description
                    found[name] = Destination(
                        record: row.id, type: row.type, name: "\(id) (does not open)", isDamaged: true)
                    damaged.append(DamagedRecord(id: id, type: row.type))
                }
                break
            }
        }
    }

    /// Where a Reference element leads.
    func destination(_ text: String) -> Destination? {
        found[Array(text.utf8)]
    }

    /// What to call what an element refers to: its own display, else the words of the record that it leads to.
    func words(_ element: JSONNode?) -> String? {
        guard let element else { return nil }
        if let display = element["display"]?.string, !display.isEmpty { return display }
        guard let found = element["reference"]?.string.flatMap(destination) else { return nil }
        return found.isDamaged ? "\(PlainWords.type(found.type)) \(found.name ?? "")" : found.name
    }

    /// The references whose words a chart page shows and that do not bring words of their own.
    static func references(in records: [String: [ChartRecord]]) -> [(text: String, types: [String])] {
        let wanted: [(type: String, element: String, targets: [String])] = [
            ("MedicationRequest", "medicationReference", ["Medication"]),
            ("MedicationStatement", "medicationReference", ["Medication"]),
            ("MedicationRequest", "requester", ["Practitioner"]),
            ("Encounter", "serviceProvider", ["Organization"]),
        ]
        return wanted.flatMap { wanted in
            (records[wanted.type] ?? []).compactMap { record in
                guard let element = record.root[wanted.element], element["display"] == nil,
                    let text = element["reference"]?.string
                else { return nil }
                return (text, wanted.targets)
            }
        }
    }

    /// Where the records may lie that a reference means, each with the types that a `urn:` in it can mean.
    static func lookups(
        _ text: String, _ types: [String], _ index: IndexKey, _ tx: any ReadTransaction
    ) throws -> [[UInt8]] {
        switch Reference(text).target {
        case .resource(let type, let id): return [index.lookup(type: type, id: id)]
        case .urn:
            return types.flatMap { type in urnNames(text).map { index.lookup(type: type, id: $0) } }
        case .conditional(let type, let query):
            guard let token = IdentifierQuery(query) else { return [] }
            let mac = index.identifier(type: type, system: token.system, value: token.value)
            let row = try tx.row("SELECT record FROM vault_identifiers WHERE mac = ?", [.bytes(mac)])
            return try row.map { [try $0.bytes(0)] } ?? []
        case .contained, .other: return []
        }
    }

    /// What a `urn:` can be the id of: Bundles call an entry `urn:uuid:` and its id; entries without id are kept under the
    /// whole text.
    static func urnNames(_ text: String) -> [String] {
        let id = text.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(text[text.utf8.index(after: $0)...]) }
        return [id, text].compactMap { $0 }
    }

    private static func name(of resource: JSONNode) -> String? {
        if let code = resource["code"] ?? resource["type"], code.kind == .object,
            let words = CodeableConcept(code).display
        {
            return words
        }
        guard let name = resource["name"] else { return nil }
        if let text = name.string { return text }
        let card = PatientCard.extract(resource)
        let names = (card.prefixes + card.given + [card.family].compactMap { $0 }).joined(separator: " ")
        return names.isEmpty ? card.nameText : names
    }
}
