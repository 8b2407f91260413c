// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// `Expr ::= Or | 'if' Expr 'then' Expr 'else' Expr`
    mutating func expression() throws(SyntaxError) -> Expression {
        try nested { parser throws(SyntaxError) in
            let place = parser.token.position
            guard try parser.accept("if") else { return try parser.disjunction() }
            let condition = try parser.expression()
            try parser.expect("then")
            let then = try parser.expression()
            try parser.expect("else")
            let otherwise = try parser.expression()
            return try parser.make(.conditional(condition, then: then, otherwise: otherwise), at: place)
        }
    }

    private mutating func disjunction() throws(SyntaxError) -> Expression {
        var left = try conjunction()
        while sees(.or) {
            let place = try take().position
            left = try make(.or(left, try conjunction()), at: place)
        }
        return left
    }

    private mutating func conjunction() throws(SyntaxError) -> Expression {
        var left = try relation()
        while sees(.and) {
            let place = try take().position
            left = try make(.and(left, try relation()), at: place)
        }
        return left
    }

    /// At most one comparison: `a < b < c` is none.
    private mutating func relation() throws(SyntaxError) -> Expression {
        let left = try sum()
        let place = token.position
        if let comparison = try comparison() {
            return try make(.binary(comparison, left, try sum()), at: place)
        }
        if try accept("has") { return try make(.has(left, try attributePath()), at: place) }
        if try accept("like") { return try make(.like(left, try pattern()), at: place) }
        guard try accept("is") else { return left }
        let type = try typeName()
        let within = try accept("in") ? try sum() : nil
        return try make(.isType(left, type, within: within), at: place)
    }

    private mutating func comparison() throws(SyntaxError) -> BinaryOperator? {
        switch token.kind {
        case .symbol(.assign): throw failure(.unsupportedOperator("="))
        case .symbol(let symbol):
            switch symbol {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
                _ = try take()
                return BinaryOperator(rawValue: symbol.rawValue)
            default: return nil
            }
        default: return try accept("in") ? .within : nil
        }
    }

    /// What follows `has`: a string, or identifiers joined by dots.
    private mutating func attributePath() throws(SyntaxError) -> [Text] {
        if token.kind == .string { return [try string()] }
        var path = [try identifier("an attribute")]
        while try accept(.dot) { path.append(try identifier("an attribute")) }
        return path
    }

    private mutating func sum() throws(SyntaxError) -> Expression {
        var left = try product()
        while sees(.plus) || sees(.minus) {
            let sign: BinaryOperator = sees(.plus) ? .add : .subtract
            let place = try take().position
            left = try make(.binary(sign, left, try product()), at: place)
        }
        return left
    }

    private mutating func product() throws(SyntaxError) -> Expression {
        var left = try unary()
        while true {
            if sees(.divide) || sees(.remainder) {
                throw failure(.unsupportedOperator(text(of: token).string))
            }
            guard sees(.times) else { return left }
            let place = try take().position
            left = try make(.binary(.multiply, left, try unary()), at: place)
        }
    }
}

// One operand.
extension Parser {
    /// `Unary ::= ['!' | '-']x4 Member`
    private mutating func unary() throws(SyntaxError) -> Expression {
        let sign: Symbol = sees(.not) ? .not : .minus
        var places: [Position] = []
        while sees(sign) {
            guard places.count < 4 else { throw failure(.tooManyUnaryOperators) }
            places.append(try take().position)
        }
        var operand: Expression
        if token.kind == .number {
            operand = try number(negativeAt: sign == .minus ? places.popLast() : nil)
        } else {
            operand = try member()
        }
        let kind: UnaryOperator = sign == .not ? .not : .negate
        for place in places.reversed() { operand = try make(.unary(kind, operand), at: place) }
        return operand
    }

    /// A number with the sign before it, which alone lets the smallest integer be written.
    private mutating func number(negativeAt minus: Position?) throws(SyntaxError) -> Expression {
        let place = try take()
        let digits = text(of: place).string
        let isAlone = !sees(.dot) && !sees(.openBracket) && !sees(.openParenthesis)
        guard let value = Int64(minus != nil && isAlone ? "-" + digits : digits) else {
            throw failure(.integerTooLarge(digits), at: place)
        }
        if let minus, isAlone { return try make(.integer(value), at: minus) }
        let member = try accesses(to: try make(.integer(value), at: place.position))
        return try minus.map { minus throws(SyntaxError) in try make(.unary(.negate, member), at: minus) } ?? member
    }
}
