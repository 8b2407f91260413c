// SPDX-License-Identifier: Apache-2.0

/// An expression as it was written, brackets dropped (Cedar language reference, "Expr" in the grammar).
public struct Expression: Sendable {
    /// What it is.
    public let kind: Kind
    /// Where it, or its operator, stands in the text.
    public let position: Position
    /// How high the tree is; INVARIANT: at most `SyntaxLimits.height`, so walks over it may recurse.
    let height: Int

    /// An expression over others. Its height follows from theirs.
    init(_ kind: Kind, at position: Position) {
        self.kind = kind
        self.position = position
        self.height = 1 + kind.children.reduce(0) { max($0, $1.height) }
    }

    /// The forms of expressions.
    public indirect enum Kind: Sendable, Equatable {
        /// A truth value.
        case bool(Bool)
        /// A whole number.
        case integer(Int64)
        /// A string.
        case string(Text)
        /// `Type::"id"`
        case entity(EntityUID)
        /// A part of the request.
        case variable(Variable)
        /// `if … then … else …`
        case conditional(Expression, then: Expression, otherwise: Expression)
        /// `&&`
        case and(Expression, Expression)
        /// `||`
        case or(Expression, Expression)
        /// One operand.
        case unary(UnaryOperator, Expression)
        /// Two operands, written between them or as a method.
        case binary(BinaryOperator, Expression, Expression)
        /// `x.name` or `x["name"]`
        case attribute(Expression, Text)
        /// `x has a.b.c`; at least one name.
        case has(Expression, [Text])
        /// `x like "…"`
        case like(Expression, Pattern)
        /// `x is T`, `x is T in y`
        case isType(Expression, TypeName, within: Expression?)
        /// `[…]`
        case set([Expression])
        /// `{…}` in the order of the text; no name stands twice.
        case record([Field])
        /// A function or method of an extension.
        case call(ExtensionFunction, [Expression])
    }

    /// One attribute of a written record.
    public struct Field: Sendable, Equatable {
        /// The attribute's name.
        public let name: Text
        /// Its value.
        public let value: Expression
    }
}

extension Expression: Equatable {
    /// Equal when they mean the same; where they stand does not count.
    public static func == (left: Expression, right: Expression) -> Bool {
        left.kind == right.kind
    }
}

extension Expression.Kind {
    /// The expressions inside, in the order of evaluation.
    var children: [Expression] {
        switch self {
        case .bool, .integer, .string, .entity, .variable: []
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .and(let left, let right), .or(let left, let right), .binary(_, let left, let right): [left, right]
        case .unary(_, let operand), .attribute(let operand, _), .has(let operand, _), .like(let operand, _): [operand]
        case .isType(let operand, _, let within): [operand] + (within.map { [$0] } ?? [])
        case .set(let elements), .call(_, let elements): elements
        case .record(let fields): fields.map(\.value)
        }
    }
}
