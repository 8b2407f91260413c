// SPDX-License-Identifier: Apache-2.0

/// An expression as the validator sees it: shorthands written out, and expressions that are the same known as such.
struct Term: Sendable {
    let form: Form
    /// The number of this and every equal expression of the policy, wherever they stand.
    let shape: Int
    /// Its own number: the terms of a policy are numbered from 0. The two halves of `x is T in y` share the term `x`.
    let number: Int
    /// Where it, or its operator, stands in the text.
    let position: Position

    /// What it is. Comparisons are only `<` and `<=`, and `is … in` is two tests.
    indirect enum Form: Hashable, Sendable {
        case bool(Bool)
        case integer(Int64)
        case string(Text)
        case entity(EntityUID)
        case variable(Variable)
        case slot(Slot)
        case conditional(Term, then: Term, otherwise: Term)
        case and(Term, Term)
        case or(Term, Term)
        case unary(UnaryOperator, Term)
        case binary(BinaryOperator, Term, Term)
        case attribute(Term, Text)
        /// The names one after the other, each asked of what the ones before it lead to.
        case has(Term, [Step])
        case like(Term, Pattern)
        case isType(Term, TypeName)
        case set([Term])
        /// By name, so that the order in which they are written does not count.
        case record([Text: Term])
        case call(ExtensionFunction, [Term])
    }

    /// One name of `x has a.b`.
    struct Step: Hashable, Sendable {
        /// The shape of what is asked: that of `x` for `a`, that of `x.a` for `b`.
        let subject: Int
        let name: Text
    }
}

extension Term: Hashable {
    /// Equal when they are the same expression of one policy; where they stand does not count.
    static func == (left: Term, right: Term) -> Bool {
        left.shape == right.shape
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(shape)
    }
}
