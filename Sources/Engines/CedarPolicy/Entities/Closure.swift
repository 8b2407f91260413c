// SPDX-License-Identifier: Apache-2.0

/// Works out what each entity is in, directly and through others, without recursion: a chain may be long.
struct Closure {
    private let entities: [EntityUID: Entity]
    private let limit: Int
    private var ancestors: [EntityUID: Set<EntityUID>] = [:]
    private var open: Set<EntityUID> = []
    private var pairs = 0

    init(_ entities: [EntityUID: Entity], limit: Int) {
        self.entities = entities
        self.limit = limit
    }

    mutating func run() throws(EntitiesError) -> [EntityUID: Set<EntityUID>] {
        for entity in entities.values where !entity.parents.isEmpty { try finish(entity) }
        return ancestors
    }

    /// Finishes an entity and all above it, those on top first.
    private mutating func finish(_ first: Entity) throws(EntitiesError) {
        var stack = [first]
        while let entity = stack.last {
            if ancestors[entity.uid] != nil {
                stack.removeLast()
            } else if open.insert(entity.uid).inserted {
                for parent in entity.parents {
                    guard !open.contains(parent) else { throw .cycle(parent) }
                    if ancestors[parent] == nil, let known = entities[parent], !known.parents.isEmpty {
                        stack.append(known)
                    }
                }
            } else {
                stack.removeLast()
                open.remove(entity.uid)
                try join(entity)
            }
        }
    }

    private mutating func join(_ entity: Entity) throws(EntitiesError) {
        var all = entity.parents
        for parent in entity.parents { all.formUnion(ancestors[parent] ?? []) }
        pairs += all.count
        guard pairs <= limit else { throw .tooManyAncestors(limit: limit) }
        ancestors[entity.uid] = all
    }
}
