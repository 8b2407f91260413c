// SPDX-License-Identifier: Apache-2.0

/// Policies that decide together, and the templates that further ones are made from.
public struct PolicySet: Sendable, Equatable {
    /// What decides. INVARIANT: no slots, and no id twice, templates included.
    public private(set) var policies: [Policy] = []
    /// What `link` makes policies from. INVARIANT: each has a slot.
    public private(set) var templates: [Policy] = []

    /// No policies: everything is denied.
    public init() {}

    /// Reads a text of policies and templates, which are named `policy0`, `policy1`, … in its order.
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(parsing bytes: [UInt8], limits: SyntaxLimits = .standard) throws(SyntaxError) {
        var parser = try Parser(bytes, limits: limits)
        for policy in try parser.policies() {
            if policy.slots.isEmpty { policies.append(policy) } else { templates.append(policy) }
        }
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
        var ids: Set<Text> = []
        for policy in policies {
            guard ids.insert(policy.id).inserted else { throw .idInUse(policy.id.string) }
            if policy.slots.isEmpty { self.policies.append(policy) } else { templates.append(policy) }
        }
    }

    /// Makes a policy from a template by naming the entities for its slots, and no others
    /// (Cedar language reference, "Policy templates").
    ///
    /// - Throws: `LinkError`; then nothing has changed.
    public mutating func link(
        _ template: Text, as id: Text, _ entities: [Slot: EntityUID]
    ) throws(LinkError) {
        guard let source = templates.first(where: { $0.id == template }) else {
            throw .unknownTemplate(template.string)
        }
        guard !(policies + templates).contains(where: { $0.id == id }) else { throw .idInUse(id.string) }
        if let slot = source.slots.first(where: { entities[$0] == nil }) { throw .missingEntity(slot) }
        if let slot = Slot.allCases.first(where: { entities[$0] != nil && !source.slots.contains($0) }) {
            throw .superfluousEntity(slot)
        }
        var policy = source
        policy.id = id
        if let entity = entities[.principal] { policy.principal = policy.principal.filled(with: entity) }
        if let entity = entities[.resource] { policy.resource = policy.resource.filled(with: entity) }
        policies.append(policy)
    }
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
