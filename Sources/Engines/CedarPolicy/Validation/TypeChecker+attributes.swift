// SPDX-License-Identifier: Apache-2.0

// Attributes and tags, which may be used only when they are sure to be there (Cedar reference, "Policy validation").
extension TypeChecker {
    mutating func attribute(
        _ term: Term, _ base: Term, _ name: Text, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let owner = try expect(.entityOrRecord, base, knowing: known)
        try steps.spend(name)
        guard let type = owner.type else { return .faulty() }
        guard let attribute = attribute(name, of: type) else {
            let known = try knownAttributes(of: type, like: name)
            try report(.unknownAttribute(name, of: type.description, known), at: term)
            return .faulty()
        }
        guard attribute.isRequired || known.contains(.attribute(name, of: base.shape)) else {
            try report(.uncheckedAttribute(name, of: type.description), at: term)
            return .faulty(attribute.type)
        }
        return Finding(attribute.type).resting(on: owner)
    }

    /// `x has a.b` is `x has a && x.a has b`.
    ///
    /// True of a record that must have it, and of anything that has been asked before. An entity may lack even an
    /// attribute that its type requires, because there may be no data about it.
    mutating func has(
        _ term: Term, _ base: Term, _ path: [Term.Step], knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let owner = try expect(.entityOrRecord, base, knowing: known)
        guard var type = owner.type else { return .faulty(.boolean) }
        var capabilities: Set<Capability> = []
        var isSure = true
        for step in path {
            try steps.spend(step.name)
            guard Expectation.entityOrRecord.accepts(type) else {
                let expected = Expectation.entityOrRecord.description
                try report(.unexpectedType(expected: expected, found: type.description), at: term)
                return .faulty(.boolean)
            }
            guard let attribute = attribute(step.name, of: type) else {
                return Finding(.bool(false)).resting(on: owner)
            }
            let capability = Capability.attribute(step.name, of: step.subject)
            if !known.contains(capability), !attribute.isRequired || !type.isRecord { isSure = false }
            capabilities.insert(capability)
            type = attribute.type
        }
        return Finding(isSure ? .bool(true) : .boolean, capabilities).resting(on: owner)
    }

    /// The declared attribute of that name; actions have none.
    private func attribute(_ name: Text, of type: StaticType) -> (type: StaticType, isRequired: Bool)? {
        let declared: AttributeType?
        switch type {
        case .record(let fields): return fields[name].map { ($0, true) }
        case .declared(.record(let attributes)): declared = attributes[name]
        case .declared(.entity(let entity)): declared = schema.entityTypes[entity]?.attributes[name]
        default: return nil
        }
        return declared.map { (.declared($0.type), $0.isRequired) }
    }

    /// The declared attributes; nil where the type's description names them all.
    private mutating func knownAttributes(
        of type: StaticType, like name: Text
    ) throws(Steps.Exhausted) -> ValidationError.KnownAttributes? {
        let declared: [Text]
        switch type {
        case .record(let fields): declared = Array(fields.keys)
        case .declared(.record(let attributes)): declared = Array(attributes.keys)
        case .declared(.entity(let entity)):
            declared = schema.entityTypes[entity].map { Array($0.attributes.keys) } ?? []
        default: declared = []
        }
        if type.isRecord, declared.count <= StaticType.namedAttributes { return nil }
        return try ValidationError.KnownAttributes(declared, like: name, &steps)
    }

    mutating func hasTag(
        _ base: Term, _ tag: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let owner = try expect(.entity, base, knowing: known)
        let name = try expect(.text, tag, knowing: known)
        guard let type = owner.type?.entity else { return .faulty() }
        guard schema.entityTypes[type]?.tags != nil else { return Finding(.bool(false)).resting(on: owner, name) }
        let capability = Capability.tag(tag, of: base)
        let isSure = known.contains(capability)
        return Finding(isSure ? .bool(true) : .boolean, [capability]).resting(on: owner, name)
    }

    mutating func getTag(
        _ term: Term, _ base: Term, _ tag: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let owner = try expect(.entity, base, knowing: known)
        let name = try expect(.text, tag, knowing: known)
        guard let type = owner.type?.entity else { return .faulty() }
        guard let tags = schema.entityTypes[type]?.tags else {
            try report(.noTags(type), at: term)
            return .faulty()
        }
        guard known.contains(.tag(tag, of: base)) else {
            try report(.uncheckedTag, at: term)
            return .faulty()
        }
        return Finding(.declared(tags)).resting(on: owner, name)
    }
}
