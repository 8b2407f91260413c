// SPDX-License-Identifier: Apache-2.0

extension SchemaResolver {
    /// A type that a declaration needs; its parts count once for each name that is declared.
    mutating func declared(_ written: WrittenType, _ scope: Text, times: Int) throws(SchemaError) -> ValueType {
        let resolved = try type(written, scope, depth: 0)
        // No overflow: a text has far fewer than 2⁴⁰ names.
        partsLeft -= resolved.parts * times
        guard partsLeft >= 0 else { throw failure(.tooManyParts(limit: Self.parts), at: written.offset) }
        return resolved.type
    }

    /// A type that must be a record.
    mutating func record(
        _ written: WrittenType, _ scope: Text, times: Int, _ what: String
    ) throws(SchemaError) -> RecordType {
        guard case .record(let attributes) = try declared(written, scope, times: times) else {
            throw failure(.notARecord(what), at: written.offset)
        }
        return attributes
    }

    /// The type that is meant.
    ///
    /// INVARIANT: no recursion deeper than `height`, whatever refers to whatever.
    private mutating func type(_ written: WrittenType, _ scope: Text, depth: Int) throws(SchemaError) -> Resolved {
        guard depth < Self.height else { throw failure(.tooDeep(limit: Self.height), at: written.offset) }
        switch written.kind {
        case .builtin(let type): return Resolved(type: type, height: 1, parts: 1)
        case .set(let element):
            let element = try type(element, scope, depth: depth + 1)
            return try checked(.set(element.type), over: [element], at: written.offset)
        case .record(let attributes): return try record(attributes, scope, depth: depth, at: written.offset)
        case .named(let name, let meaning):
            switch names.lookUp(name, in: scope, as: meaning) {
            case .builtin(let type): return Resolved(type: type, height: 1, parts: 1)
            case .entity(let name): return Resolved(type: .entity(TypeName(parsed: name)), height: 1, parts: 1)
            case .common(let name):
                let common = try common(name, at: written.offset, depth: depth + 1)
                return try checked(common.type, over: [common], at: written.offset)
            case nil: throw failure(.undeclared(name.string), at: written.offset)
            }
        }
    }

    private mutating func record(
        _ written: [WrittenAttribute], _ scope: Text, depth: Int, at offset: Int
    ) throws(SchemaError) -> Resolved {
        var attributes: RecordType = [:]
        var parts: [Resolved] = []
        for attribute in written {
            let resolved = try type(attribute.type, scope, depth: depth + 1)
            let type = AttributeType(resolved.type, isRequired: attribute.isRequired)
            guard attributes.updateValue(type, forKey: attribute.name.text) == nil else {
                throw failure(.duplicate(attribute.name.text.string), at: attribute.name.offset)
            }
            parts.append(resolved)
        }
        return try checked(.record(attributes), over: parts, at: offset)
    }

    /// A common type by its full name; each is worked out once.
    mutating func common(_ name: Text, at offset: Int, depth: Int) throws(SchemaError) -> Resolved {
        if let resolved = finished[name] { return resolved }
        guard let declaration = names.commonTypes[name] else { throw failure(.undeclared(name.string), at: offset) }
        guard open.insert(name).inserted else { throw failure(.typeCycle(name.string), at: offset) }
        let resolved = try type(declaration.type, declaration.namespace, depth: depth)
        open.remove(name)
        finished[name] = resolved
        return resolved
    }

    private func checked(_ type: ValueType, over parts: [Resolved], at offset: Int) throws(SchemaError) -> Resolved {
        let height = 1 + (parts.map(\.height).max() ?? 0)
        guard height <= Self.height else { throw failure(.tooDeep(limit: Self.height), at: offset) }
        // No overflow: each summand is within the limit.
        let count = parts.reduce(1) { min($0 + $1.parts, Self.parts + 1) }
        guard count <= Self.parts else { throw failure(.tooManyParts(limit: Self.parts), at: offset) }
        return Resolved(type: type, height: height, parts: count)
    }
}
