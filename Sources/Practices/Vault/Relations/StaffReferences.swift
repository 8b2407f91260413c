// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Keyring
import Store

/// Finds out whom references to practitioners mean, and what places are called.
///
/// Follows them also to what came in with another patient's file: who a practitioner is and what a place is called says
/// nothing about that patient.
struct StaffReferences {
    private let records: RecordStore
    private let tx: any ReadTransaction
    /// Identifiers, by the bytes of the reference.
    private var known: [[UInt8]: [String]] = [:]
    private var names: [[UInt8]: String?] = [:]

    private static let nationalProvider = "http://hl7.org/fhir/sid/us-npi"

    init(_ records: RecordStore, in tx: any ReadTransaction) {
        (self.records, self.tx) = (records, tx)
    }

    /// The identifiers of the practitioner to whom a reference leads, as `system|value`, the national one first: those in
    /// the reference itself, and those of the record that it leads to.
    mutating func identifiers(_ element: JSONNode, in resource: JSONNode) throws -> [String] {
        let own = element["identifier"].flatMap { Self.name($0["system"]?.string, $0["value"]?.string) }
        guard let text = element["reference"]?.string else { return own.map { [$0] } ?? [] }
        let found: [String]
        if case .contained = Reference(text).target {
            found = try contained(text, in: resource).map { try identifiers(of: $0, in: resource) } ?? []
        } else {
            found = try identifiers(text)
        }
        return Self.sorted((own.map { [$0] } ?? []) + found)
    }

    private mutating func identifiers(_ text: String) throws -> [String] {
        if let known = known[Array(text.utf8)] { return known }
        // A practitioner's role that refers to itself ends here.
        known[Array(text.utf8)] = []
        var found: [String] = []
        if case .conditional("Practitioner", let query) = Reference(text).target, let token = IdentifierQuery(query) {
            let (system, value) = (
                String(decoding: token.system, as: UTF8.self), String(decoding: token.value, as: UTF8.self)
            )
            found += Self.name(system, value).map { [$0] } ?? []
        }
        if let record = try open(text, ["Practitioner", "PractitionerRole"]) {
            found += try identifiers(of: record.root, in: record.root)
        }
        known[Array(text.utf8)] = Self.sorted(found)
        return Self.sorted(found)
    }

    /// Those of a Practitioner, or of the practitioner whose role it is.
    private mutating func identifiers(of resource: JSONNode, in container: JSONNode) throws -> [String] {
        if resource["resourceType"]?.means("PractitionerRole") ?? false {
            return try resource["practitioner"].map { try identifiers($0, in: container) } ?? []
        }
        guard resource["resourceType"]?.means("Practitioner") ?? false else { return [] }
        return resource["identifier"]?.elements.compactMap { Self.name($0["system"]?.string, $0["value"]?.string) }
            ?? []
    }

    /// What a place or an organization is called: as the reference says, else as its record says.
    mutating func name(_ element: JSONNode?, _ type: String, in resource: JSONNode) throws -> String? {
        guard let element else { return nil }
        if let display = element["display"]?.string, !display.isEmpty { return display }
        guard let text = element["reference"]?.string else { return nil }
        if case .contained = Reference(text).target { return contained(text, in: resource)?["name"]?.string }
        if let known = names[Array(text.utf8)] { return known }
        let name = try open(text, [type])?.root["name"]?.string
        names.updateValue(name, forKey: Array(text.utf8))
        return name
    }

    private func contained(_ text: String, in resource: JSONNode) -> JSONNode? {
        let id = String(text.dropFirst())
        return resource["contained"]?.elements.first { $0["id"]?.means(id) ?? false }
    }

    private func open(_ text: String, _ types: [String]) throws -> ChartRecord? {
        for lookup in try ReferenceNames.lookups(text, types, records.index, tx) {
            guard let row = (try? SealedRow.find(lookup: lookup, in: tx)) ?? nil,
                types.contains(where: { $0.utf8.elementsEqual(row.type.utf8) }),
                let key = try? records.house.keyring.dataKey(row.key, in: tx)
            else { continue }
            return try? ChartRecord(try SealedRecord(row: row, key: key).open())
        }
        return nil
    }

    private static func name(_ system: String?, _ value: String?) -> String? {
        guard let value, !value.isEmpty else { return nil }
        return "\(system ?? "")|\(value)"
    }

    /// Each once, the national number first.
    private static func sorted(_ names: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        let once = names.filter { seen.insert(Array($0.utf8)).inserted }
        let national = Array("\(nationalProvider)|".utf8)
        return once.filter { $0.utf8.starts(with: national) } + once.filter { !$0.utf8.starts(with: national) }
    }
}
