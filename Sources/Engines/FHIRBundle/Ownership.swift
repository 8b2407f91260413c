// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Finds for each entry of a file the owner of its key.
///
/// The patient of its FHIR compartment; else the Bundle's only patient, if something in that patient's compartment
/// references it; else the institution. An entry about two patients is refused.
public enum Ownership {
    /// One owner for each entry, in the order of `file.entries`.
    public static func resolve(_ file: BundleFile) -> [Owner] {
        var owners = file.entries.map { _ in Owner.institution }
        for places in Dictionary(grouping: file.entries.indices, by: { file.entries[$0].group }).values {
            for (place, owner) in zip(places, resolve(places.map { file.entries[$0] })) {
                owners[place] = owner
            }
        }
        return owners
    }

    private static func resolve(_ entries: [BundleEntry]) -> [Owner] {
        let directory = PatientDirectory(entries)
        var owners = entries.map { direct($0, directory) }
        guard let only = onlyPatient(of: owners) else { return owners }
        let referenced = references(from: entries, ownedIn: owners)
        for (index, entry) in entries.enumerated() where owners[index] == .institution {
            if isReferenced(entry, referenced) { owners[index] = .patient(only) }
        }
        return owners
    }

    private static func direct(_ entry: BundleEntry, _ directory: PatientDirectory) -> Owner {
        guard let paths = PatientCompartment.paths(of: entry.resourceType) else { return .refused(.unknownType) }
        if entry.resourceType == "Patient" {
            return PatientDirectory.key(of: entry).map { .patient($0) } ?? .refused(.unresolvedReference)
        }
        let primary = directory.owner(of: entry.node, at: paths.primary)
        guard primary == .institution else { return primary }
        let secondary = directory.owner(of: entry.node, at: paths.secondary)
        // Who wrote or received it may be outside the Bundle; that alone is no reason to turn the entry away.
        return secondary == .refused(.unresolvedReference) ? .institution : secondary
    }

    private static func onlyPatient(of owners: [Owner]) -> PatientKey? {
        var only: PatientKey?
        for case .patient(let key) in owners {
            if let only, only != key { return nil }
            only = key
        }
        return only
    }

    private static func references(from entries: [BundleEntry], ownedIn owners: [Owner]) -> Set<[UInt8]> {
        guard owners.contains(.institution) else { return [] }
        var result: Set<[UInt8]> = []
        for (entry, owner) in zip(entries, owners) {
            guard case .patient = owner else { continue }
            for reference in entry.node.values(named: "reference") {
                guard let text = reference.utf8 else { continue }
                result.insert(text)
                if case .resource(let type, let id) = Reference(String(decoding: text, as: UTF8.self)).target {
                    result.insert(Array("\(type)/\(id)".utf8))
                }
            }
        }
        return result
    }

    private static func isReferenced(_ entry: BundleEntry, _ references: Set<[UInt8]>) -> Bool {
        [entry.fullURL, entry.relativeReference].contains { name in
            name.map { references.contains(Array($0.utf8)) } ?? false
        }
    }
}
