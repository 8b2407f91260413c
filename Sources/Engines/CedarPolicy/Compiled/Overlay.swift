// SPDX-License-Identifier: Apache-2.0

/// Entities that one request brings along, in front of those of the store.
struct Overlay: Sendable {
    struct Known: Sendable {
        let attributes: CompiledRecord
        let tags: CompiledRecord
        let parents: [EntityNumber]
    }

    private var entities: [EntityNumber: Known] = [:]
    private var ancestors: [EntityNumber: [EntityNumber]] = [:]

    subscript(_ number: EntityNumber) -> Known? {
        entities[number]
    }

    /// Adds an entity; false when it is there already.
    mutating func add(_ known: Known, as number: EntityNumber) -> Bool {
        entities.updateValue(known, forKey: number) == nil
    }

    /// Works out what the entities are in.
    ///
    /// - Returns: one that is above itself. There is no other cycle, because the store has none.
    mutating func workOutHierarchy(over store: CompiledEntities) -> EntityNumber? {
        for number in entities.keys {
            let above = walk(from: number, store)
            guard above.place(of: number) == nil else { return number }
            ancestors[number] = above
        }
        return nil
    }

    /// What an entity is in. The store's answer stands unless the way up goes through one of these entities.
    func ancestors(of number: EntityNumber, over store: CompiledEntities) -> [EntityNumber] {
        if let ancestors = ancestors[number] { return ancestors }
        guard Int(number) < store.numbers.count else { return [] }
        let stored = store.ancestors(of: number)
        let isTouched = entities.keys.contains { stored.place(of: $0) != nil }
        return isTouched ? walk(from: number, store) : stored
    }

    private func walk(from number: EntityNumber, _ store: CompiledEntities) -> [EntityNumber] {
        var found: Set<EntityNumber> = []
        var open = parents(of: number, store)
        while let next = open.popLast() {
            if found.insert(next).inserted { open += parents(of: next, store) }
        }
        return found.sorted()
    }

    private func parents(of number: EntityNumber, _ store: CompiledEntities) -> [EntityNumber] {
        if let known = entities[number] { return known.parents }
        return Int(number) < store.numbers.count ? store.parents(of: number) : []
    }
}
