// SPDX-License-Identifier: Apache-2.0

/// What is known about the value of an expression before any request (Cedar reference, "Policy validation").
///
/// Types of the schema are taken as they are and never copied, so a large one costs only where it is looked into.
indirect enum StaticType: Sendable {
    /// Always true, or always false.
    case bool(Bool)
    /// As the schema would declare it.
    case declared(ValueType)
    /// A set that is written out, of elements that are perhaps known better than by declaration.
    case set(StaticType)
    /// A record that is written out: all of these and no others.
    case record([Text: StaticType])

    /// True or false, and not known which.
    static let boolean = StaticType.declared(.bool)

    var isBoolean: Bool {
        switch self {
        case .bool, .declared(.bool): true
        default: false
        }
    }

    /// The type of the entity that it is; nil when it is none.
    var entity: TypeName? {
        if case .declared(.entity(let type)) = self { type } else { nil }
    }

    /// The type of the elements of the set that it is; nil when it is none.
    var element: StaticType? {
        switch self {
        case .set(let element): element
        case .declared(.set(let element)): .declared(element)
        default: nil
        }
    }

    var isRecord: Bool {
        switch self {
        case .record, .declared(.record): true
        default: false
        }
    }

    /// Whether it is that simple type of the schema.
    func `is`(_ type: ValueType) -> Bool {
        switch (self, type) {
        case (.declared(.integer), .integer), (.declared(.string), .string), (.declared(.decimal), .decimal),
            (.declared(.address), .address), (.declared(.datetime), .datetime), (.declared(.duration), .duration):
            true
        default: false
        }
    }
}

// The least type that two have in common, by the strict rules: they are the same but for what is known of truth values.
extension StaticType {
    /// The type of something that is of one of the two types; nil when they do not go together.
    func joined(with other: StaticType, _ steps: inout Steps) throws(Steps.Exhausted) -> StaticType? {
        try steps.spend(1)
        switch (self, other) {
        case (.declared(let type), .declared(let other)):
            return try Self.areEqual(type, other, &steps) ? self : nil
        case (.declared(let type), let other), (let other, .declared(let type)):
            return try other.conforms(to: type, &steps) ? .declared(type) : nil
        case (.bool(let left), .bool(let right)): return left == right ? self : .boolean
        case (.set(let left), .set(let right)): return try left.joined(with: right, &steps).map(StaticType.set)
        case (.record(let left), .record(let right)):
            guard left.count == right.count else { return nil }
            var joined: [Text: StaticType] = [:]
            for (name, type) in left {
                guard let other = right[name], let both = try type.joined(with: other, &steps) else { return nil }
                joined[name] = both
            }
            return .record(joined)
        default: return nil
        }
    }

    /// Whether all that is known of it holds for every value of a declared type, too.
    private func conforms(to type: ValueType, _ steps: inout Steps) throws(Steps.Exhausted) -> Bool {
        try steps.spend(1)
        switch (self, type) {
        case (.declared(let own), _): return try Self.areEqual(own, type, &steps)
        case (.bool, .bool): return true
        case (.set(let element), .set(let type)): return try element.conforms(to: type, &steps)
        case (.record(let fields), .record(let attributes)):
            guard fields.count == attributes.count else { return false }
            for (name, field) in fields {
                guard let attribute = attributes[name], attribute.isRequired,
                    try field.conforms(to: attribute.type, &steps)
                else { return false }
            }
            return true
        default: return false
        }
    }

    /// Equality that counts its steps: a schema of a few lines can name types of more parts than there is memory.
    private static func areEqual(
        _ left: ValueType, _ right: ValueType, _ steps: inout Steps
    ) throws(Steps.Exhausted) -> Bool {
        try steps.spend(1)
        switch (left, right) {
        case (.entity(let left), .entity(let right)): return left == right
        case (.set(let left), .set(let right)): return try areEqual(left, right, &steps)
        case (.record(let left), .record(let right)):
            guard left.count == right.count else { return false }
            for (name, attribute) in left {
                guard let other = right[name], other.isRequired == attribute.isRequired,
                    try areEqual(attribute.type, other.type, &steps)
                else { return false }
            }
            return true
        case (.bool, .bool): return true
        default: return StaticType.declared(left).is(right)
        }
    }
}
