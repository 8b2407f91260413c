// SPDX-License-Identifier: Apache-2.0

/// Why there is no partial evaluation.
public enum PartialError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The question is none that the schema foresees.
    case request(ConformanceError)
    /// An entity is other than the schema says.
    case entity(EntityUID, ConformanceError)
    /// Entities do not go together.
    case inconsistent(EntitiesError)
    /// An entity leaves out something that is above what it is in.
    case incompleteAncestors(EntityUID, missing: EntityUID)
    /// A policy does not fit the schema, or looking at it was too much work.
    case policy(ValidationError)
    /// The complete question is another than the one that had open parts.
    case otherRequest
    /// The complete data about an entity are other than what was known of it.
    case otherEntity(EntityUID)

    /// One plain line.
    public var description: String {
        switch self {
        case .request(let error): error.description
        case .entity(let uid, let error): "entity `\(uid)`: \(error)"
        case .inconsistent(let error): error.description
        case .incompleteAncestors(let uid, let missing):
            "entity `\(uid)` leaves out `\(missing)`, which is above something that it is in"
        case .policy(let error): error.description
        case .otherRequest: "this is not the request that was partly known before"
        case .otherEntity(let uid): "entity `\(uid)` is not what was known of it before"
        }
    }
}
