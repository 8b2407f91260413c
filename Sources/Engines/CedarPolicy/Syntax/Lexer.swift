// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into words (Cedar language reference, the tokens of the grammar).
struct Lexer {
    let bytes: [UInt8]
    private var at = 0
    private var line = 1
    private var lineStart = 0

    /// - Throws: `SyntaxError` when the text is too large or not UTF-8.
    init(_ bytes: [UInt8], limits: SyntaxLimits) throws(SyntaxError) {
        self.bytes = bytes
        guard bytes.count <= limits.bytes else {
            throw SyntaxError(reason: .tooLarge(limit: limits.bytes), position: position)
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            advance(to: min(error.byteOffsets.lowerBound, bytes.count))
            throw SyntaxError(reason: .invalidUTF8, position: position)
        }
    }

    private var position: Position {
        Position(line: line, column: at - lineStart + 1)
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        at + distance < bytes.count ? bytes[at + distance] : nil
    }

    private mutating func advance(to end: Int) {
        while at < end {
            if bytes[at] == 0x0A {
                line += 1
                lineStart = at + 1
            }
            at += 1
        }
    }

    /// The next word; at the end always `end`.
    mutating func next() throws(SyntaxError) -> Token {
        skipBlanks()
        let start = at
        let position = position
        let kind = try scan()
        return Token(kind: kind, range: start..<at, position: position)
    }

    private mutating func scan() throws(SyntaxError) -> Token.Kind {
        guard let first = peek() else { return .end }
        if Identifier.starts(first) {
            skip(while: Identifier.continues)
            return .identifier
        }
        if Identifier.isDigit(first) {
            skip(while: Identifier.isDigit)
            return .number
        }
        switch first {
        case UInt8(ascii: "\""):
            try skipString()
            return .string
        case UInt8(ascii: "?") where peek(1).map(Identifier.starts) ?? false:
            at += 1
            skip(while: Identifier.continues)
            return .slot
        default:
            guard let symbol = Symbol.longest(first, peek(1)) else { throw unexpected(at: at) }
            at += symbol.rawValue.utf8.count
            return .symbol(symbol)
        }
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while let byte = peek(), condition(byte) { at += 1 }
    }

    /// To behind the closing quotation mark; what the escape sequences mean is looked at later.
    private mutating func skipString() throws(SyntaxError) {
        let start = position
        advance(to: at + 1)
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                advance(to: at + 1)
                return
            case UInt8(ascii: "\\"):
                guard let escaped = peek(1), escaped != 0x0A else {
                    throw SyntaxError(reason: .malformedEscape, position: position)
                }
                advance(to: at + 2)
            default: advance(to: at + 1)
            }
        }
        throw SyntaxError(reason: .unterminatedString, position: start)
    }

    private func unexpected(at index: Int) -> SyntaxError {
        let scalar = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
        return SyntaxError(
            reason: .unexpectedCharacter(String(String.UnicodeScalarView(scalar.map { [$0] } ?? []))),
            position: Position(line: line, column: index - lineStart + 1))
    }
}

extension Lexer {
    /// White space of Unicode, and comments to the end of their line.
    private mutating func skipBlanks() {
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                skip { $0 != 0x0A && $0 != 0x0D }
            } else if byte < 0x80 {
                guard byte == 0x20 || 0x09...0x0D ~= byte else { return }
                advance(to: at + 1)
            } else {
                let length = blankLength()
                guard length > 0 else { return }
                at += length
            }
        }
    }

    /// The length of the white space outside ASCII that begins here, else 0.
    private func blankLength() -> Int {
        switch (peek(), peek(1), peek(2)) {
        case (0xC2, 0x85, _), (0xC2, 0xA0, _): 2
        case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): 3
        case (0xE2, 0x80, .some(0x80...0x8A)), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF): 3
        default: 0
        }
    }
}
