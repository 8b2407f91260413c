// SPDX-License-Identifier: Apache-2.0

/// All names that a schema declares, in full, and what the names in it stand for (Cedar reference, "Name resolution").
struct SchemaNames {
    private(set) var entityTypes: Set<Text> = []
    private(set) var commonTypes: [Text: CommonType] = [:]
    private(set) var actions: Set<EntityUID> = []
    /// The types of the declared actions. Attributes may be of these types, although nothing declares them.
    private var actionTypes: Set<Text> = []

    /// A common type, and the namespace that the names in it are looked up in.
    struct CommonType {
        let type: WrittenType
        let namespace: Text
    }

    /// What a name stands for.
    enum Meaning {
        case builtin(ValueType)
        case common(Text)
        case entity(Text)
    }

    /// The names of common types that would be taken for words of the JSON syntax.
    private static let reserved: Set<Text> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    /// - Throws: for a name that is declared twice or may not be declared.
    init(_ fragment: SchemaFragment, source: [UInt8]) throws(SchemaError) {
        var namespaces: Set<Text> = []
        for namespace in fragment.namespaces {
            guard namespaces.insert(namespace.name.text).inserted else {
                throw SchemaError(.duplicate(namespace.name.text.string), at: namespace.name.offset, in: source)
            }
            try declareTypes(namespace, source)
            try declareActions(namespace, source)
        }
        for namespace in fragment.namespaces where !namespace.name.text.utf8.isEmpty {
            try refuseShadows(namespace, source)
        }
    }

    private mutating func declareTypes(_ namespace: NamespaceDeclaration, _ source: [UInt8]) throws(SchemaError) {
        for declaration in namespace.entityTypes {
            for name in declaration.names {
                guard name.text != "Action" else {
                    throw SchemaError(.reservedName("Action"), at: name.offset, in: source)
                }
                guard entityTypes.insert(Self.qualify(name.text, namespace.name.text)).inserted else {
                    throw SchemaError(.duplicate(name.text.string), at: name.offset, in: source)
                }
            }
        }
        for declaration in namespace.commonTypes {
            let name = declaration.name
            guard !Self.reserved.contains(name.text) else {
                throw SchemaError(.reservedName(name.text.string), at: name.offset, in: source)
            }
            let type = CommonType(type: declaration.type, namespace: namespace.name.text)
            guard commonTypes.updateValue(type, forKey: Self.qualify(name.text, namespace.name.text)) == nil else {
                throw SchemaError(.duplicate(name.text.string), at: name.offset, in: source)
            }
        }
    }

    private mutating func declareActions(_ namespace: NamespaceDeclaration, _ source: [UInt8]) throws(SchemaError) {
        let type = Self.qualify("Action", namespace.name.text)
        for name in namespace.actions.flatMap(\.names) {
            guard actions.insert(EntityUID(type: TypeName(parsed: type), id: name.text)).inserted else {
                throw SchemaError(.duplicate(name.text.string), at: name.offset, in: source)
            }
            actionTypes.insert(type)
        }
    }

    /// What stands outside all namespaces must be reachable from everywhere, so no namespace may declare it again.
    private func refuseShadows(_ namespace: NamespaceDeclaration, _ source: [UInt8]) throws(SchemaError) {
        for name in namespace.entityTypes.flatMap(\.names) + namespace.commonTypes.map(\.name)
        where entityTypes.contains(name.text) || commonTypes[name.text] != nil {
            throw SchemaError(.shadowing(name.text.string), at: name.offset, in: source)
        }
        for name in namespace.actions.flatMap(\.names)
        where actions.contains(EntityUID(type: Self.action, id: name.text)) {
            throw SchemaError(.shadowing(name.text.string), at: name.offset, in: source)
        }
    }

    private static let action = TypeName(parsed: "Action")
}

// Looking up.
extension SchemaNames {
    /// What a name stands for in a namespace: of that namespace before none, common before entity before built-in.
    func lookUp(_ name: Text, in namespace: Text, as meaning: WrittenType.Meaning) -> Meaning? {
        for candidate in Self.candidates(name, in: namespace) {
            if meaning != .entity, commonTypes[candidate] != nil { return .common(candidate) }
            if meaning != .common, entityTypes.contains(candidate) || actionTypes.contains(candidate) {
                return .entity(candidate)
            }
            if meaning != .entity, let type = builtin(candidate) { return .builtin(type) }
        }
        return nil
    }

    /// The type of entities that a name stands for where only such may stand.
    func entityType(_ name: Text, in namespace: Text) -> TypeName? {
        guard case .entity(let found) = lookUp(name, in: namespace, as: .entity), entityTypes.contains(found) else {
            return nil
        }
        return TypeName(parsed: found)
    }

    func action(_ reference: ActionReference, in namespace: Text) -> EntityUID? {
        Self.candidates(reference.type ?? "Action", in: namespace)
            .map { EntityUID(type: TypeName(parsed: $0), id: reference.id.text) }
            .first(where: actions.contains)
    }

    /// A declaration outside all namespaces takes the short name of a built-in type, never the long one.
    private func builtin(_ name: Text) -> ValueType? {
        let prefix = "__cedar::".utf8
        if name.utf8.starts(with: prefix) {
            return ValueType.builtins[Text(valid: Array(name.utf8.dropFirst(prefix.count)))]
        }
        return entityTypes.contains(name) ? nil : ValueType.builtins[name]
    }

    private static func candidates(_ name: Text, in namespace: Text) -> [Text] {
        let isPath = name.utf8.contains(UInt8(ascii: ":"))
        return isPath || namespace.utf8.isEmpty ? [name] : [qualify(name, namespace), name]
    }

    static func qualify(_ name: Text, _ namespace: Text) -> Text {
        namespace.utf8.isEmpty ? name : Text(valid: namespace.utf8 + Array("::".utf8) + name.utf8)
    }
}

extension SchemaError {
    init(_ reason: Reason, at offset: Int, in source: [UInt8]) {
        self.init(reason: reason, position: Position(of: offset, in: source))
    }
}
