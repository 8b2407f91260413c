// SPDX-License-Identifier: Apache-2.0

extension Schema: CustomStringConvertible {
    /// The schema in the Cedar syntax, which reads back as an equal schema: common types in their places, all names in
    /// full, everything sorted. An action without principals or without resources can never be asked for; it is written
    /// without any, and without its context.
    public var description: String {
        let writer = SchemaWriter(hidden: Set(entityTypes.keys.map { Text(valid: Array($0.baseName)) }))
        var namespaces: [Text: [String]] = [:]
        for (name, type) in entityTypes.sorted(by: { $0.key.text < $1.key.text }) {
            namespaces[name.namespace, default: []].append(writer.declaration(of: name, type))
        }
        for (uid, action) in actions.sorted(by: { $0.key < $1.key }) {
            namespaces[uid.type.namespace, default: []].append(writer.declaration(of: uid, action))
        }
        let texts = namespaces.sorted { $0.key < $1.key }.map { name, declarations in
            name.utf8.isEmpty
                ? declarations.joined(separator: "\n")
                : "namespace \(name) {\n" + declarations.map { "  \($0)\n" }.joined() + "}"
        }
        return texts.joined(separator: "\n")
    }
}

/// Writes types and declarations.
struct SchemaWriter {
    /// Names that stand for types of entities somewhere, so that built-in types need their long names.
    let hidden: Set<Text>

    func declaration(of name: TypeName, _ type: EntityType) -> String {
        let start = "entity \(Text(valid: Array(name.baseName)))"
        if let ids = type.ids { return "\(start) enum [\(ids.map(StringEscapes.quote).joined(separator: ", "))];" }
        let parents = type.ancestors.isEmpty ? "" : " in \(list(type.ancestors))"
        let shape = type.attributes.isEmpty ? "" : " \(text(.record(type.attributes)))"
        let tags = type.tags.map { " tags \(text($0))" } ?? ""
        return "\(start)\(parents)\(shape)\(tags);"
    }

    func declaration(of uid: EntityUID, _ action: ActionType) -> String {
        let parents = action.parents.sorted().map(\.description).joined(separator: ", ")
        let start = "action \(StringEscapes.quote(uid.id))" + (parents.isEmpty ? "" : " in [\(parents)]")
        guard !action.principals.isEmpty, !action.resources.isEmpty else { return start + ";" }
        let context = action.context.isEmpty ? "" : ", context: \(text(.record(action.context)))"
        return
            "\(start) appliesTo { principal: \(list(action.principals)), resource: \(list(action.resources))\(context) };"
    }

    private func list(_ types: Set<TypeName>) -> String {
        "[\(types.map(\.text).sorted().map(\.string).joined(separator: ", "))]"
    }

    private func text(_ type: ValueType) -> String {
        switch type {
        case .bool: builtin("Bool")
        case .integer: builtin("Long")
        case .string: builtin("String")
        case .decimal: builtin("decimal")
        case .address: builtin("ipaddr")
        case .datetime: builtin("datetime")
        case .duration: builtin("duration")
        case .entity(let name): name.text.string
        case .set(let element): "Set<\(text(element))>"
        case .record(let attributes):
            "{ \(attributes.sorted { $0.key < $1.key }.map(attribute).joined(separator: ", ")) }"
        }
    }

    private func attribute(_ name: Text, _ attribute: AttributeType) -> String {
        let written = Identifier.isUsable(name.utf8[...]) ? name.string : StringEscapes.quote(name)
        return "\(written)\(attribute.isRequired ? "" : "?"): \(text(attribute.type))"
    }

    private func builtin(_ name: Text) -> String {
        hidden.contains(name) ? "__cedar::\(name)" : name.string
    }
}

extension TypeName {
    /// What stands before the last `::`, or nothing.
    fileprivate var namespace: Text {
        Text(valid: Array(text.utf8.prefix(max(text.utf8.count - baseName.count - 2, 0))))
    }
}
