// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

// What is true or false without an operator of logic.
extension Phrases {
    mutating func relation(_ depth: Int) -> Written {
        guard depth > 0 else { return leaf() }
        switch draw.below(18) {
        case 0...3: return equality(depth)
        case 4, 5: return order(depth)
        case 6:
            return Written("\(phrase(.string, depth - 1).at(.sum)) like \"\(draw.pick(Words.patterns))\"", .relation)
        case 7: return presence()
        case 8: return type(depth)
        case 9, 10: return membership(depth)
        case 11, 12: return setRelation(depth)
        case 13: return decimals(depth)
        case 14: return addresses(depth)
        case 15: return tag(depth)
        case 16: return aboutAction()
        default: return leaf()
        }
    }

    private mutating func leaf() -> Written {
        draw.chance(60) ? path(to: .bool) ?? literal(.bool, 0) : literal(.bool, 0)
    }

    private mutating func equality(_ depth: Int) -> Written {
        let (text, shape) = draw.chance(60) ? anyPath() : ("", draw.pick(Shape.scalars))
        let left = text.isEmpty ? phrase(shape, depth - 1) : Written(text)
        let right = shape.canBeWritten || sloppiness > 0 ? phrase(shape, depth - 1) : left
        return Written("\(left.at(.sum)) \(draw.pick(["==", "!="])) \(right.at(.sum))", .relation)
    }

    private mutating func order(_ depth: Int) -> Written {
        let shape = draw.pick([Shape.integer, .integer, .datetime, .duration])
        let (left, right) = (phrase(shape, depth - 1), phrase(shape, depth - 1))
        return Written("\(left.at(.sum)) \(draw.pick(["<", "<=", ">", ">="])) \(right.at(.sum))", .relation)
    }

    /// `has`, also of attributes that nothing declares, and of several at once.
    private mutating func presence() -> Written {
        let (text, shape) = anyPath()
        var fields: [Field] = []
        switch shape {
        case .entity(let kind): fields = world.kinds[kind].fields
        case .record(let members): fields = members
        default: if sloppiness == 0 { return literal(.bool, 0) }
        }
        guard let field = fields.isEmpty || draw.chance(20) ? nil : draw.pick(fields) else {
            return Written(has(text, Text(draw.pick(Words.attributes))), .relation)
        }
        if case .record(let inner) = field.shape, TypeName(field.name) != nil,
            let last = inner.first(where: { TypeName($0.name) != nil })
        {
            return Written("\(text) has \(field.name).\(last.name)", .relation)
        }
        return Written(has(text, field.name), .relation)
    }

    private mutating func type(_ depth: Int) -> Written {
        let base = phrase(.entity(draw.below(world.kinds.count)), depth - 1).at(.sum)
        let kind = draw.below(world.kinds.count)
        let group = draw.chance(40) ? " in \(groups(depth).at(.sum))" : ""
        return Written("\(base) is \(world.kinds[kind].name)\(group)", .relation)
    }

    private mutating func membership(_ depth: Int) -> Written {
        let base = draw.chance(70) ? draw.pick(["principal", "resource"]) : nil
        let entity = base ?? phrase(.entity(draw.below(world.kinds.count)), depth - 1).at(.sum)
        return Written("\(entity) in \(groups(depth).at(.sum))", .relation)
    }

    private mutating func groups(_ depth: Int) -> Written {
        let group = Shape.entity(draw.below(world.kinds.count))
        return phrase(draw.chance(30) ? .set(group) : group, depth - 1)
    }

    private mutating func setRelation(_ depth: Int) -> Written {
        let element = draw.pick([Shape.integer, .string, .entity(draw.below(world.kinds.count)), .decimal])
        switch draw.below(4) {
        case 0: return method(.set(element), "contains", element, depth)
        case 1: return method(.set(element), "containsAll", .set(element), depth)
        case 2: return method(.set(element), "containsAny", .set(element), depth)
        default: return method(.set(element), "isEmpty", nil, depth)
        }
    }

    private mutating func decimals(_ depth: Int) -> Written {
        let name = draw.pick(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])
        return method(.decimal, name, .decimal, depth)
    }

    private mutating func addresses(_ depth: Int) -> Written {
        if draw.chance(40) { return method(.address, "isInRange", .address, depth) }
        let name = draw.pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"])
        return method(.address, name, draw.chance(sloppiness / 6) ? .address : nil, depth)
    }

    private mutating func tag(_ depth: Int) -> Written {
        let kinds = world.kinds.indices.filter { world.kinds[$0].tags != nil || sloppiness > 0 }
        guard !kinds.isEmpty else { return leaf() }
        return method(.entity(draw.pick(kinds)), "hasTag", .string, depth)
    }

    private mutating func aboutAction() -> Written {
        let named = world.action(draw.below(world.actions.count))
        return Written("action \(draw.pick(["==", "!=", "in"])) \(named)", .relation)
    }
}
