// SPDX-License-Identifier: Apache-2.0

/// Why a file is refused as a whole. It names places and reasons, never content: that may be patient data.
public enum BundleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Larger than the limit, in bytes.
    case fileTooLarge(limit: Int)
    /// Not strict JSON; the text says what and at which line, column and byte.
    case malformedJSON(String)
    /// Nothing but white space.
    case empty
    /// A Bundle of a type that is not taken in.
    case unsupportedType(BundleType)
    /// More entries than the limit.
    case tooManyEntries(limit: Int)
    /// Something is wrong with one entry, counted from 1 over the whole file.
    case entry(Int, EntryProblem)

    /// The reason in plain words.
    public var description: String {
        switch self {
        case .fileTooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
        case .malformedJSON(let reason): "malformed JSON: \(reason)"
        case .empty: "the file is empty"
        case .unsupportedType(let type): type.refusal
        case .tooManyEntries(let limit): "more than \(limit) entries"
        case .entry(let number, let problem): "entry \(number): \(problem)"
        }
    }
}

/// What can be wrong with one entry.
public enum EntryProblem: Sendable, Equatable, CustomStringConvertible {
    /// No object, or without a well-formed `resourceType`.
    case notAResource
    /// An entry of a Bundle without `resource`.
    case missingResource
    /// Larger than the limit, in bytes.
    case tooLarge(limit: Int)
    /// `id` is not 1 to 64 letters, digits, hyphens and full stops.
    case malformedID
    /// `entry` is no list, or `fullUrl`, `request.url` or `request.ifNoneExist` no string.
    case malformedEntry
    /// A transaction or batch entry without `request.method`.
    case missingMethod
    /// A method that does not bring a resource in: only POST and PUT do.
    case unsupportedMethod
    /// A Bundle inside a Bundle.
    case nestedBundle
    /// Two entries of one Bundle have the same `fullUrl`.
    case duplicateFullURL

    /// The problem in plain words.
    public var description: String {
        switch self {
        case .notAResource: "not a FHIR resource"
        case .missingResource: "has no resource"
        case .tooLarge(let limit): "the resource is larger than \(limit >> 20) MiB"
        case .malformedID: "the resource's id is malformed"
        case .malformedEntry: "entry must be a list; fullUrl, url and ifNoneExist strings"
        case .missingMethod: "has no request method"
        case .unsupportedMethod: "only POST and PUT bring resources in"
        case .nestedBundle: "a Bundle inside a Bundle is not taken in"
        case .duplicateFullURL: "another entry has the same fullUrl"
        }
    }
}
