// SPDX-License-Identifier: Apache-2.0

/// Reads policies by recursive descent, one word ahead (Cedar language reference, the grammar).
struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private var nesting = 0
    private let limits: SyntaxLimits

    init(_ bytes: [UInt8], limits: SyntaxLimits) throws(SyntaxError) {
        lexer = try Lexer(bytes, limits: limits)
        token = try lexer.next()
        self.limits = limits
    }
}

// Words.
extension Parser {
    /// The bytes of a word.
    func bytes(of token: Token) -> ArraySlice<UInt8> {
        lexer.bytes[token.range]
    }

    func text(of token: Token) -> Text {
        Text(valid: Array(bytes(of: token)))
    }

    /// The present word, and on to the next one.
    mutating func take() throws(SyntaxError) -> Token {
        let taken = token
        token = try lexer.next()
        return taken
    }

    func sees(_ symbol: Symbol) -> Bool {
        token.kind == .symbol(symbol)
    }

    func sees(_ word: StaticString) -> Bool {
        token.kind == .identifier && bytes(of: token).elementsEqual("\(word)".utf8)
    }

    /// Takes that sign when it is next.
    mutating func accept(_ symbol: Symbol) throws(SyntaxError) -> Bool {
        guard sees(symbol) else { return false }
        _ = try take()
        return true
    }

    /// Takes that word when it is next.
    mutating func accept(_ word: StaticString) throws(SyntaxError) -> Bool {
        guard sees(word) else { return false }
        _ = try take()
        return true
    }

    mutating func expect(_ symbol: Symbol) throws(SyntaxError) {
        guard try accept(symbol) else { throw expected("`\(symbol.rawValue)`") }
    }

    mutating func expect(_ word: StaticString) throws(SyntaxError) {
        guard try accept(word) else { throw expected("`\(word)`") }
    }

    func expected(_ what: String) -> SyntaxError {
        let found = token.kind == .end ? "the end" : "`\(text(of: token))`"
        return failure(.expected(what, found: found))
    }

    func failure(_ reason: SyntaxError.Reason, at place: Token? = nil) -> SyntaxError {
        SyntaxError(reason: reason, position: (place ?? token).position)
    }
}

// Names and strings.
extension Parser {
    /// An identifier that is not reserved.
    mutating func identifier(_ what: String = "a name") throws(SyntaxError) -> Text {
        guard token.kind == .identifier else { throw expected(what) }
        guard !Identifier.isReserved(bytes(of: token)) else { throw failure(.reserved(text(of: token).string)) }
        return text(of: try take())
    }

    /// The meaning of a string.
    mutating func string() throws(SyntaxError) -> Text {
        let characters = try characters()
        var utf8: [UInt8] = []
        for character in characters { utf8 += UTF8.encode(character.scalar) ?? UTF8.encodedReplacementCharacter }
        return Text(valid: utf8)
    }

    /// A string as `like` reads it.
    mutating func pattern() throws(SyntaxError) -> Pattern {
        var parts: [[UInt8]] = [[]]
        for character in try characters(star: true) {
            if character.scalar == "*", !character.isEscapedStar {
                parts.append([])
            } else {
                parts[parts.count - 1] += UTF8.encode(character.scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        return Pattern(parts: parts.map(Text.init(valid:)))
    }

    private mutating func characters(star: Bool = false) throws(SyntaxError) -> [StringEscapes.Character] {
        guard token.kind == .string else { throw expected("a string") }
        guard let characters = StringEscapes.unescape(bytes(of: token).dropFirst().dropLast(), star: star) else {
            throw failure(.malformedEscape)
        }
        _ = try take()
        return characters
    }

    /// What comma and closing bracket separate; a comma may stand after the last one.
    mutating func list<Element>(
        until end: Symbol, _ element: (inout Parser) throws(SyntaxError) -> Element
    ) throws(SyntaxError) -> [Element] {
        var elements: [Element] = []
        while !sees(end) {
            elements.append(try element(&self))
            guard try accept(.comma) else { break }
        }
        try expect(end)
        return elements
    }
}

// Depth.
extension Parser {
    /// Reads something that may hold itself.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(SyntaxError) -> Result
    ) throws(SyntaxError) -> Result {
        guard nesting < limits.nesting else { throw failure(.tooDeep(limit: limits.nesting)) }
        nesting += 1
        defer { nesting -= 1 }
        return try body(&self)
    }

    /// An expression over others, unless it becomes too high.
    func make(_ kind: Expression.Kind, at position: Position) throws(SyntaxError) -> Expression {
        let expression = Expression(kind, at: position)
        guard expression.height <= limits.height else {
            throw SyntaxError(reason: .tooDeep(limit: limits.height), position: position)
        }
        return expression
    }
}
