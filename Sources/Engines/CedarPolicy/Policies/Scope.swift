// SPDX-License-Identifier: Apache-2.0

/// The place that a template leaves open (Cedar language reference, "Policy templates").
public enum Slot: String, Sendable, Hashable, CaseIterable {
    /// `?principal`
    case principal
    /// `?resource`
    case resource
}

/// An entity in a scope, or the slot for one.
public enum EntityReference: Sendable, Hashable {
    /// That entity.
    case entity(EntityUID)
    /// The entity that a link will name.
    case slot(Slot)
}

/// What a policy's head asks of the principal or of the resource (Cedar language reference, "Scope").
public enum EntityScope: Sendable, Hashable {
    /// Nothing.
    case any
    /// `== entity`
    case equal(EntityReference)
    /// `in entity`
    case within(EntityReference)
    /// `is Type`
    case isType(TypeName)
    /// `is Type in entity`
    case isTypeWithin(TypeName, EntityReference)

    /// The entity or slot it names.
    public var reference: EntityReference? {
        switch self {
        case .any, .isType: nil
        case .equal(let reference), .within(let reference), .isTypeWithin(_, let reference): reference
        }
    }

    /// The same with an entity in the place of the slot.
    func filled(with entity: EntityUID) -> EntityScope {
        guard case .slot = reference else { return self }
        return switch self {
        case .any, .isType: self
        case .equal: .equal(.entity(entity))
        case .within: .within(.entity(entity))
        case .isTypeWithin(let type, _): .isTypeWithin(type, .entity(entity))
        }
    }
}

/// What a policy's head asks of the action (Cedar language reference, "Scope").
public enum ActionScope: Sendable, Hashable {
    /// Nothing.
    case any
    /// `== action`
    case equal(EntityUID)
    /// `in action`
    case within(EntityUID)
    /// `in [action, …]`
    case withinAny([EntityUID])
}
