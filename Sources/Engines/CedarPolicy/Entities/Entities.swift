// SPDX-License-Identifier: Apache-2.0

/// What is known about an entity (Cedar language reference, "Entities").
public struct Entity: Sendable, Equatable {
    /// Which one.
    public let uid: EntityUID
    /// Its attributes.
    public let attributes: [Text: Value]
    /// Its tags.
    public let tags: [Text: Value]
    /// What it is directly in; these need not be known themselves.
    public let parents: Set<EntityUID>

    /// An entity with its data.
    public init(
        uid: EntityUID, attributes: [Text: Value] = [:], tags: [Text: Value] = [:], parents: Set<EntityUID> = []
    ) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
    }
}

/// All that is known, with the hierarchy worked out.
public struct Entities: Sendable {
    private let entities: [EntityUID: Entity]
    private let ancestors: [EntityUID: Set<EntityUID>]

    /// Takes entities together.
    ///
    /// - Parameter limit: how many pairs of an entity and one above it there may be.
    /// - Throws: `EntitiesError` for an entity that comes twice with different data or is above itself, and past the
    ///   limit.
    public init(_ entities: some Sequence<Entity>, limit: Int = 50_000_000) throws(EntitiesError) {
        var known: [EntityUID: Entity] = [:]
        for entity in entities {
            let before = known.updateValue(entity, forKey: entity.uid)
            guard before == nil || before == entity else { throw .duplicate(entity.uid) }
        }
        var closure = Closure(known, limit: limit)
        ancestors = try closure.run()
        self.entities = known
    }

    /// The data of an entity; nil when nothing is known.
    public subscript(_ uid: EntityUID) -> Entity? {
        entities[uid]
    }

    /// All that are known, in no order.
    public var all: some Collection<Entity> {
        entities.values
    }

    /// How many are known.
    public var count: Int {
        entities.count
    }

    /// All that an entity is in, directly or through others.
    func ancestors(of entity: EntityUID) -> Set<EntityUID> {
        ancestors[entity] ?? []
    }

    /// Whether an entity is that one or below it (Cedar language reference, "in").
    public func `is`(_ entity: EntityUID, within group: EntityUID) -> Bool {
        entity == group || ancestors[entity]?.contains(group) ?? false
    }
}

/// Why entities do not go together.
public enum EntitiesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It comes twice, with different data.
    case duplicate(EntityUID)
    /// It is above itself.
    case cycle(EntityUID)
    /// The hierarchy has more pairs than the limit.
    case tooManyAncestors(limit: Int)

    /// One plain line.
    public var description: String {
        switch self {
        case .duplicate(let uid): "entity `\(uid)` comes twice with different data"
        case .cycle(let uid): "entity `\(uid)` is above itself"
        case .tooManyAncestors(let limit): "more than \(limit) pairs in the hierarchy"
        }
    }
}
