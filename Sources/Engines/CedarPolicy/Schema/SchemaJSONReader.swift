// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Reads a schema in the JSON syntax, where every member that does not belong is an error (Cedar reference, "JSON
/// schema format").
struct SchemaJSONReader {
    /// The whole text, to say where something stands.
    let source: [UInt8]

    static func fragment(_ bytes: [UInt8], limits: JSONLimits) throws(SchemaError) -> SchemaFragment {
        let root: JSONNode
        do throws(JSONError) {
            root = try JSONDocument.parse(bytes, limits: limits).root
        } catch {
            throw SchemaError(
                reason: .malformed(error.reason.description), position: Position(line: error.line, column: error.column)
            )
        }
        let reader = SchemaJSONReader(source: bytes)
        var fragment = SchemaFragment()
        for (name, content) in try reader.object(root) {
            let namespace = try reader.namespace(name, content)
            if name.isEmpty { fragment.namespaces[0] = namespace } else { fragment.namespaces.append(namespace) }
        }
        return fragment
    }

    private func namespace(_ name: String, _ node: JSONNode) throws(SchemaError) -> NamespaceDeclaration {
        try refuseMembers(of: node, but: ["commonTypes", "entityTypes", "actions", "annotations"])
        let path = try name.isEmpty ? Text("") : declaredPath(name, at: node)
        var namespace = NamespaceDeclaration(name: Name(text: path, offset: node.byteRange.lowerBound))
        if let types = node["commonTypes"] {
            for (name, content) in try object(types) {
                namespace.commonTypes.append(try commonType(name, content))
            }
        }
        for (name, content) in try object(try member("entityTypes", of: node)) {
            namespace.entityTypes.append(try entityType(name, content))
        }
        for (name, content) in try object(try member("actions", of: node)) {
            namespace.actions.append(try action(name, content))
        }
        namespace.annotations = try annotations(of: node)
        guard !name.isEmpty || namespace.annotations.isEmpty else { throw failure(.unknownMember("annotations"), node) }
        return namespace
    }

    private func commonType(_ name: String, _ node: JSONNode) throws(SchemaError) -> CommonTypeDeclaration {
        CommonTypeDeclaration(
            name: try declaredName(name, at: node), type: try type(node, besides: ["annotations"]),
            annotations: try annotations(of: node))
    }

    /// `enum` and the members of other types exclude one another.
    private func entityType(_ name: String, _ node: JSONNode) throws(SchemaError) -> EntityDeclaration {
        let isEnumerated = node["enum"] != nil
        try refuseMembers(
            of: node, but: isEnumerated ? ["enum", "annotations"] : ["memberOfTypes", "shape", "tags", "annotations"])
        let kind: EntityDeclaration.Kind
        if let choices = node["enum"] {
            var ids: [Text] = []
            for choice in try array(choices) { ids.append(try text(choice)) }
            guard !ids.isEmpty else { throw failure(.expected("at least one id"), choices) }
            kind = .enumerated(ids)
        } else {
            var parents: [Name] = []
            if let list = node["memberOfTypes"] { parents = try references(list) }
            var shape = WrittenType.empty
            if let written = node["shape"] { shape = try type(written) }
            var tags: WrittenType?
            if let written = node["tags"] { tags = try type(written) }
            kind = .standard(parents: parents, shape: shape, tags: tags)
        }
        return EntityDeclaration(
            names: [try declaredName(name, at: node)], kind: kind, annotations: try annotations(of: node))
    }

    /// `null` is as good as left out for an action's members, and only there.
    private func action(_ name: String, _ node: JSONNode) throws(SchemaError) -> ActionDeclaration {
        try refuseMembers(of: node, but: ["attributes", "appliesTo", "memberOf", "annotations"])
        if let attributes = node["attributes"], !attributes.isNull { throw failure(.actionAttributes(name), node) }
        let name = Name(text: Text(name), offset: node.byteRange.lowerBound)
        var action = ActionDeclaration(names: [name], annotations: try annotations(of: node))
        if let parents = node["memberOf"], !parents.isNull {
            for parent in try array(parents) { action.parents.append(try actionReference(parent)) }
        }
        guard let applies = node["appliesTo"], !applies.isNull else { return action }
        try refuseMembers(of: applies, but: ["principalTypes", "resourceTypes", "context"])
        action.principals = try references(try member("principalTypes", of: applies))
        action.resources = try references(try member("resourceTypes", of: applies))
        if let context = applies["context"] { action.context = try type(context) }
        return action
    }

    private func actionReference(_ node: JSONNode) throws(SchemaError) -> ActionReference {
        try refuseMembers(of: node, but: ["id", "type"])
        let id = try member("id", of: node)
        var type: Text?
        if let written = node["type"], !written.isNull { type = try reference(written).text }
        return ActionReference(type: type, id: Name(text: try text(id), offset: id.byteRange.lowerBound))
    }

    private func references(_ node: JSONNode) throws(SchemaError) -> [Name] {
        var names: [Name] = []
        for element in try array(node) { names.append(try reference(element)) }
        return names
    }
}
