// SPDX-License-Identifier: Apache-2.0

// Types.
extension Parser {
    /// `Type ::= Path | 'Set' '<' Type '>' | RecType`
    mutating func writtenType() throws(SyntaxError) -> WrittenType {
        if sees(.openBrace) { return try record() }
        let isSet = sees("Set")
        let path = try path()
        guard isSet, path.text == "Set", try accept(.less) else {
            return WrittenType(kind: .named(path.text, .either), offset: path.offset)
        }
        let element = try nested { parser throws(SyntaxError) in try parser.writtenType() }
        try expect(.greater)
        return WrittenType(kind: .set(element), offset: path.offset)
    }

    /// `RecType ::= '{' [AttrDecls] '}'`
    mutating func record() throws(SyntaxError) -> WrittenType {
        let offset = token.range.lowerBound
        try expect(.openBrace)
        let attributes = try nested { parser throws(SyntaxError) in
            try parser.list(until: .closeBrace) { parser throws(SyntaxError) in try parser.attribute() }
        }
        return WrittenType(kind: .record(attributes), offset: offset)
    }

    /// `Annotations Name ['?'] ':' Type`
    private mutating func attribute() throws(SyntaxError) -> WrittenAttribute {
        let annotations = try annotations()
        let name = try name("an attribute's name")
        let isOptional = try accept(.question)
        try expect(.colon)
        return WrittenAttribute(
            name: name, type: try writtenType(), isRequired: !isOptional, annotations: annotations)
    }

    /// `EntOrTyps ::= Path | '[' [Path {',' Path}] ']'`
    mutating func entityTypes() throws(SyntaxError) -> [Name] {
        guard try accept(.openBracket) else { return [try path()] }
        guard try !accept(.closeBracket) else { return [] }
        let types = try several { parser throws(SyntaxError) in try parser.path() }
        try expect(.closeBracket)
        return types
    }
}

// Names.
extension Parser {
    /// One or more with commas between them; unlike in policies none may follow the last.
    mutating func several<Element>(
        _ element: (inout Parser) throws(SyntaxError) -> Element
    ) throws(SyntaxError) -> [Element] {
        var elements = [try element(&self)]
        while try accept(.comma) { elements.append(try element(&self)) }
        return elements
    }

    /// A word that a declaration may take for its name.
    mutating func declaredName(_ what: String) throws(SyntaxError) -> Name {
        let offset = token.range.lowerBound
        return Name(text: try identifier(what), offset: offset)
    }

    /// A word to refer with: `__cedar`, too, which nothing can be declared in.
    mutating func word(_ what: String) throws(SyntaxError) -> Text {
        if sees("__cedar") { return text(of: try take()) }
        return try identifier(what)
    }

    /// `Name ::= IDENT | STR`
    mutating func name(_ what: String) throws(SyntaxError) -> Name {
        let offset = token.range.lowerBound
        return Name(text: token.kind == .string ? try string() : try word(what), offset: offset)
    }

    /// `Path ::= IDENT {'::' IDENT}`
    mutating func path() throws(SyntaxError) -> Name {
        let offset = token.range.lowerBound
        var path = try word("a type").utf8
        while try accept(.scope) { path += Array("::".utf8) + (try word("a type")).utf8 }
        return Name(text: Text(valid: path), offset: offset)
    }
}
