// SPDX-License-Identifier: Apache-2.0

extension StaticType: CustomStringConvertible {
    /// The type in plain words. Large types are cut short.
    var description: String {
        switch self {
        case .bool(let value): "something that is always \(value)"
        case .declared(let type): Self.text(of: type)
        case .set(let element): "a set of \(element.inner)"
        case .record(let fields): Self.record(fields.keys.lazy.map { ($0, true) })
        }
    }

    /// The same inside another one.
    private var inner: String {
        switch self {
        case .bool: "truth values"
        case .declared(let type): Self.plural(of: type)
        case .set: "sets"
        case .record: "records"
        }
    }

    private static func text(of type: ValueType) -> String {
        switch type {
        case .bool: "a truth value"
        case .integer: "a whole number"
        case .string: "a text"
        case .entity(let type): "an entity of type `\(type.text)`"
        case .set(let element): "a set of \(plural(of: element))"
        case .record(let attributes): record(attributes.lazy.map { ($0.key, $0.value.isRequired) })
        case .decimal: "a decimal number"
        case .address: "an internet address"
        case .datetime: "a date and time"
        case .duration: "a length of time"
        }
    }

    private static func plural(of type: ValueType) -> String {
        switch type {
        case .bool: "truth values"
        case .integer: "whole numbers"
        case .string: "texts"
        case .entity(let type): "entities of type `\(type.text)`"
        case .set: "sets"
        case .record: "records"
        case .decimal: "decimal numbers"
        case .address: "internet addresses"
        case .datetime: "dates and times"
        case .duration: "lengths of time"
        }
    }

    /// A record with more attributes is described without their names.
    static let namedAttributes = 4

    /// A record by the names of its attributes and whether each is always there; of a large one only how many.
    private static func record(_ names: some Collection<(Text, Bool)>) -> String {
        switch names.count {
        case 0: return "an empty record"
        case 1...namedAttributes:
            let names = names.sorted { $0.0 < $1.0 }.map { ($1 ? "" : "perhaps ") + "`\($0)`" }
            return "a record of " + names.joined(separator: ", ")
        default: return "a record of \(names.count) attributes"
        }
    }
}
