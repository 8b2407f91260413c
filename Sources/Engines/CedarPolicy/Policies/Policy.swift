// SPDX-License-Identifier: Apache-2.0

/// A policy, or a template when its scope has slots (Cedar language reference, "Policy" and "Policy templates").
public struct Policy: Sendable, Equatable {
    /// How answers name it.
    public var id: Text
    /// `@name("value")` in the order of the text; they never change a decision.
    public let annotations: [Annotation]
    /// What it does when it is satisfied.
    public let effect: Effect
    /// Whom it is about.
    public internal(set) var principal: EntityScope
    /// What it is about doing.
    public let action: ActionScope
    /// To what.
    public internal(set) var resource: EntityScope
    /// All of them must hold, in this order.
    public let conditions: [Condition]
    /// Where it begins in its text.
    public let position: Position

    /// Equal when they mean the same under the same id; where they stand does not count.
    public static func == (left: Policy, right: Policy) -> Bool {
        left.id == right.id && left.annotations == right.annotations && left.effect == right.effect
            && left.principal == right.principal && left.action == right.action && left.resource == right.resource
            && left.conditions == right.conditions
    }
}

/// What a policy does (Cedar language reference, "Effect").
public enum Effect: String, Sendable, Hashable {
    /// Allows, unless a policy forbids.
    case permit
    /// Forbids, whatever permits.
    case forbid
}

/// A note on a policy; without a written value it is empty (Cedar language reference, "Annotation").
public struct Annotation: Sendable, Hashable {
    /// Any identifier, reserved words too.
    public let name: Text
    /// Any text.
    public let value: Text
}

/// `when { … }` or `unless { … }` (Cedar language reference, "Conditions").
public struct Condition: Sendable, Equatable {
    /// Which of the two.
    public let kind: Kind
    /// What must be true, or false.
    public let body: Expression

    /// The words that begin a condition.
    public enum Kind: String, Sendable, Hashable {
        /// The body must be true.
        case when
        /// The body must be false.
        case unless
    }
}
