// SPDX-License-Identifier: Apache-2.0

/// What entities, actions and requests there can be, with every name resolved (Cedar language reference, "Schema").
///
/// INVARIANT: every entity type and action that is named is declared. Only attributes, tags and contexts may also be of
/// the type of a declared action, which no declaration names.
public struct Schema: Sendable, Equatable {
    /// The types of entities.
    public let entityTypes: [TypeName: EntityType]
    /// The actions, their groups included.
    public let actions: [EntityUID: ActionType]
}

/// The declaration of a type of entities.
public struct EntityType: Sendable, Equatable {
    /// Its attributes; none for an enumerated type.
    public let attributes: RecordType
    /// The type of its tags; nil when its entities have none.
    public let tags: ValueType?
    /// The types that its entities may be in, directly or through others.
    public let ancestors: Set<TypeName>
    /// The only ids there are, of an enumerated type (`entity Colour enum ["red", …]`); else nil.
    public let ids: [Text]?

    init(attributes: RecordType = [:], tags: ValueType? = nil, ancestors: Set<TypeName> = [], ids: [Text]? = nil) {
        self.attributes = attributes
        self.tags = tags
        self.ancestors = ancestors
        self.ids = ids
    }
}

/// The declaration of an action.
public struct ActionType: Sendable, Equatable {
    /// Who may ask for it, by type; empty for a mere group of actions.
    public let principals: Set<TypeName>
    /// On what, by type; empty for a mere group of actions.
    public let resources: Set<TypeName>
    /// The circumstances that come with a request.
    public let context: RecordType
    /// The actions that it is directly in.
    public let parents: Set<EntityUID>
    /// The actions that it is in, directly or through others.
    public let ancestors: Set<EntityUID>

    init(
        principals: Set<TypeName> = [], resources: Set<TypeName> = [], context: RecordType = [:],
        parents: Set<EntityUID> = [], ancestors: Set<EntityUID> = []
    ) {
        self.principals = principals
        self.resources = resources
        self.context = context
        self.parents = parents
        self.ancestors = ancestors
    }
}
