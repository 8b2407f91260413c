// SPDX-License-Identifier: Apache-2.0

import Codecs

extension SchemaJSONReader {
    /// A type: a word of the format, or the name of a common type.
    ///
    /// Recursion is bounded here, whatever depth `JSONLimits` allows.
    func type(_ node: JSONNode, besides: [Text] = [], depth: Int = 0) throws(SchemaError) -> WrittenType {
        guard depth < SchemaResolver.height else { throw failure(.tooDeep(limit: SchemaResolver.height), node) }
        let name = try text(try member("type", of: node))
        let word = Word.all[name]
        try refuseMembers(of: node, but: besides + ["type"] + (word?.members ?? []))
        return WrittenType(
            kind: try kind(word, named: name, node, depth: depth), offset: node.byteRange.lowerBound)
    }

    private enum Word {
        case string
        case long
        case boolean
        case set
        case record
        case entity
        case entityOrCommon
        case `extension`

        static let all: [Text: Word] = [
            "String": .string, "Long": .long, "Boolean": .boolean, "Set": .set, "Record": .record, "Entity": .entity,
            "EntityOrCommon": .entityOrCommon, "Extension": .extension,
        ]

        var members: [Text] {
            switch self {
            case .string, .long, .boolean: []
            case .set: ["element"]
            case .record: ["attributes", "additionalAttributes"]
            case .entity, .entityOrCommon, .extension: ["name"]
            }
        }
    }

    private func kind(
        _ word: Word?, named name: Text, _ node: JSONNode, depth: Int
    ) throws(SchemaError) -> WrittenType.Kind {
        switch word {
        case .string: return .builtin(.string)
        case .long: return .builtin(.integer)
        case .boolean: return .builtin(.bool)
        case .set: return .set(try type(try member("element", of: node), depth: depth + 1))
        case .record: return .record(try attributes(of: node, depth: depth + 1))
        case .entity: return .named(try reference(try member("name", of: node)).text, .entity)
        case .entityOrCommon: return .named(try reference(try member("name", of: node)).text, .either)
        case .extension:
            let name = try text(try member("name", of: node))
            guard let type = ValueType.extensions[name] else { throw failure(.undeclared(name.string), node) }
            return .builtin(type)
        case nil: return .named(try path(name, at: node), .common)
        }
    }

    /// The language has no records with attributes of any name, so `additionalAttributes` may only be false.
    private func attributes(of node: JSONNode, depth: Int) throws(SchemaError) -> [WrittenAttribute] {
        if let isOpen = node["additionalAttributes"] {
            guard let isOpen = isOpen.bool else { throw failure(.expected("true or false"), isOpen) }
            guard !isOpen else { throw failure(.openRecord, node) }
        }
        var attributes: [WrittenAttribute] = []
        for (name, content) in try object(try member("attributes", of: node)) {
            let type = try type(content, besides: ["required", "annotations"], depth: depth)
            var isRequired = true
            if let required = content["required"] {
                guard let required = required.bool else { throw failure(.expected("true or false"), required) }
                isRequired = required
            }
            attributes.append(
                WrittenAttribute(
                    name: Name(text: Text(name), offset: content.byteRange.lowerBound), type: type,
                    isRequired: isRequired, annotations: try annotations(of: content)))
        }
        return attributes
    }
}

// Names.
extension SchemaJSONReader {
    func annotations(of node: JSONNode) throws(SchemaError) -> [Annotation] {
        guard let written = node["annotations"] else { return [] }
        var annotations: [Annotation] = []
        for (name, content) in try object(written) {
            let name = Text(name)
            guard Identifier.isWord(name.utf8[...]) else { throw failure(.invalidName(name.string), content) }
            annotations.append(Annotation(name: name, value: try content.isNull ? "" : text(content)))
        }
        return annotations
    }

    /// A name that a declaration may take.
    func declaredName(_ name: String, at node: JSONNode) throws(SchemaError) -> Name {
        let text = Text(name)
        guard Identifier.isUsable(text.utf8[...]) else { throw failure(.invalidName(name), node) }
        return Name(text: text, offset: node.byteRange.lowerBound)
    }

    func declaredPath(_ name: String, at node: JSONNode) throws(SchemaError) -> Text {
        guard let path = TypeName(Text(name)) else { throw failure(.invalidName(name), node) }
        return path.text
    }

    func reference(_ node: JSONNode) throws(SchemaError) -> Name {
        Name(text: try path(try text(node), at: node), offset: node.byteRange.lowerBound)
    }

    /// A path to refer with: `__cedar` may be in it.
    private func path(_ name: Text, at node: JSONNode) throws(SchemaError) -> Text {
        guard TypeName.isReference(name) else { throw failure(.invalidName(name.string), node) }
        return name
    }
}

// Members.
extension SchemaJSONReader {
    func object(_ node: JSONNode) throws(SchemaError) -> JSONMembers {
        guard node.kind == .object else { throw failure(.expected("an object"), node) }
        return node.members
    }

    func array(_ node: JSONNode) throws(SchemaError) -> JSONElements {
        guard node.kind == .array else { throw failure(.expected("an array"), node) }
        return node.elements
    }

    func text(_ node: JSONNode) throws(SchemaError) -> Text {
        guard let utf8 = node.utf8 else { throw failure(.expected("a string"), node) }
        return Text(valid: utf8)
    }

    func member(_ name: String, of node: JSONNode) throws(SchemaError) -> JSONNode {
        guard let member = node[name] else { throw failure(.expected("`\(name)`"), node) }
        return member
    }

    func refuseMembers(of node: JSONNode, but known: [Text]) throws(SchemaError) {
        for (name, content) in try object(node) where !known.contains(Text(name)) {
            throw failure(.unknownMember(name), content)
        }
    }

    func failure(_ reason: SchemaError.Reason, _ node: JSONNode) -> SchemaError {
        SchemaError(reason: reason, position: Position(of: node.byteRange.lowerBound, in: source))
    }
}
