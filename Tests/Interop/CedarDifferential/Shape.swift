// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// The type of a value, its attributes in a fixed order.
indirect enum Shape: Equatable, Sendable {
    case bool
    case integer
    case string
    case decimal
    case address
    case datetime
    case duration
    /// An entity, by the number of its type.
    case entity(Int)
    case set(Shape)
    case record([Field])

    /// Whether a literal of it has this very type: of a record with attributes that may be missing none has.
    var canBeWritten: Bool {
        switch self {
        case .set(let element): element.canBeWritten
        case .record(let fields): fields.allSatisfy { $0.isRequired && $0.shape.canBeWritten }
        default: true
        }
    }

    static let scalars: [Shape] = [.bool, .integer, .string, .decimal, .address, .datetime, .duration]
}

/// One attribute.
struct Field: Equatable, Sendable {
    let name: Text
    let shape: Shape
    let isRequired: Bool
}

extension Draw {
    /// A type over so many types of entities.
    mutating func shape(types: Int, depth: Int) -> Shape {
        switch below(depth > 0 ? 14 : 10) {
        case 0...2: .entity(below(types))
        case 10, 11: .set(shape(types: types, depth: depth - 1))
        case 12, 13: .record(fields(types: types, depth: depth - 1, most: 3))
        case 3: .integer
        case 4: .string
        default: pick(Shape.scalars)
        }
    }

    /// Attributes with different names.
    mutating func fields(types: Int, depth: Int, most: Int) -> [Field] {
        var fields: [Field] = []
        for _ in 0..<below(most + 1) {
            let name = Text(pick(Words.attributes))
            if fields.contains(where: { $0.name == name }) { continue }
            fields.append(Field(name: name, shape: shape(types: types, depth: depth), isRequired: !chance(30)))
        }
        return fields
    }
}
