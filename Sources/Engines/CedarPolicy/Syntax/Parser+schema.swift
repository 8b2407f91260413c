// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// `Schema ::= {Namespace}` to the end of the text (Cedar reference, "Grammar specification for Cedar schemas").
    mutating func schema() throws(SyntaxError) -> SchemaFragment {
        var fragment = SchemaFragment()
        while token.kind != .end {
            let annotations = try annotations()
            if sees("namespace") {
                fragment.namespaces.append(try namespace(annotations))
            } else {
                try declaration(annotations, in: &fragment.namespaces[0])
            }
        }
        return fragment
    }

    /// `'namespace' Path '{' {Decl} '}'`
    private mutating func namespace(_ annotations: [Annotation]) throws(SyntaxError) -> NamespaceDeclaration {
        try expect("namespace")
        let offset = token.range.lowerBound
        let name = Name(text: try typeName().text, offset: offset)
        var namespace = NamespaceDeclaration(name: name, annotations: annotations)
        try expect(.openBrace)
        while !sees(.closeBrace) {
            try declaration(try self.annotations(), in: &namespace)
        }
        try expect(.closeBrace)
        return namespace
    }

    /// `Decl ::= Entity | Action | TypeDecl`
    private mutating func declaration(
        _ annotations: [Annotation], in namespace: inout NamespaceDeclaration
    ) throws(SyntaxError) {
        if try accept("entity") {
            namespace.entityTypes.append(try entityDeclaration(annotations))
        } else if try accept("action") {
            namespace.actions.append(try actionDeclaration(annotations))
        } else if try accept("type") {
            let name = try declaredName("a type's name")
            try expect(.assign)
            let type = try writtenType()
            namespace.commonTypes.append(CommonTypeDeclaration(name: name, type: type, annotations: annotations))
        } else {
            throw expected("`entity`, `action` or `type`")
        }
        try expect(.semicolon)
    }

    /// `Idents ['in' EntOrTyps] [['='] RecType] ['tags' Type]` or `Idents 'enum' '[' STR {',' STR} ']'`
    private mutating func entityDeclaration(_ annotations: [Annotation]) throws(SyntaxError) -> EntityDeclaration {
        let names = try several { parser throws(SyntaxError) in try parser.declaredName("a type's name") }
        guard try !accept("enum") else {
            try expect(.openBracket)
            let ids = try several { parser throws(SyntaxError) in try parser.string() }
            try expect(.closeBracket)
            return EntityDeclaration(names: names, kind: .enumerated(ids), annotations: annotations)
        }
        let parents = try accept("in") ? try entityTypes() : []
        var shape = WrittenType.empty
        if try accept(.assign) || sees(.openBrace) { shape = try record() }
        let tags = try accept("tags") ? try writtenType() : nil
        return EntityDeclaration(
            names: names, kind: .standard(parents: parents, shape: shape, tags: tags), annotations: annotations)
    }
}

// Actions.
extension Parser {
    /// `Names ['in' RefOrRefs] ['appliesTo' '{' AppDecls '}']`, and the empty `attributes {}` of old schemas.
    private mutating func actionDeclaration(_ annotations: [Annotation]) throws(SyntaxError) -> ActionDeclaration {
        let names = try several { parser throws(SyntaxError) in try parser.name("an action's name") }
        var action = ActionDeclaration(names: names, annotations: annotations)
        if try accept("in") { action.parents = try actionReferences() }
        if try accept("appliesTo") { try appliesTo(&action) }
        if try accept("attributes") {
            try expect(.openBrace)
            try expect(.closeBrace)
        }
        return action
    }

    private mutating func actionReferences() throws(SyntaxError) -> [ActionReference] {
        guard try accept(.openBracket) else { return [try actionReference()] }
        let references = try several { parser throws(SyntaxError) in try parser.actionReference() }
        try expect(.closeBracket)
        return references
    }

    /// `Ref ::= Path '::' STR | Name`
    private mutating func actionReference() throws(SyntaxError) -> ActionReference {
        let isString = token.kind == .string
        let first = try name("an action")
        guard !isString, sees(.scope) else { return ActionReference(type: nil, id: first) }
        var path = first.text.utf8
        while true {
            try expect(.scope)
            let offset = token.range.lowerBound
            if token.kind == .string {
                return ActionReference(type: Text(valid: path), id: Name(text: try string(), offset: offset))
            }
            path += Array("::".utf8) + (try word("an action's id")).utf8
        }
    }

    private mutating func appliesTo(_ action: inout ActionDeclaration) throws(SyntaxError) {
        try expect(.openBrace)
        var seen: Set<Text> = []
        repeat {
            let place = token
            let kind = text(of: place)
            if try accept("principal") {
                action.principals = try appliedTypes()
            } else if try accept("resource") {
                action.resources = try appliedTypes()
            } else if try accept("context") {
                try expect(.colon)
                action.context = try context()
            } else {
                throw expected("`principal`, `resource` or `context`")
            }
            guard seen.insert(kind).inserted else { throw failure(.duplicateKey(kind.string), at: place) }
        } while try accept(.comma) && !sees(.closeBrace)
        guard seen.isSuperset(of: ["principal", "resource"]) else { throw expected("`principal` and `resource`") }
        try expect(.closeBrace)
    }

    /// One or more types: an action that applies to nothing leaves out `appliesTo`.
    private mutating func appliedTypes() throws(SyntaxError) -> [Name] {
        try expect(.colon)
        let place = token
        let types = try entityTypes()
        guard !types.isEmpty else { throw failure(.expected("a type", found: "`[]`"), at: place) }
        return types
    }

    private mutating func context() throws(SyntaxError) -> WrittenType {
        if sees(.openBrace) { return try record() }
        let path = try path()
        return WrittenType(kind: .named(path.text, .common), offset: path.offset)
    }
}
