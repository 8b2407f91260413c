// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// One case: a schema, policies with links, entities, and requests. The same seed makes the same case.
struct Case {
    static let requestCount = 8

    let seed: Int
    let schema: String
    let policies: String
    let links: [Link]
    let entities: String
    let requests: [Question]

    /// A template, by its number, and what fills its slots.
    struct Link {
        let template: Text
        let id: Text
        let values: [Slot: EntityUID]
    }

    /// A request whose context is JSON.
    struct Question {
        let principal: EntityUID
        let action: EntityUID
        let resource: EntityUID
        let context: String
    }

    init(seed: Int) {
        self.seed = seed
        var draw = Draw(seed: UInt64(truncatingIfNeeded: seed))
        let world = World(&draw)
        // A quarter of the cases are as the schema wants them in all their parts; of all, about half validate.
        let sloppiness = draw.chance(28) ? 0 : draw.pick([4, 8, 16, 30, 30])
        schema = world.schema
        let texts = (0...draw.below(5)).map { _ in PolicyText(world, sloppiness: sloppiness, &draw) }
        let joined = texts.map(\.text).joined(separator: "\n\n")
        policies = draw.chance(sloppiness / 4) ? draw.spoil(joined) : joined
        links = texts.enumerated().filter { !$1.links.isEmpty }.map { index, text in
            Link(template: Text("policy\(index)"), id: Text("link\(index)"), values: text.links)
        }
        let facts = Facts(world: world, sloppiness: sloppiness / 4)
        entities = facts.entities(&draw)
        requests = (0..<Self.requestCount).map { _ in Question(facts, draw.pick(texts), &draw) }
    }
}

extension Case.Question {
    /// Most requests are such that the policy's head fits.
    fileprivate init(_ facts: Facts, _ policy: PolicyText, _ draw: inout Draw) {
        let world = facts.world
        let isFitting = draw.chance(75)
        let index = isFitting ? policy.about.action : draw.below(world.actions.count)
        let deed = world.actions[index]
        action = world.action(index)
        principal = world.entity(of: isFitting ? policy.about.principal : draw.pick(deed.principals), &draw)
        resource = world.entity(of: isFitting ? policy.about.resource : draw.pick(deed.resources), &draw)
        context = facts.record(deed.context, &draw)
    }
}

extension Draw {
    /// The text with one character gone, doubled or replaced by a sign of the language.
    fileprivate mutating func spoil(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        let place = below(scalars.count)
        switch below(3) {
        case 0: scalars.remove(at: place)
        case 1: scalars.insert(scalars[place], at: place)
        default:
            scalars[place] = pick([
                "\"", "(", ")", "{", "[", ".", ":", "!", "-", "?", "@", "=", "\\", "9", "\u{A0}", "/",
            ])
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
