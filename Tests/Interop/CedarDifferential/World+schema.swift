// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

extension World {
    /// The schema as Cedar writes it.
    var schema: String {
        let declarations = kinds.map(declaration) + actions.indices.map(declaration)
        let text = declarations.joined(separator: "\n")
        return namespace.isEmpty ? text : "namespace \(namespace) {\n\(text)\n}"
    }

    private func declaration(_ kind: EntityKind) -> String {
        let name = baseName(kind)
        if let ids = kind.ids { return "entity \(name) enum [\(ids.map(quote).joined(separator: ", "))];" }
        let parents = kind.parents.isEmpty ? "" : " in [\(kind.parents.map { kinds[$0].name }.joined(separator: ", "))]"
        let tags = kind.tags.map { " tags \(write($0))" } ?? ""
        return "entity \(name)\(parents) = \(write(kind.fields))\(tags);"
    }

    private func declaration(_ index: Int) -> String {
        let action = actions[index]
        let groups =
            action.groups.isEmpty
            ? "" : " in [\(action.groups.map { quote(actions[$0].id) }.joined(separator: ", "))]"
        let principals = action.principals.map { kinds[$0].name }.joined(separator: ", ")
        let resources = action.resources.map { kinds[$0].name }.joined(separator: ", ")
        return """
            action \(quote(action.id))\(groups) appliesTo { principal: [\(principals)], resource: [\(resources)], \
            context: \(write(action.context)) };
            """
    }

    private func baseName(_ kind: EntityKind) -> String {
        namespace.isEmpty ? kind.name : String(kind.name.dropFirst(namespace.count + 2))
    }

    private func write(_ shape: Shape) -> String {
        switch shape {
        case .bool: "__cedar::Bool"
        case .integer: "__cedar::Long"
        case .string: "__cedar::String"
        case .decimal: "__cedar::decimal"
        case .address: "__cedar::ipaddr"
        case .datetime: "__cedar::datetime"
        case .duration: "__cedar::duration"
        case .entity(let kind): kinds[kind].name
        case .set(let element): "Set<\(write(element))>"
        case .record(let fields): write(fields)
        }
    }

    private func write(_ fields: [Field]) -> String {
        let members = fields.map { "\(quote($0.name.string))\($0.isRequired ? "" : "?"): \(write($0.shape))" }
        return "{\(members.joined(separator: ", "))}"
    }
}

/// A string as Cedar writes it.
func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\0": result += "\\0"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
