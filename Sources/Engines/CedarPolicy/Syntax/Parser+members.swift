// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// `Member ::= Primary {Access}`
    mutating func member() throws(SyntaxError) -> Expression {
        try accesses(to: try primary())
    }

    /// `Access ::= '.' IDENT ['(' [ExprList] ')'] | '[' STR ']'`
    mutating func accesses(to base: Expression) throws(SyntaxError) -> Expression {
        var base = base
        while true {
            let place = token.position
            if try accept(.openBracket) {
                base = try make(.attribute(base, try string()), at: place)
                try expect(.closeBracket)
            } else if try accept(.dot) {
                let name = try identifier("an attribute")
                base =
                    try sees(.openParenthesis)
                    ? call(name, on: base, at: place) : make(.attribute(base, name), at: place)
            } else {
                return base
            }
        }
    }

    private mutating func arguments() throws(SyntaxError) -> [Expression] {
        try expect(.openParenthesis)
        return try list(until: .closeParenthesis) { parser throws(SyntaxError) in try parser.expression() }
    }

    /// `base.name(…)`
    private mutating func call(_ name: Text, on base: Expression, at place: Position) throws(SyntaxError) -> Expression
    {
        let method = name.string
        let arguments = try arguments()
        if method == "isEmpty" {
            guard arguments.isEmpty else { throw wrongCount(method, expected: 0, at: place) }
            return try make(.unary(.isEmpty, base), at: place)
        }
        if let binary = BinaryOperator(rawValue: method), binary.isMethod {
            guard arguments.count == 1, let argument = arguments.first else {
                throw wrongCount(method, expected: 1, at: place)
            }
            return try make(.binary(binary, base, argument), at: place)
        }
        guard let function = ExtensionFunction(rawValue: method) else {
            throw SyntaxError(reason: .unknownMethod(method), position: place)
        }
        guard !function.isConstructor else { throw SyntaxError(reason: .wrongCallStyle(method), position: place) }
        return try make(.call(function, [base] + arguments), at: place)
    }

    private func wrongCount(_ name: String, expected count: Int, at place: Position) -> SyntaxError {
        SyntaxError(reason: .wrongArgumentCount(name, expected: count), position: place)
    }
}

// What stands alone.
extension Parser {
    /// `Primary ::= LITERAL | VAR | Entity | ExtFun '(' [ExprList] ')' | '(' Expr ')' | '[' … ']' | '{' … '}'`
    private mutating func primary() throws(SyntaxError) -> Expression {
        let place = token.position
        switch token.kind {
        case .string: return try make(.string(try string()), at: place)
        case .slot: throw failure(.misplacedSlot(text(of: token).string))
        case .identifier: return try named(at: place)
        case .symbol(.openParenthesis):
            _ = try take()
            let inner = try expression()
            try expect(.closeParenthesis)
            return inner
        case .symbol(.openBracket):
            _ = try take()
            let elements = try list(until: .closeBracket) { parser throws(SyntaxError) in try parser.expression() }
            return try make(.set(elements), at: place)
        case .symbol(.openBrace):
            _ = try take()
            return try make(.record(try fields()), at: place)
        default: throw expected("an expression")
        }
    }

    /// What begins with an identifier.
    private mutating func named(at place: Position) throws(SyntaxError) -> Expression {
        if try accept("true") { return try make(.bool(true), at: place) }
        if try accept("false") { return try make(.bool(false), at: place) }
        let name = try identifier("an expression")
        if sees(.scope) { return try make(.entity(try entity(after: name)), at: place) }
        if sees(.openParenthesis) { return try call(name, at: place) }
        guard let variable = Variable(rawValue: name.string) else {
            throw SyntaxError(reason: .unknownVariable(name.string), position: place)
        }
        return try make(.variable(variable), at: place)
    }

    /// `name(…)`
    private mutating func call(_ name: Text, at place: Position) throws(SyntaxError) -> Expression {
        let function = ExtensionFunction(rawValue: name.string)
        if let function, function.isConstructor {
            return try make(.call(function, try arguments()), at: place)
        }
        let isMethod =
            function != nil || name == "isEmpty" || BinaryOperator(rawValue: name.string)?.isMethod ?? false
        throw SyntaxError(
            reason: isMethod ? .wrongCallStyle(name.string) : .unknownFunction(name.string), position: place)
    }

    /// The attributes of a record, to the closing brace.
    private mutating func fields() throws(SyntaxError) -> [Expression.Field] {
        var names: Set<Text> = []
        return try list(until: .closeBrace) { parser throws(SyntaxError) in
            let place = parser.token
            let name = place.kind == .string ? try parser.string() : try parser.identifier("an attribute")
            guard names.insert(name).inserted else { throw parser.failure(.duplicateKey(name.string), at: place) }
            try parser.expect(.colon)
            return Expression.Field(name: name, value: try parser.expression())
        }
    }
}
