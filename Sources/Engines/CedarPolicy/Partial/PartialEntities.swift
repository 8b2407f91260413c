// SPDX-License-Identifier: Apache-2.0

/// What is known about an entity when perhaps not all is known.
public struct PartialEntity: Sendable, Equatable {
    /// Which one.
    public let uid: EntityUID
    /// Its attributes; nil when they are unknown.
    public let attributes: [Text: Value]?
    /// Its tags; nil when they are unknown.
    public let tags: [Text: Value]?
    /// All that it is in, directly or through others; nil when that is unknown.
    public let ancestors: Set<EntityUID>?

    /// An entity with open parts.
    public init(
        uid: EntityUID, attributes: [Text: Value]? = nil, tags: [Text: Value]? = nil, ancestors: Set<EntityUID>? = nil
    ) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.ancestors = ancestors
    }
}

/// What is known about entities, seen to fit a schema (Cedar specification, "TPE": partial entities).
public struct PartialEntities: Sendable {
    private let known: [EntityUID: PartialEntity]
    /// All that there is. INVARIANT: then nothing stands in `known`.
    private let complete: Entities?
    /// What the schema says about actions holds whatever is listed.
    private let actions: [EntityUID: ActionType]

    /// Entities of which parts may be unknown. About one that is not listed nothing is known, not even whether there are
    /// data about it.
    ///
    /// - Throws: `PartialError` for an entity that is listed twice, does not fit the schema, or is above itself, and for
    ///   one that leaves out what is above something that it is in.
    public init(_ entities: some Sequence<PartialEntity>, schema: Schema) throws(PartialError) {
        var known: [EntityUID: PartialEntity] = [:]
        for entity in entities {
            guard known.updateValue(entity, forKey: entity.uid) == nil else {
                throw .inconsistent(.duplicate(entity.uid))
            }
            do throws(ConformanceError) {
                try schema.validate(entity)
            } catch {
                throw .entity(entity.uid, error)
            }
        }
        for entity in known.values { try entity.checkHierarchy(known) }
        self.known = known
        complete = nil
        actions = schema.actions
    }

    /// Entities of which all is known: there are data about no others.
    ///
    /// - Throws: `PartialError.entity` for one that does not fit the schema, which an action does that is missing.
    public init(_ entities: Entities, schema: Schema) throws(PartialError) {
        try schema.validate(entities)
        known = [:]
        complete = entities
        actions = schema.actions
    }
}

extension PartialEntity {
    /// What it is in must be in nothing else.
    fileprivate func checkHierarchy(_ known: [EntityUID: PartialEntity]) throws(PartialError) {
        guard let ancestors else { return }
        guard !ancestors.contains(uid) else { throw .inconsistent(.cycle(uid)) }
        for ancestor in ancestors {
            guard let above = known[ancestor]?.ancestors else { continue }
            if let missing = above.first(where: { !ancestors.contains($0) }) {
                throw .incompleteAncestors(uid, missing: missing)
            }
        }
    }
}

/// What is known about a part of an entity.
enum Knowledge {
    case known([Text: Value])
    /// There are no data about the entity.
    case absent
    case unknown

    fileprivate init(_ part: [Text: Value]?) {
        self = part.map(Knowledge.known) ?? .unknown
    }
}

// Looking things up.
extension PartialEntities {
    func attributes(of uid: EntityUID) -> Knowledge {
        guard let complete else { return Knowledge(known[uid]?.attributes) }
        return complete[uid].map { .known($0.attributes) } ?? .absent
    }

    func tags(of uid: EntityUID) -> Knowledge {
        guard let complete else { return Knowledge(known[uid]?.tags) }
        return complete[uid].map { .known($0.tags) } ?? .absent
    }

    /// Whether an entity is that one or below it; nil when that is unknown.
    func `is`(_ uid: EntityUID, within group: EntityUID) -> Bool? {
        if uid == group { return true }
        if let action = actions[uid] { return action.ancestors.contains(group) }
        if let complete { return complete.is(uid, within: group) }
        return known[uid]?.ancestors?.contains(group)
    }

    /// The first listed entity that is another in complete data; nil when these are the listed ones with open parts
    /// filled.
    func firstMismatch(_ entities: Entities) -> EntityUID? {
        if let complete {
            return complete.all.first { entities[$0.uid] != $0 }?.uid
                ?? entities.all.first { complete[$0.uid] == nil }?.uid
        }
        return known.values.first { !$0.matches(entities) }?.uid
    }
}

extension PartialEntity {
    fileprivate func matches(_ entities: Entities) -> Bool {
        guard let entity = entities[uid] else { return false }
        return attributes.map { $0 == entity.attributes } ?? true && tags.map { $0 == entity.tags } ?? true
            && ancestors.map { $0 == entities.ancestors(of: uid) } ?? true
    }
}
