// SPDX-License-Identifier: Apache-2.0

/// Whose key seals an entry.
public enum Owner: Sendable, Equatable {
    /// This patient's.
    case patient(PatientKey)
    /// The institution's: the entry is about nobody in particular.
    case institution
    /// Nobody's: the entry must not be taken in.
    case refused(OwnershipRefusal)
}

/// Why nobody can own an entry.
public enum OwnershipRefusal: Sendable, Equatable, CustomStringConvertible {
    /// It is about two patients, so neither key can erase it.
    case twoPatients
    /// It is about something in its Bundle that is not there, or about whoever a search finds that we cannot run.
    case unresolvedReference
    /// R4 has no such resource type, so nobody knows where it would name a patient.
    case unknownType

    /// The reason in plain words.
    public var description: String {
        switch self {
        case .twoPatients: "names two patients"
        case .unresolvedReference: "the reference to its subject leads nowhere"
        case .unknownType: "not a resource type of FHIR R4"
        }
    }
}

/// How a file names a patient. Equality is by bytes.
public enum PatientKey: Sendable {
    /// By the Patient's id.
    case id(String)
    /// By the fullUrl of a Patient entry without id.
    case fullURL(String)
    /// By an identifier, when the Patient is not in the file: the store has to look it up.
    case identifier(system: String, value: String)

    private var parts: (kind: UInt8, first: String, second: String) {
        switch self {
        case .id(let id): (0, id, "")
        case .fullURL(let url): (1, url, "")
        case .identifier(let system, let value): (2, system, value)
        }
    }
}

extension PatientKey: Hashable {
    /// The same way of naming and the same bytes.
    public static func == (one: PatientKey, other: PatientKey) -> Bool {
        let (one, other) = (one.parts, other.parts)
        return one.kind == other.kind && one.first.utf8.elementsEqual(other.first.utf8)
            && one.second.utf8.elementsEqual(other.second.utf8)
    }

    /// Hashes bytes, with their number, so that parts cannot run into each other.
    public func hash(into hasher: inout Hasher) {
        let parts = parts
        hasher.combine(parts.kind)
        hasher.combine(Array(parts.first.utf8))
        hasher.combine(Array(parts.second.utf8))
    }
}
