// SPDX-License-Identifier: Apache-2.0

/// Policies that decide together, and the templates that further ones are made from.
public struct PolicySet: Sendable, Equatable {
    /// What decides. INVARIANT: no slots, and no id twice, templates included.
    public private(set) var policies: [Policy] = []
    /// What `link` makes policies from. INVARIANT: each has a slot.
    public private(set) var templates: [Policy] = []
    /// Which policies came from which templates, in the order of linking.
    public private(set) var links: [TemplateLink] = []

    /// All ids, and where in `templates` the template of that id stands.
    private var places: [Text: Int?] = [:]

    /// No policies: everything is denied.
    public init() {}

    /// Reads a text of policies and templates, which are named `policy0`, `policy1`, … in its order.
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(parsing bytes: [UInt8], limits: SyntaxLimits = .standard) throws(SyntaxError) {
        var parser = try Parser(bytes, limits: limits)
        for policy in try parser.policies() { _ = add(policy) }
    }

    /// Reads a text that is at hand as a string.
    ///
    /// - Throws: `SyntaxError` as `init(parsing:limits:)` over bytes does.
    public init(parsing text: String, limits: SyntaxLimits = .standard) throws(SyntaxError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Policies that are at hand, in this order.
    ///
    /// - Throws: `LinkError.idInUse` when two have one id.
    public init(_ policies: some Sequence<Policy>) throws(LinkError) {
        for policy in policies {
            guard add(policy) else { throw .idInUse(policy.id.string) }
        }
    }

    /// Adds a policy or template; false when the id is in use, and then nothing has changed.
    mutating func add(_ policy: Policy) -> Bool {
        guard places[policy.id] == nil else { return false }
        if policy.slots.isEmpty {
            places[policy.id] = .some(nil)
            policies.append(policy)
        } else {
            places[policy.id] = templates.count
            templates.append(policy)
        }
        return true
    }

    /// Makes a policy from a template by naming the entities for its slots, and no others
    /// (Cedar language reference, "Policy templates").
    ///
    /// - Throws: `LinkError`; then nothing has changed.
    public mutating func link(
        _ template: Text, as id: Text, _ entities: [Slot: EntityUID]
    ) throws(LinkError) {
        guard let place = places[template] ?? nil else { throw .unknownTemplate(template.string) }
        let source = templates[place]
        guard places[id] == nil else { throw .idInUse(id.string) }
        if let slot = source.slots.first(where: { entities[$0] == nil }) { throw .missingEntity(slot) }
        if let slot = Slot.allCases.first(where: { entities[$0] != nil && !source.slots.contains($0) }) {
            throw .superfluousEntity(slot)
        }
        var policy = source
        policy.id = id
        if let entity = entities[.principal] { policy.principal = policy.principal.filled(with: entity) }
        if let entity = entities[.resource] { policy.resource = policy.resource.filled(with: entity) }
        _ = add(policy)
        links.append(TemplateLink(template: template, id: id, entities: entities))
    }
}

/// A policy that was made from a template (Cedar language reference, "Policy templates").
public struct TemplateLink: Sendable, Hashable {
    /// The template's id.
    public let template: Text
    /// The policy's id.
    public let id: Text
    /// What stands in the template's slots.
    public let entities: [Slot: EntityUID]
}

/// Why a template did not become a policy.
public enum LinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No template has that id.
    case unknownTemplate(String)
    /// A policy or template has the id already.
    case idInUse(String)
    /// A slot of the template is left open.
    case missingEntity(Slot)
    /// The template has no such slot.
    case superfluousEntity(Slot)

    /// One plain line.
    public var description: String {
        switch self {
        case .unknownTemplate(let id): "there is no template `\(id)`"
        case .idInUse(let id): "policy `\(id)` exists already"
        case .missingEntity(let slot): "slot `?\(slot.rawValue)` needs an entity"
        case .superfluousEntity(let slot): "the template has no slot `?\(slot.rawValue)`"
        }
    }
}

extension Policy {
    /// The slots that a link must fill; a policy that decides has none.
    public var slots: [Slot] {
        [principal.reference, resource.reference].compactMap { reference in
            if case .slot(let slot) = reference { slot } else { nil }
        }
    }

    /// Reads exactly one policy or template, named `policy0`.
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(parsing text: String, limits: SyntaxLimits = .standard) throws(SyntaxError) {
        var parser = try Parser(Array(text.utf8), limits: limits)
        let policies = try parser.policies()
        guard policies.count == 1, let policy = policies.first else { throw parser.expected("one policy") }
        self = policy
    }
}
