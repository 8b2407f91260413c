// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// A policy or a template as text, and what it may be linked with.
struct PolicyText {
    let text: String
    /// The entities for its slots; empty for a policy.
    let links: [Slot: EntityUID]
    /// The numbers of the action and of the types that its conditions were made for.
    let about: (principal: Int, action: Int, resource: Int)

    init(_ world: World, sloppiness: Int, _ draw: inout Draw) {
        let action = draw.below(world.actions.count)
        var phrases = Phrases(world, action: action, sloppiness: sloppiness, draw: draw)
        var links: [Slot: EntityUID] = [:]
        let principal = phrases.scope("principal", .principal, phrases.principal, &links)
        let resource = phrases.scope("resource", .resource, phrases.resource, &links)
        var text = phrases.draw.chance(15) ? "@id(\"\(phrases.draw.pick(["a", "b", "caf\u{E9}"]))\")\n" : ""
        text += "\(phrases.draw.chance(75) ? "permit" : "forbid")(\(principal), \(phrases.actionScope()), \(resource))"
        for _ in 0..<phrases.draw.below(3) {
            text += "\n\(phrases.draw.chance(70) ? "when" : "unless") { \(phrases.condition(3).text) }"
        }
        self.text = text + ";"
        self.links = links
        about = (phrases.principal, action, phrases.resource)
        draw = phrases.draw
    }
}

extension Phrases {
    /// Says of which type the entity is, so that conditions may use its attributes.
    fileprivate mutating func scope(
        _ word: String, _ slot: Slot, _ kind: Int, _ links: inout [Slot: EntityUID]
    ) -> String {
        let groups = world.kinds[kind].parents
        let form = draw.below(sloppiness > 0 ? 12 : 10)
        switch form {
        case 0...6: return "\(word) is \(world.kinds[kind].name)"
        case 7: return "\(word) == \(reference(slot, kind, &links))"
        case 8, 9:
            let group = groups.isEmpty ? kind : draw.pick(groups)
            return "\(word) is \(world.kinds[kind].name) in \(reference(slot, group, &links))"
        case 10: return "\(word) in \(reference(slot, draw.below(world.kinds.count), &links))"
        default: return word
        }
    }

    private mutating func reference(_ slot: Slot, _ kind: Int, _ links: inout [Slot: EntityUID]) -> String {
        let entity = world.entity(of: kind, &draw)
        guard draw.chance(15) else { return entity.description }
        links[slot] = entity
        return "?\(slot.rawValue)"
    }

    fileprivate mutating func actionScope() -> String {
        let own = world.action(action)
        switch draw.below(sloppiness > 0 ? 8 : 6) {
        case 0...3: return "action == \(own)"
        case 4: return "action in \(own)"
        case 5: return "action in [\(own)\(draw.chance(50) ? ", \(own)" : "")]"
        case 6: return "action in [\(own), \(world.action(draw.below(world.actions.count)))]"
        default: return "action"
        }
    }
}
