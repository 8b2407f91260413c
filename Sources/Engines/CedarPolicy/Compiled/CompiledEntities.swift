// SPDX-License-Identifier: Apache-2.0

/// Entities by number, with the hierarchy worked out.
struct CompiledEntities: Sendable {
    private(set) var numbers = EntityNumbers()
    private(set) var names = AttributeNames()
    /// How many are known; others have a number because something names them.
    private(set) var count = 0
    // Each by the entity's number.
    private var attributes = Pages<CompiledRecord?>()
    private var tags = Pages<CompiledRecord>()
    private var parents = Pages<[EntityNumber]>()
    private var ancestors = Pages<[EntityNumber]>()
    /// How many known entities are directly in it.
    private var children = Pages<Int32>()
    private let limit: Int
    private var pairs = 0

    /// - Parameter limit: how many pairs of an entity and one above it there may be.
    /// - Throws: `EntitiesError` for an entity that comes twice or is above itself, and past the limit.
    init(_ entities: some Sequence<Entity>, limit: Int) throws(EntitiesError) {
        self.limit = limit
        for entity in entities {
            let number = number(entity.uid)
            guard attributes[number] == nil else { throw .duplicate(entity.uid) }
            count += 1
            attributes[number] = CompiledRecord(entity.attributes, &self)
            tags[number] = CompiledRecord(entity.tags, &self)
            link(number, to: numbers(of: entity.parents))
        }
        try workOutHierarchy()
    }

    /// The attributes of an entity; nil when nothing is known about it.
    func attributes(of number: EntityNumber) -> CompiledRecord? {
        attributes[number]
    }

    /// The tags of an entity, none when nothing is known about it.
    func tags(of number: EntityNumber) -> CompiledRecord {
        tags[number]
    }

    /// What an entity is directly in.
    func parents(of number: EntityNumber) -> [EntityNumber] {
        parents[number]
    }

    /// What an entity is in, directly and through others, ascending.
    func ancestors(of number: EntityNumber) -> [EntityNumber] {
        ancestors[number]
    }

    mutating func add(type: TypeName) -> TypeNumber {
        numbers.add(type: type)
    }

    /// The numbers of entities in ascending order.
    private mutating func numbers(of uids: Set<EntityUID>) -> [EntityNumber] {
        uids.isEmpty ? [] : uids.map { number($0) }.sorted()
    }

    private mutating func link(_ number: EntityNumber, to new: [EntityNumber]) {
        for parent in parents[number] { children[parent] -= 1 }
        for parent in new { children[parent] += 1 }
        parents[number] = new
    }
}

extension CompiledEntities: Numbering {
    mutating func number(_ uid: EntityUID) -> EntityNumber {
        let number = numbers.add(uid)
        if numbers.count > attributes.count {
            attributes.append(nil)
            tags.append(.empty)
            parents.append([])
            ancestors.append([])
            children.append(0)
        }
        return number
    }

    mutating func number(_ name: Text) -> NameNumber {
        names.add(name)
    }
}

// Changes. When the hierarchy above an entity with others below it changes, all of it is worked out anew; every other
// change touches that entity only.
extension CompiledEntities {
    /// Puts an entity in the place of what was known about it.
    ///
    /// - Throws: `EntitiesError` when it would be above itself, and past the limit; then nothing is different.
    mutating func put(_ entity: Entity) throws(EntitiesError) {
        let number = number(entity.uid)
        try move(number, under: numbers(of: entity.parents))
        if attributes[number] == nil { count += 1 }
        attributes[number] = CompiledRecord(entity.attributes, &self)
        tags[number] = CompiledRecord(entity.tags, &self)
    }

    /// Forgets an entity. Its number stays, because others may name it.
    mutating func remove(_ uid: EntityUID) {
        guard let number = numbers.number(of: uid), attributes[number] != nil else { return }
        // Cannot fail: it makes the hierarchy smaller.
        try? move(number, under: [])
        attributes[number] = nil
        tags[number] = .empty
        count -= 1
    }

    private mutating func move(_ number: EntityNumber, under new: [EntityNumber]) throws(EntitiesError) {
        guard new != parents[number] else { return }
        var above = new
        for parent in new { above += ancestors[parent] }
        above = above.ascending()
        guard above.place(of: number) == nil else { throw .cycle(numbers.uid(number)) }
        let isLowest = children[number] == 0
        let total = pairs - ancestors[number].count + above.count
        guard !isLowest || total <= limit else { throw .tooManyAncestors(limit: limit) }
        let before = self
        link(number, to: new)
        if isLowest {
            pairs = total
            ancestors[number] = above
            return
        }
        do throws(EntitiesError) {
            try workOutHierarchy()
        } catch {
            self = before
            throw error
        }
    }

    /// Finishes each entity after all above it, without recursion: a chain may be long.
    private mutating func workOutHierarchy() throws(EntitiesError) {
        pairs = 0
        var state = [Progress](repeating: .untouched, count: numbers.count)
        var stack: [EntityNumber] = []
        for first in 0..<EntityNumber(numbers.count) where state[Int(first)] == .untouched {
            stack.append(first)
            while let number = stack.last {
                if state[Int(number)] == .untouched {
                    state[Int(number)] = .open
                    for parent in parents[number] {
                        guard state[Int(parent)] != .open else { throw .cycle(numbers.uid(parent)) }
                        if state[Int(parent)] == .untouched { stack.append(parent) }
                    }
                } else {
                    stack.removeLast()
                    guard state[Int(number)] == .open else { continue }
                    state[Int(number)] = .finished
                    try join(number)
                }
            }
        }
    }

    private enum Progress {
        case untouched
        case open
        case finished
    }

    private mutating func join(_ number: EntityNumber) throws(EntitiesError) {
        var all = parents[number]
        for parent in parents[number] { all += ancestors[parent] }
        all = all.ascending()
        pairs += all.count
        guard pairs <= limit else { throw .tooManyAncestors(limit: limit) }
        // Unchanged pages stay shared with copies.
        if ancestors[number] != all { ancestors[number] = all }
    }
}
