// SPDX-License-Identifier: Apache-2.0

extension Schema: CustomStringConvertible {
    /// The schema in the Cedar syntax, which reads back as an equal schema: common types in their places, all names in
    /// full, everything sorted. An action without principals or without resources can never be asked for; it is written
    /// without any, and without its context.
    public var description: String {
        var writer = SchemaWriter(hidden: Set(entityTypes.keys.map { Text(valid: Array($0.baseName)) }))
        let types = Dictionary(grouping: entityTypes.keys, by: \.namespace)
        let actions = Dictionary(grouping: actions.keys, by: \.type.namespace)
        for name in Set(types.keys).union(actions.keys).sorted() {
            writer.begin(name)
            for type in types[name, default: []].sorted(by: { $0.text < $1.text }) {
                if let declaration = entityTypes[type] { writer.write(type, declaration) }
            }
            for uid in actions[name, default: []].sorted() {
                if let declaration = self.actions[uid] { writer.write(uid, declaration) }
            }
            writer.end(name)
        }
        return writer.text
    }
}

/// Writes namespaces, declarations and types one after another, so that long ones are not copied.
struct SchemaWriter {
    /// Names that stand for types of entities somewhere, so that built-in types need their long names.
    private let hidden: Set<Text>
    private(set) var text = ""
    private var indent = ""

    init(hidden: Set<Text>) {
        self.hidden = hidden
    }

    mutating func begin(_ namespace: Text) {
        guard !namespace.utf8.isEmpty else { return }
        text += "namespace \(namespace) {\n"
        indent = "  "
    }

    mutating func end(_ namespace: Text) {
        if !namespace.utf8.isEmpty { text += "}\n" }
    }

    mutating func write(_ name: TypeName, _ type: EntityType) {
        text += "\(indent)entity \(Text(valid: Array(name.baseName)))"
        if let ids = type.ids { text += " enum [\(ids.map(StringEscapes.quote).joined(separator: ", "))]" }
        if !type.ancestors.isEmpty { text += " in \(list(type.ancestors))" }
        if !type.attributes.isEmpty {
            text += " "
            write(type.attributes)
        }
        if let tags = type.tags {
            text += " tags "
            write(tags)
        }
        text += ";\n"
    }

    mutating func write(_ uid: EntityUID, _ action: ActionType) {
        text += "\(indent)action \(StringEscapes.quote(uid.id))"
        if !action.parents.isEmpty {
            text += " in [\(action.parents.sorted().map(\.description).joined(separator: ", "))]"
        }
        if !action.principals.isEmpty, !action.resources.isEmpty {
            text += " appliesTo { principal: \(list(action.principals)), resource: \(list(action.resources))"
            if !action.context.isEmpty {
                text += ", context: "
                write(action.context)
            }
            text += " }"
        }
        text += ";\n"
    }

    private func list(_ types: Set<TypeName>) -> String {
        "[\(types.map(\.text).sorted().map(\.string).joined(separator: ", "))]"
    }

    private mutating func write(_ type: ValueType) {
        switch type {
        case .bool: write(builtin: "Bool")
        case .integer: write(builtin: "Long")
        case .string: write(builtin: "String")
        case .decimal: write(builtin: "decimal")
        case .address: write(builtin: "ipaddr")
        case .datetime: write(builtin: "datetime")
        case .duration: write(builtin: "duration")
        case .entity(let name): text += name.text.string
        case .record(let attributes): write(attributes)
        case .set(let element):
            text += "Set<"
            write(element)
            text += ">"
        }
    }

    private mutating func write(_ attributes: RecordType) {
        text += "{"
        var separator = " "
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            text += separator
            text += Identifier.isUsable(name.utf8[...]) ? name.string : StringEscapes.quote(name)
            text += attribute.isRequired ? ": " : "?: "
            write(attribute.type)
            separator = ", "
        }
        text += " }"
    }

    private mutating func write(builtin name: Text) {
        text += hidden.contains(name) ? "__cedar::\(name)" : name.string
    }
}

extension TypeName {
    /// What stands before the last `::`, or nothing.
    fileprivate var namespace: Text {
        Text(valid: Array(text.utf8.prefix(max(text.utf8.count - baseName.count - 2, 0))))
    }
}
