// SPDX-License-Identifier: Apache-2.0

/// Makes a schema of a written one: looks up names, puts common types in their places, works out what is in what.
struct SchemaResolver {
    /// How deep types may be inside one another, names of common types counted as a level.
    static let height = 128
    /// How many parts all types may have together: common types in their places grow exponentially.
    static let parts = 4_000_000
    /// How many pairs of a type or an action and one that it is in there may be.
    static let pairs = 1_000_000

    let names: SchemaNames
    let source: [UInt8]
    var finished: [Text: Resolved] = [:]
    var open: Set<Text> = []
    var partsLeft = Self.parts
    private var entityTypes: [TypeName: EntityType] = [:]
    private var actions: [EntityUID: ActionType] = [:]

    /// A type, and how large it is as a tree.
    struct Resolved {
        let type: ValueType
        let height: Int
        let parts: Int
    }

    static func resolve(_ fragment: SchemaFragment, source: [UInt8]) throws(SchemaError) -> Schema {
        var resolver = SchemaResolver(names: try SchemaNames(fragment, source: source), source: source)
        for namespace in fragment.namespaces { try resolver.take(namespace) }
        try resolver.workOutAncestors()
        return Schema(entityTypes: resolver.entityTypes, actions: resolver.actions)
    }

    private init(names: SchemaNames, source: [UInt8]) {
        self.names = names
        self.source = source
    }

    private mutating func take(_ namespace: NamespaceDeclaration) throws(SchemaError) {
        let scope = namespace.name.text
        for declaration in namespace.commonTypes {
            _ = try common(SchemaNames.qualify(declaration.name.text, scope), at: declaration.name.offset, depth: 0)
        }
        for declaration in namespace.entityTypes {
            let type = try entityType(declaration.kind, scope, times: declaration.names.count)
            for name in declaration.names {
                entityTypes[TypeName(parsed: SchemaNames.qualify(name.text, scope))] = type
            }
        }
        for declaration in namespace.actions {
            let action = try actionType(declaration, scope)
            for name in declaration.names {
                let type = TypeName(parsed: SchemaNames.qualify("Action", scope))
                actions[EntityUID(type: type, id: name.text)] = action
            }
        }
    }

    /// The declaration with only the parents as its ancestors.
    private mutating func entityType(
        _ kind: EntityDeclaration.Kind, _ scope: Text, times: Int
    ) throws(SchemaError) -> EntityType {
        switch kind {
        case .enumerated(let ids): return EntityType(ids: ids)
        case .standard(let parents, let shape, let tags):
            var tagType: ValueType?
            if let tags { tagType = try declared(tags, scope, times: times) }
            return EntityType(
                attributes: try record(shape, scope, times: times, "the shape of a type"), tags: tagType,
                ancestors: try types(parents, scope))
        }
    }

    private mutating func actionType(_ written: ActionDeclaration, _ scope: Text) throws(SchemaError) -> ActionType {
        var parents: Set<EntityUID> = []
        for reference in written.parents {
            guard let parent = names.action(reference, in: scope) else {
                throw failure(.undeclared(reference.id.text.string), at: reference.id.offset)
            }
            parents.insert(parent)
        }
        return ActionType(
            principals: try types(written.principals, scope), resources: try types(written.resources, scope),
            context: try record(written.context, scope, times: written.names.count, "the context of an action"),
            parents: parents)
    }

    private func types(_ written: [Name], _ scope: Text) throws(SchemaError) -> Set<TypeName> {
        var types: Set<TypeName> = []
        for name in written {
            guard let type = names.entityType(name.text, in: scope) else {
                throw failure(.undeclared(name.text.string), at: name.offset)
            }
            types.insert(type)
        }
        return types
    }

    func failure(_ reason: SchemaError.Reason, at offset: Int) -> SchemaError {
        SchemaError(reason, at: offset, in: source)
    }
}

// What is in what.
extension SchemaResolver {
    private mutating func workOutAncestors() throws(SchemaError) {
        guard let types = Reach.all(entityTypes.mapValues(\.ancestors), limit: Self.pairs),
            let actions = Reach.all(actions.mapValues(\.parents), limit: Self.pairs)
        else { throw failure(.tooManyAncestors(limit: Self.pairs), at: 0) }
        for (name, type) in entityTypes {
            entityTypes[name] = EntityType(
                attributes: type.attributes, tags: type.tags, ancestors: types[name] ?? [], ids: type.ids)
        }
        for (uid, action) in self.actions {
            let ancestors = actions[uid] ?? []
            guard !ancestors.contains(uid) else { throw failure(.actionCycle(uid), at: 0) }
            self.actions[uid] = ActionType(
                principals: action.principals, resources: action.resources, context: action.context,
                parents: action.parents, ancestors: ancestors)
        }
    }
}

/// What is reached by going up one or more times; a circle leads to itself.
enum Reach {
    /// Nil when that takes more steps than the limit.
    static func all<Node: Hashable>(_ parents: [Node: Set<Node>], limit: Int) -> [Node: Set<Node>]? {
        var result: [Node: Set<Node>] = [:]
        var steps = 0
        for (start, above) in parents where !above.isEmpty {
            var found = above
            var waiting = Array(above)
            while let next = waiting.popLast() {
                let more = parents[next] ?? []
                steps += 1 + more.count
                guard steps <= limit else { return nil }
                for node in more where found.insert(node).inserted { waiting.append(node) }
            }
            result[start] = found
        }
        return result
    }
}
