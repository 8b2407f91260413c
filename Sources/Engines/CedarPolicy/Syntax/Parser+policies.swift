// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// All policies and templates to the end of the text, named `policy0`, `policy1`, … in its order.
    mutating func policies() throws(SyntaxError) -> [Policy] {
        var policies: [Policy] = []
        while token.kind != .end {
            policies.append(try policy(id: Text("policy\(policies.count)")))
        }
        return policies
    }

    /// `Policy ::= {Annotation} Effect '(' Scope ')' {Conditions} ';'`
    private mutating func policy(id: Text) throws(SyntaxError) -> Policy {
        let position = token.position
        let annotations = try annotations()
        let effect = try effect()
        try expect(.openParenthesis)
        let principal = try entityScope("principal", slot: .principal)
        try expect(.comma)
        let action = try actionScope()
        try expect(.comma)
        let resource = try entityScope("resource", slot: .resource)
        _ = try accept(.comma)
        try expect(.closeParenthesis)
        let conditions = try conditions()
        try expect(.semicolon)
        return Policy(
            id: id, annotations: annotations, effect: effect, principal: principal, action: action,
            resource: resource, conditions: conditions, position: position)
    }

    /// `{'@' IDENT ['(' STR ')']}`, none twice; any word may be a name.
    mutating func annotations() throws(SyntaxError) -> [Annotation] {
        var annotations: [Annotation] = []
        var names: Set<Text> = []
        while try accept(.at) {
            guard token.kind == .identifier else { throw expected("an annotation's name") }
            let place = try take()
            let name = text(of: place)
            guard names.insert(name).inserted else {
                throw failure(.duplicateAnnotation(name.string), at: place)
            }
            var value: Text = ""
            if try accept(.openParenthesis) {
                value = try string()
                try expect(.closeParenthesis)
            }
            annotations.append(Annotation(name: name, value: value))
        }
        return annotations
    }

    private mutating func effect() throws(SyntaxError) -> Effect {
        if try accept("permit") { return .permit }
        if try accept("forbid") { return .forbid }
        throw expected("`permit` or `forbid`")
    }

    private mutating func conditions() throws(SyntaxError) -> [Condition] {
        var conditions: [Condition] = []
        while true {
            let kind: Condition.Kind
            if try accept("when") {
                kind = .when
            } else if try accept("unless") {
                kind = .unless
            } else {
                return conditions
            }
            try expect(.openBrace)
            conditions.append(Condition(kind: kind, body: try expression()))
            try expect(.closeBrace)
        }
    }
}

// The head of a policy.
extension Parser {
    private mutating func entityScope(_ word: StaticString, slot: Slot) throws(SyntaxError) -> EntityScope {
        try expect(word)
        if try accept(.equal) { return .equal(try reference(slot)) }
        if try accept("in") { return .within(try reference(slot)) }
        guard try accept("is") else { return .any }
        let type = try typeName()
        return try accept("in") ? .isTypeWithin(type, try reference(slot)) : .isType(type)
    }

    private mutating func reference(_ slot: Slot) throws(SyntaxError) -> EntityReference {
        guard token.kind == .slot else { return .entity(try entity()) }
        guard bytes(of: token).dropFirst().elementsEqual(slot.rawValue.utf8) else {
            throw failure(.misplacedSlot(text(of: token).string))
        }
        _ = try take()
        return .slot(slot)
    }

    private mutating func actionScope() throws(SyntaxError) -> ActionScope {
        try expect("action")
        if try accept(.equal) { return .equal(try action()) }
        guard try accept("in") else { return .any }
        guard try accept(.openBracket) else { return .within(try action()) }
        return .withinAny(try list(until: .closeBracket) { parser throws(SyntaxError) in try parser.action() })
    }

    private mutating func action() throws(SyntaxError) -> EntityUID {
        let place = token
        guard place.kind != .slot else { throw failure(.misplacedSlot(text(of: place).string)) }
        let entity = try entity()
        guard entity.type.isAction else { throw failure(.notAnAction(entity.description), at: place) }
        return entity
    }

    /// `Path ::= IDENT {'::' IDENT}`
    mutating func typeName() throws(SyntaxError) -> TypeName {
        var path = try identifier("a type").utf8
        while try accept(.scope) { path += Array("::".utf8) + (try identifier("a type")).utf8 }
        return TypeName(parsed: Text(valid: path))
    }

    /// `Entity ::= Path '::' STR`
    private mutating func entity() throws(SyntaxError) -> EntityUID {
        let first = try identifier("an entity")
        guard sees(.scope) else { throw expected("`::`") }
        return try entity(after: first)
    }

    /// The rest of an entity whose first identifier is read and whose `::` is next.
    mutating func entity(after first: Text) throws(SyntaxError) -> EntityUID {
        var path = first.utf8
        while true {
            try expect(.scope)
            if token.kind == .string {
                return EntityUID(type: TypeName(parsed: Text(valid: path)), id: try string())
            }
            path += Array("::".utf8) + (try identifier("a type or an id")).utf8
        }
    }
}
