// SPDX-License-Identifier: Apache-2.0

extension StaticType: CustomStringConvertible {
    /// The type in plain words. Large types are cut short.
    var description: String {
        switch self {
        case .bool(let value): "something that is always \(value)"
        case .declared(let type): Self.text(of: type)
        case .set(let element): "a set of \(element.inner)"
        case .record(let fields): Self.record(fields.keys)
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
        case .record(let attributes): record(attributes.keys)
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

    private static func record(_ names: some Collection<Text>) -> String {
        switch names.count {
        case 0: "an empty record"
        case 1...4: "a record of " + names.sorted().map { "`\($0)`" }.joined(separator: ", ")
        case let count: "a record of \(count) attributes"
        }
    }
}
