// SPDX-License-Identifier: Apache-2.0

/// How a request, an entity or a value is other than a schema says.
public enum ConformanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No such type of entities is declared.
    case undeclaredType(TypeName)
    /// No such action is declared.
    case undeclaredAction(EntityUID)
    /// The type is enumerated and this id is not among those it lists.
    case undeclaredID(EntityUID)
    /// A value of another type.
    case wrongType(expected: ValueType)
    /// An attribute that is not declared.
    case undeclaredAttribute(Text)
    /// An attribute that must be there.
    case missingAttribute(Text)
    /// A tag on an entity whose type has none.
    case undeclaredTag(Text)
    /// An entity in another one although its type may not be in that one's.
    case misplaced(EntityUID, within: EntityUID)
    /// The data say about an action what the schema does not.
    case differentAction(EntityUID)
    /// The action is not for principals of that type.
    case wrongPrincipal(TypeName, EntityUID)
    /// The action is not for resources of that type.
    case wrongResource(TypeName, EntityUID)

    /// One plain line.
    public var description: String {
        switch self {
        case .undeclaredType(let type): "type `\(type.text)` is not declared"
        case .undeclaredAction(let uid): "action `\(uid)` is not declared"
        case .undeclaredID(let uid): "`\(uid)` is not among the ids of its type"
        case .wrongType(let expected): "expected \(expected.shortDescription)"
        case .undeclaredAttribute(let name): "attribute `\(name)` is not declared"
        case .missingAttribute(let name): "attribute `\(name)` is missing"
        case .undeclaredTag(let name): "tag `\(name)` on a type without tags"
        case .misplaced(let uid, let group): "`\(uid)` may not be in `\(group)`"
        case .differentAction(let uid): "action `\(uid)` is declared otherwise"
        case .wrongPrincipal(let type, let uid): "action `\(uid)` is not for principals of type `\(type.text)`"
        case .wrongResource(let type, let uid): "action `\(uid)` is not for resources of type `\(type.text)`"
        }
    }
}

extension ValueType {
    /// What is meant, for people; what is inside a set or a record is left out.
    var shortDescription: String {
        switch self {
        case .bool: "true or false"
        case .integer: "an integer"
        case .string: "a string"
        case .entity(let type): "an entity of type `\(type.text)`"
        case .set: "a set"
        case .record: "a record"
        case .decimal: "a decimal"
        case .address: "an ipaddr"
        case .datetime: "a datetime"
        case .duration: "a duration"
        }
    }
}
