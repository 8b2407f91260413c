// SPDX-License-Identifier: Apache-2.0

/// What is left of an expression when part of a request and of the data is known
/// (Cedar specification, "TPE": residuals).
///
/// It has no more parts than the expression had.
public struct Residual: Sendable {
    /// What it is.
    public let form: Form
    /// What the validator knows of its value.
    let known: StaticType
    /// Whether it may turn out to have no value. If not, it may be left out when its value does not count.
    public let canFail: Bool

    /// The forms of what is left. `a != b`, `a > b` and `a >= b` are written with `!`, `==`, `<` and `<=`.
    public indirect enum Form: Sendable, Equatable {
        /// It has that value, whatever is still unknown.
        case value(Value)
        /// It has no value, whatever is still unknown; this is one reason.
        case failure(EvaluationError.Reason)
        /// A part of the request that is unknown.
        case variable(Variable)
        /// `if … then … else …`
        case conditional(Residual, then: Residual, otherwise: Residual)
        /// `&&`
        case and(Residual, Residual)
        /// `||`
        case or(Residual, Residual)
        /// One operand.
        case unary(UnaryOperator, Residual)
        /// Two operands.
        case binary(BinaryOperator, Residual, Residual)
        /// `x.name`
        case attribute(Residual, Text)
        /// `x has a.b.c`
        case has(Residual, [Text])
        /// `x like "…"`
        case like(Residual, Pattern)
        /// `x is T`
        case isType(Residual, TypeName)
        /// `[…]`
        case set([Residual])
        /// `{…}`
        case record([Text: Residual])
        /// A function of an extension.
        case call(ExtensionFunction, [Residual])
    }

    /// The type of its value.
    public var type: ValueType {
        known.declaration
    }

    /// Its value, once it has one.
    public var value: Value? {
        if case .value(let value) = form { value } else { nil }
    }
}

extension Residual: Equatable {
    /// Equal when the same is left.
    public static func == (left: Residual, right: Residual) -> Bool {
        left.form == right.form
    }
}

extension StaticType {
    /// The type as a schema would declare it, without what is known of single truth values.
    fileprivate var declaration: ValueType {
        switch self {
        case .bool: .bool
        case .declared(let type): type
        case .set(let element): .set(element.declaration)
        case .record(let fields): .record(fields.mapValues { AttributeType($0.declaration) })
        }
    }
}

extension Residual {
    /// INVARIANT: `form` is of a type that the validator found, so no operator in it meets a value that it cannot take.
    init(_ form: Form, _ known: StaticType) {
        self.form = form
        self.known = known
        canFail = form.canFail
    }

    var isFailure: Bool {
        if case .failure = form { true } else { false }
    }

    /// The truth value that it has; nil when that is open.
    var truth: Bool? {
        if case .value(.bool(let value)) = form { value } else { nil }
    }

    /// False when it turns out false or without a value, whatever is still unknown.
    ///
    /// Recursion ends with the expression's height.
    var canBeTrue: Bool {
        if case .bool(false) = known { return false }
        return switch form {
        case .value(let value): value == .bool(true)
        case .failure: false
        case .and(let left, let right): left.canBeTrue && right.canBeTrue
        case .or(let left, let right): left.canBeTrue || right.canBeTrue
        case .conditional(_, let then, let otherwise): then.canBeTrue || otherwise.canBeTrue
        default: true
        }
    }
}

// What may fail although types fit: whole numbers and times that become too large, and entities without data.
extension Residual.Form {
    fileprivate var canFail: Bool {
        switch self {
        case .value, .variable: false
        case .failure: true
        case .conditional(let condition, let then, let otherwise):
            condition.canFail || then.canFail || otherwise.canFail
        case .and(let left, let right), .or(let left, let right): left.canFail || right.canFail
        case .unary(let unary, let operand): unary.overflows || operand.canFail
        case .binary(let binary, let left, let right): binary.canFail || left.canFail || right.canFail
        case .attribute(let base, _): !base.known.isRecord || base.canFail
        case .has(let base, _), .like(let base, _), .isType(let base, _): base.canFail
        case .set(let elements): elements.contains(where: \.canFail)
        case .record(let fields): fields.values.contains(where: \.canFail)
        case .call(let function, let arguments): function.canFail || arguments.contains(where: \.canFail)
        }
    }
}

extension UnaryOperator {
    fileprivate var overflows: Bool {
        switch self {
        case .negate: true
        case .not, .isEmpty: false
        }
    }
}

extension BinaryOperator {
    fileprivate var canFail: Bool {
        switch self {
        case .add, .subtract, .multiply, .getTag: true
        default: false
        }
    }
}

extension ExtensionFunction {
    fileprivate var canFail: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration, .offset, .durationSince, .toDate: true
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isIpv4, .isIpv6, .isLoopback,
            .isMulticast, .isInRange, .toTime, .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays:
            false
        }
    }
}
