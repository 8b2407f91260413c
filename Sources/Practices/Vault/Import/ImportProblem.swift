// SPDX-License-Identifier: Apache-2.0

package import FHIRBundle

/// Why a file is refused. It names places and reasons, never content or names: those may be patient data.
package enum ImportProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file cannot be read; the text is the system's reason.
    case unreadable(String)
    /// Neither a regular file nor a folder.
    case notAFile
    /// Larger than the limit, packed or unpacked, in bytes.
    case tooLarge(limit: Int)
    /// It unpacks to more than this many times its size.
    case suspiciousRatio(limit: Int)
    /// The archive is cut off, changed, or has something behind its end.
    case damagedArchive
    /// The content is not what it should be.
    case content(BundleError)
    /// Nobody can own an entry.
    case ownership(entry: Int, OwnershipRefusal)
    /// An entry is about a patient who is neither in the file nor in the store.
    case unknownPatient(entry: Int)
    /// An entry has the id of another patient's record.
    case otherPatient(entry: Int)
    /// An entry is created under a condition other than an identifier.
    case unsupportedCondition(entry: Int)

    /// The reason in one word, for the evidence log. On disk for ever.
    package var code: String {
        switch self {
        case .unreadable: "unreadable"
        case .notAFile: "not-a-file"
        case .tooLarge: "too-large"
        case .suspiciousRatio: "suspicious-ratio"
        case .damagedArchive: "damaged-archive"
        case .content(let error): Self.code(error)
        case .ownership(_, .twoPatients): "two-patients"
        case .ownership(_, .unresolvedReference): "unresolved-reference"
        case .ownership(_, .unknownType): "unknown-type"
        case .unknownPatient: "unknown-patient"
        case .otherPatient: "other-patient"
        case .unsupportedCondition: "unsupported-condition"
        }
    }

    private static func code(_ error: BundleError) -> String {
        switch error {
        case .fileTooLarge: "too-large"
        case .malformedJSON: "malformed-json"
        case .empty: "empty"
        case .unsupportedType: "unsupported-bundle"
        case .tooManyEntries: "too-many-entries"
        case .entry: "malformed-entry"
        }
    }

    /// The entry that was the reason, counted from 1; nil when it was the whole file.
    package var entry: Int? {
        switch self {
        case .ownership(let entry, _), .unknownPatient(let entry), .otherPatient(let entry),
            .unsupportedCondition(let entry):
            entry
        case .content(.entry(let entry, _)): entry
        default: nil
        }
    }

    /// The reason in plain words, and what to do where something can be done.
    package var description: String {
        switch self {
        case .unreadable(let reason): "the file cannot be read: \(reason)"
        case .notAFile: "neither a file nor a folder"
        case .tooLarge(let limit): "larger than \(limit >> 20) MiB; split it into smaller files"
        case .suspiciousRatio(let limit): "it unpacks to more than \(limit) times its size; unpack it first"
        case .damagedArchive: "the archive is damaged or cut off; fetch the file again"
        case .content(let error): "\(error)"
        case .ownership(let entry, let refusal): "entry \(entry): \(refusal)"
        case .unknownPatient(let entry):
            "entry \(entry): its patient is not known here; import the file with the Patient first"
        case .otherPatient(let entry): "entry \(entry): another patient has a record with this id"
        case .unsupportedCondition(let entry):
            "entry \(entry): ifNoneExist can only ask for one identifier with its system"
        }
    }
}
