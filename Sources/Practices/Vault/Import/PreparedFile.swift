// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Web

/// A file that was read, checked and taken apart, without looking into the store.
struct PreparedFile: Sendable {
    let mac: [UInt8]
    let file: BundleFile
    let entries: [PreparedEntry]
}

/// One entry of a file, and by which keyed hashes it is found.
struct PreparedEntry: Sendable {
    let number: Int
    let type: String
    /// Where the record is found again; nil for one that nothing names, which is new each time.
    let lookup: [UInt8]?
    let resource: Range<Int>
    /// Whose it is; nil for what belongs to nobody in particular.
    let owner: PatientName?
    /// The record's business identifiers.
    let identifiers: [[UInt8]]
    /// Create it only if no record of its type has this identifier.
    let condition: [UInt8]?
    /// For a Patient: what the search shows.
    let card: SearchCard?
    /// What it says about files.
    let pointers: FilePointers
}

/// How a file names a patient, hashed.
enum PatientName: Sendable, Hashable {
    /// By the record of the Patient.
    case record([UInt8])
    /// By a business identifier.
    case identifier([UInt8])
}

extension PreparedFile {
    /// Takes `content` apart.
    ///
    /// - Throws: `ImportProblem` for the first thing that is wrong with it.
    init(_ content: [UInt8], mac: [UInt8], index: IndexKey) throws(ImportProblem) {
        do {
            file = try BundleFile.parse(content)
        } catch {
            throw .content(error)
        }
        var reader = FilePointerReader(index: index)
        for entry in file.entries { reader.names.add(entry, PreparedEntry.lookup(of: entry, index)) }
        var entries: [PreparedEntry] = []
        entries.reserveCapacity(file.entries.count)
        for (entry, owner) in zip(file.entries, Ownership.resolve(file)) {
            entries.append(try PreparedEntry(entry, owner, reader))
        }
        self.entries = entries
        self.mac = mac
    }
}

extension PreparedEntry {
    fileprivate static func lookup(of entry: BundleEntry, _ index: IndexKey) -> [UInt8]? {
        entry.recordKey.map { index.lookup(type: entry.resourceType, id: $0) }
    }

    fileprivate init(_ entry: BundleEntry, _ owner: Owner, _ reader: FilePointerReader) throws(ImportProblem) {
        let index = reader.index
        switch owner {
        case .patient(let key): self.owner = PatientName(key, index)
        case .institution: self.owner = nil
        case .refused(let refusal): throw .ownership(entry: entry.number, refusal)
        }
        number = entry.number
        type = entry.resourceType
        lookup = Self.lookup(of: entry, index)
        resource = entry.resource
        identifiers = index.identifiers(of: entry.node, type: entry.resourceType)
        condition = try Self.condition(of: entry, index)
        card = entry.resourceType == "Patient" ? SearchCard(entry.node) : nil
        pointers = reader.read(entry.node, type: entry.resourceType)
    }

    private static func condition(of entry: BundleEntry, _ index: IndexKey) throws(ImportProblem) -> [UInt8]? {
        guard entry.method == .post, let query = entry.ifNoneExist else { return nil }
        guard let token = IdentifierQuery(query) else { throw .unsupportedCondition(entry: entry.number) }
        return index.identifier(type: entry.resourceType, system: token.system, value: token.value)
    }
}

extension IndexKey {
    /// The business identifiers of a record.
    func identifiers(of resource: JSONNode, type: String) -> [[UInt8]] {
        guard let list = resource["identifier"] else { return [] }
        // R4 has one identifier in some types and a list of them in others.
        let all = list.kind == .array ? Array(list.elements) : [list]
        return all.compactMap { identifier in
            identifier["value"]?.utf8.map { value in
                self.identifier(type: type, system: identifier["system"]?.utf8 ?? [], value: value)
            }
        }
    }
}

extension PatientName {
    fileprivate init(_ key: PatientKey, _ index: IndexKey) {
        switch key {
        case .id(let id): self = .record(index.lookup(type: "Patient", id: id))
        case .fullURL(let url): self = .record(index.lookup(type: "Patient", id: url))
        case .identifier(let system, let value):
            self = .identifier(index.identifier(type: "Patient", system: Array(system.utf8), value: Array(value.utf8)))
        }
    }
}

/// The search `identifier=system|value`, the only one that is possible over sealed records.
struct IdentifierQuery {
    let system: [UInt8]
    let value: [UInt8]

    /// Nil for every other search.
    init?(_ query: String) {
        let bytes = Array(query.utf8)
        let name = Array("identifier=".utf8)
        guard bytes.starts(with: name), !bytes.contains(UInt8(ascii: "&")),
            let token = PercentCoding.decode(bytes.dropFirst(name.count), plusIsSpace: true)
        else { return nil }
        let parts = Array(token.utf8).split(
            separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        system = Array(parts[0])
        value = Array(parts[1])
    }
}
