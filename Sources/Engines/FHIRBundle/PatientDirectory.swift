// SPDX-License-Identifier: Apache-2.0

import Codecs

/// What the references of one Bundle mean: its entries by name, its patients by identifier.
struct PatientDirectory {
    /// What a reference leads to.
    private enum Meaning {
        case patient(PatientKey)
        case somethingElse
        case nowhere
    }

    /// Entries by fullUrl; the key is nil for those that are no patients.
    private var entries: [[UInt8]: PatientKey?] = [:]
    private var patients: [[UInt8]: PatientKey] = [:]
    /// Patients by identifier value, with the system.
    private var identifiers: [[UInt8]: [(system: [UInt8], key: PatientKey)]] = [:]

    init(_ entries: [BundleEntry]) {
        for entry in entries {
            let key = Self.key(of: entry)
            if let url = entry.fullURL { self.entries.updateValue(key, forKey: Array(url.utf8)) }
            if let key { add(key, of: entry) }
        }
    }

    /// How a Patient entry is named; nil for other types and for a Patient without any name.
    static func key(of entry: BundleEntry) -> PatientKey? {
        guard entry.resourceType == "Patient" else { return nil }
        return entry.id.map { .id($0) } ?? entry.fullURL.map { .fullURL($0) }
    }

    private mutating func add(_ key: PatientKey, of entry: BundleEntry) {
        // An entry without id is known by the id at the end of its fullUrl, too.
        if let url = entry.fullURL, case .resource("Patient", let id) = Reference(url).target {
            patients[Array(id.utf8)] = key
        }
        guard let list = entry.node["identifier"] else { return }
        for identifier in list.elements {
            guard let value = identifier["value"]?.utf8 else { continue }
            identifiers[value, default: []].append((identifier["system"]?.utf8 ?? [], key))
        }
    }

    /// The one patient that the elements at these paths name; the institution when they name none.
    func owner(of resource: JSONNode, at paths: [[String]]) -> Owner {
        var owner: PatientKey?
        for path in paths {
            for element in Self.elements(of: resource, at: path[...]) {
                switch meaning(of: element) {
                case .patient(let key):
                    if let owner, owner != key { return .refused(.twoPatients) }
                    owner = key
                case .nowhere: return .refused(.unresolvedReference)
                case .somethingElse: continue
                }
            }
        }
        return owner.map { .patient($0) } ?? .institution
    }

    /// All elements at a path; wherever it meets a list it goes through each of its items.
    private static func elements(of node: JSONNode, at path: ArraySlice<String>) -> [JSONNode] {
        if node.kind == .array { return node.elements.flatMap { elements(of: $0, at: path) } }
        guard let name = path.first else { return [node] }
        return node[name].map { elements(of: $0, at: path.dropFirst()) } ?? []
    }
}

extension PatientDirectory {
    private func meaning(of element: JSONNode) -> Meaning {
        guard element.kind == .object else { return .nowhere }
        guard let text = element["reference"] else { return logicalMeaning(of: element) }
        guard let reference = text.string.map({ Reference($0) }) else { return .nowhere }
        if let entry = entries[Array(reference.text.utf8)] {
            return entry.map { .patient($0) } ?? .somethingElse
        }
        switch reference.target {
        case .resource("Patient", let id): return .patient(patients[Array(id.utf8)] ?? .id(id))
        // What cannot be understood might name a patient: it must not end up under the institution's key.
        case .urn, .other: return .nowhere
        case .conditional("Patient", let query): return conditionalMeaning(of: query)
        case .resource, .contained, .conditional: return .somethingElse
        }
    }

    /// A reference by identifier only (R4 section 2.3.0.4).
    private func logicalMeaning(of element: JSONNode) -> Meaning {
        guard let identifier = element["identifier"], let value = identifier["value"]?.utf8 else {
            return .somethingElse
        }
        let isPatient = element["type"]?.means("Patient") ?? false
        guard isPatient || element["type"] == nil else { return .somethingElse }
        let system = identifier["system"]?.utf8
        if let found = find(system: system, value: value) { return found }
        return isPatient ? .patient(Self.key(system ?? [], value)) : .somethingElse
    }

    /// `identifier=system|value`, the only search that names one patient without a store.
    private func conditionalMeaning(of query: String) -> Meaning {
        let bytes = query.utf8
        guard bytes.starts(with: "identifier=".utf8), !bytes.contains(UInt8(ascii: "&")),
            let token = FHIRText.decodeQuery(query[...].utf8.dropFirst("identifier=".utf8.count))
        else { return .nowhere }
        guard let bar = token.firstIndex(of: UInt8(ascii: "|")) else {
            return token.isEmpty ? .nowhere : find(system: nil, value: token) ?? .nowhere
        }
        let (system, value) = (Array(token[..<bar]), Array(token[(bar + 1)...]))
        guard !value.isEmpty else { return .nowhere }
        return find(system: system, value: value) ?? .patient(Self.key(system, value))
    }

    /// The Bundle's patient with that identifier; no system means any. Two patients lead nowhere.
    private func find(system: [UInt8]?, value: [UInt8]) -> Meaning? {
        let found = (identifiers[value] ?? []).filter { system == nil || $0.system == system }.map(\.key)
        guard let first = found.first else { return nil }
        return found.allSatisfy { $0 == first } ? .patient(first) : .nowhere
    }

    private static func key(_ system: [UInt8], _ value: [UInt8]) -> PatientKey {
        .identifier(system: String(decoding: system, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
    }
}
