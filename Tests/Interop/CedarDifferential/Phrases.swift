// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Makes expressions of a wanted type, for a policy about one action and known types of principal and resource.
struct Phrases {
    let world: World
    let principal: Int
    let action: Int
    let resource: Int
    /// In how many of a hundred places something else stands than the validator wants.
    let sloppiness: Int
    var draw: Draw
    /// What must hold for the atom that is being made to have a value.
    private var guards: [String] = []

    init(_ world: World, action: Int, sloppiness: Int, draw: Draw) {
        self.world = world
        self.action = action
        self.sloppiness = sloppiness
        self.draw = draw
        principal = self.draw.pick(world.actions[action].principals)
        resource = self.draw.pick(world.actions[action].resources)
    }

    /// An expression of that type, or with some sloppiness of another one.
    mutating func phrase(_ shape: Shape, _ depth: Int) -> Written {
        if draw.chance(sloppiness / 4) {
            return plain(draw.shape(types: world.kinds.count, depth: 1), depth - 1)
        }
        return plain(shape, depth)
    }

    private mutating func plain(_ shape: Shape, _ depth: Int) -> Written {
        if case .bool = shape { return condition(depth) }
        if depth > 0, draw.chance(8), shape.canBeWritten { return choice(shape, depth) }
        if draw.chance(60), let found = path(to: shape) { return found }
        return depth > 0 ? computed(shape, depth) : literal(shape, depth)
    }

    private mutating func choice(_ shape: Shape, _ depth: Int) -> Written {
        let test = condition(depth - 1).text
        return Written(
            "if \(test) then \(phrase(shape, depth - 1).text) else \(phrase(shape, depth - 1).text)", .conditional)
    }

    /// An expression that is true or false, with what must hold for it before it.
    mutating func condition(_ depth: Int) -> Written {
        let outer = guards
        guards = []
        defer { guards = outer }
        let atom = depth > 0 && draw.chance(45) ? joined(depth) : relation(depth)
        let needed = guards.filter { _ in !draw.chance(sloppiness) }
        guard !needed.isEmpty else { return atom }
        return Written((needed + [atom.at(.relation)]).joined(separator: " && "), .and)
    }

    private mutating func joined(_ depth: Int) -> Written {
        switch draw.below(8) {
        case 0...2: Written("\(loose(condition(depth - 1), .and)) && \(loose(condition(depth - 1), .relation))", .and)
        case 3...5: Written("\(loose(condition(depth - 1), .or)) || \(loose(condition(depth - 1), .and))", .or)
        case 6: Written(signs("!") + condition(depth - 1).at(.member), .unary)
        default: choice(.bool, depth)
        }
    }

    /// The text with the brackets that it needs, with some sloppiness without them: then it means something else.
    mutating func loose(_ written: Written, _ needed: Written.Level) -> String {
        draw.chance(sloppiness / 4) ? written.text : written.at(needed)
    }

    /// One sign or a few; more than four of them are an error.
    mutating func signs(_ sign: String) -> String {
        String(repeating: sign, count: draw.chance(10) ? 2 + draw.below(sloppiness > 0 ? 4 : 3) : 1)
    }

    /// Has `guarding` hold before the atom that is being made.
    mutating func need(_ guarding: String) {
        if !guards.contains(where: { $0.utf8.elementsEqual(guarding.utf8) }) { guards.append(guarding) }
    }
}

// Ways from a variable through attributes and tags.
extension Phrases {
    /// A value of that type that the request or the entities hold.
    mutating func path(to shape: Shape) -> Written? {
        for _ in 0..<6 {
            let before = guards
            var (text, found) = start()
            for _ in 0..<3 {
                if found == shape { return Written(text) }
                guard let next = step(from: text, found) else { break }
                (text, found) = next
            }
            if found == shape { return Written(text) }
            guards = before
        }
        return nil
    }

    /// Any value that the request or the entities hold.
    mutating func anyPath() -> (text: String, shape: Shape) {
        var (text, shape) = start()
        for _ in 0..<draw.below(3) {
            guard let next = step(from: text, shape) else { break }
            (text, shape) = next
        }
        return (text, shape)
    }

    private mutating func start() -> (String, Shape) {
        switch draw.below(3) {
        case 0: ("principal", .entity(principal))
        case 1: ("resource", .entity(resource))
        default: ("context", .record(world.actions[action].context))
        }
    }

    private mutating func step(from base: String, _ shape: Shape) -> (String, Shape)? {
        let fields: [Field]
        switch shape {
        case .entity(let kind):
            if let tags = world.kinds[kind].tags, draw.chance(30) {
                let name = quote(draw.pick(Words.tags))
                need("\(base).hasTag(\(name))")
                return ("\(base).getTag(\(name))", tags)
            }
            fields = world.kinds[kind].fields
        case .record(let members): fields = members
        default: return nil
        }
        if draw.chance(sloppiness / 8) { return (base + access(Text(draw.pick(Words.attributes))), .integer) }
        guard !fields.isEmpty else { return nil }
        let field = draw.pick(fields)
        if !field.isRequired { need(has(base, field.name)) }
        return (base + access(field.name), field.shape)
    }

    mutating func has(_ base: String, _ name: Text) -> String {
        "\(base) has \(TypeName(name) != nil && draw.chance(70) ? name.string : quote(name.string))"
    }

    private mutating func access(_ name: Text) -> String {
        TypeName(name) != nil && draw.chance(80) ? ".\(name)" : "[\(quote(name.string))]"
    }
}
