// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Somebody who may ask one day: with a role, with several, or by name.
struct SituationAsker: Sendable {
    private let uid: EntityUID
    private let roles: Set<EntityUID>
    /// How a gain of theirs is named, see `Impact.Possible.role`.
    let name: String

    private static let somebody = EntityUID(type: CedarType.person, id: "somebody")

    /// Somebody without a role, with each, with each pair of `together` and with all of them; and whoever is named,
    /// without a role and with each.
    static func all(_ mentions: Mentions, together: Set<Set<EntityUID>>) -> [SituationAsker] {
        let known = StaffRole.allCases.map { EntityUID.role($0.rawValue) }
        let all = Set(known).union(mentions.entities(of: CedarType.role))
        let single: [Set<EntityUID>] = [[]] + all.sorted().map { [$0] }
        let pairs = together.sorted { name(of: $0) < name(of: $1) }
        let anybody = (single + pairs).map { SituationAsker(uid: somebody, roles: $0, name: name(of: $0)) }
        return anybody + [SituationAsker(uid: somebody, roles: all, name: "*")]
            + mentions.people.flatMap { person in
                let own = Impact.Possible.named + person.id.string
                return single.map { roles in
                    let name = roles.isEmpty ? own : own + Impact.Possible.and + name(of: roles)
                    return SituationAsker(uid: person, roles: roles, name: name)
                }
            }
    }

    private static func name(of roles: Set<EntityUID>) -> String {
        roles.map(\.id.string).sorted().joined(separator: Impact.Possible.and)
    }

    /// As rules see them.
    ///
    /// - Parameter department: where they work; nil for nowhere in particular.
    func entity(in department: Text?, isOnDuty: Bool) -> Entity {
        let place = department.map { EntityUID(type: CedarType.department, id: $0) }
        return Entity(
            uid: uid,
            attributes: ["key": .string(uid.id), "isActive": .bool(true), "isOnDuty": .bool(isOnDuty)],
            parents: roles.union(place.map { [$0] } ?? []))
    }
}

extension Impact.Possible {
    /// What stands between two roles of one person.
    static let and = " + "
    /// What stands before the key of somebody whom the rules name.
    static let named = "person:"

    /// Without those that follow from another: what one role gives, somebody with two has anyhow.
    static func withoutRepeats(_ all: Set<Self>) -> Set<Self> {
        all.filter { possible in
            func isKnown(_ role: String) -> Bool { all.contains(Self(role: role, action: possible.action)) }
            if possible.role.isEmpty { return true }
            if isKnown("") { return possible.role.first?.isUppercase ?? false }
            if possible.role == "*" { return !all.contains { $0.action == possible.action && $0.isOfRoles } }
            let parts = possible.role.components(by: and)
            return parts.count < 2 || !parts.contains(where: isKnown)
        }
    }

    /// Whether somebody with one or two roles has it, and not a program or somebody by name.
    private var isOfRoles: Bool {
        role != "*" && !role.hasPrefix(Self.named) && !(role.first?.isUppercase ?? false)
    }
}

extension String {
    /// The parts between a separator.
    fileprivate func components(by separator: String) -> [String] { split(separator: separator).map(String.init) }
}
