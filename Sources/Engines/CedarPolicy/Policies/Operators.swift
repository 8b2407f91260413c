// SPDX-License-Identifier: Apache-2.0

/// The parts of a request (Cedar language reference, "VAR" in the grammar).
public enum Variable: String, Sendable, CaseIterable {
    /// Who asks.
    case principal
    /// What they want to do.
    case action
    /// To what.
    case resource
    /// Under which circumstances.
    case context
}

/// Operators over one value (Cedar language reference, "Operators").
public enum UnaryOperator: Sendable {
    /// `!`
    case not
    /// `-`
    case negate
    /// `.isEmpty()`
    case isEmpty
}

/// Operators over two values (Cedar language reference, "Operators").
public enum BinaryOperator: String, Sendable, CaseIterable {
    /// Equality of any two values.
    case equal = "=="
    /// Its opposite.
    case notEqual = "!="
    /// Of integers, datetimes and durations, as the next three.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
    /// The left entity is the right one or below it, or below one of a set.
    case within = "in"
    /// Of integers.
    case add = "+"
    /// Of integers.
    case subtract = "-"
    /// Of integers.
    case multiply = "*"
    /// The set on the left has that element.
    case contains
    /// The set on the left has all elements of the right one.
    case containsAll
    /// The two sets share an element.
    case containsAny
    /// The entity has a tag of that name.
    case hasTag
    /// The value of the entity's tag of that name.
    case getTag

    /// The operators that are written as methods, `left.contains(right)`.
    var isMethod: Bool {
        switch self {
        case .contains, .containsAll, .containsAny, .hasTag, .getTag: true
        default: false
        }
    }
}

/// The functions of the extension types (Cedar language reference, "Extension types").
public enum ExtensionFunction: String, Sendable, CaseIterable {
    /// `decimal("…")`
    case decimal
    /// `ip("…")`
    case ip
    /// `datetime("…")`
    case datetime
    /// `duration("…")`
    case duration
    /// Of decimals, as the next three.
    case lessThan
    /// Less or equal.
    case lessThanOrEqual
    /// Greater.
    case greaterThan
    /// Greater or equal.
    case greaterThanOrEqual
    /// Whether an address is of version 4.
    case isIpv4
    /// Whether an address is of version 6.
    case isIpv6
    /// Whether an address means the machine itself.
    case isLoopback
    /// Whether an address means a group.
    case isMulticast
    /// Whether a network lies within another.
    case isInRange
    /// A datetime moved by a duration.
    case offset
    /// The duration from another datetime to this one.
    case durationSince
    /// The datetime's day.
    case toDate
    /// The time since the datetime's day began.
    case toTime
    /// A duration in whole units, as the next four.
    case toMilliseconds
    /// Seconds.
    case toSeconds
    /// Minutes.
    case toMinutes
    /// Hours.
    case toHours
    /// Days.
    case toDays

    /// Whether it makes a value out of text: those are written as functions, all others as methods.
    var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration: true
        default: false
        }
    }
}
