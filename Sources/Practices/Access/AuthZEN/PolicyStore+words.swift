// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

// Why a decision came out as it did.
extension PolicyStore {
    /// What the policies that decided say about themselves.
    func words(for answer: PolicyAnswer) -> Verdict {
        if answer.isAllowed {
            return Verdict(
                isAllowed: true, policies: answer.policies.map(\.string),
                reason: "Permitted by \(Self.list(answer.policies)).")
        }
        if let policy = answer.errors.first {
            return Verdict(
                isAllowed: false, policies: answer.errors.map(\.string),
                reason: "Denied because \(Self.list(answer.errors)) could not be evaluated.",
                words: otherwise(policy))
        }
        guard let policy = answer.policies.first else {
            return Verdict(isAllowed: false, reason: "No policy permits this.")
        }
        return Verdict(
            isAllowed: false, policies: answer.policies.map(\.string),
            reason: "Forbidden by \(Self.list(answer.policies)).", words: otherwise(policy))
    }

    /// The denial of a question that nothing permits: it names the policy that came nearest and what that one lacked.
    func nearest(_ request: Request, _ said: [Entity]) -> Verdict {
        guard let entities = surroundings(of: request, said) else {
            return Verdict(isAllowed: false, reason: "No policy permits this.")
        }
        let evaluator = Evaluator(request: request, entities: entities)
        var nearest: (policy: Policy, unmet: UnmetPart)?
        for policy in policies.policies where policy.effect == .permit {
            guard let unmet = evaluator.firstUnmet(of: policy) else { continue }
            if case .action = unmet.part { continue }
            if unmet.satisfied > nearest?.unmet.satisfied ?? -1 { nearest = (policy, unmet) }
        }
        guard let nearest else { return Verdict(isAllowed: false, reason: "No policy permits this action.") }
        return Verdict(
            isAllowed: false,
            reason: "No policy permits this. \(nearest.policy.id) came nearest and lacked: \(nearest.unmet.part.text)",
            words: otherwise(nearest.policy.id))
    }

    /// What the policy tells somebody whom it kept out.
    private func otherwise(_ policy: Text) -> String? {
        byID[policy]?.annotation("otherwise")?.string
    }

    private static func list(_ policies: [Text]) -> String {
        policies.map(\.string).joined(separator: ", ")
    }

    /// The entities that a policy can come to from those of the request, the nearest first. Where there are more than a
    /// policy would look at, the explanation may say that something is not known; the decision never comes from here.
    private func surroundings(of request: Request, _ said: [Entity]) -> Entities? {
        var known: [EntityUID: Entity] = Dictionary(said.map { ($0.uid, $0) }) { first, _ in first }
        var seen: Set<EntityUID> = []
        var next = [request.principal, request.resource] + request.context.values.flatMap(\.mentioned)
        var place = 0
        while place < next.count, seen.count < 200 {
            defer { place += 1 }
            guard seen.insert(next[place]).inserted, let entity = known[next[place]] ?? entities[next[place]] else {
                continue
            }
            known[entity.uid] = entity
            next += entity.parents
            next += entity.attributes.values.flatMap(\.mentioned) + entity.tags.values.flatMap(\.mentioned)
        }
        return try? Entities(Array(known.values) + groups)
    }
}

extension Value {
    /// The entities that are part of it.
    fileprivate var mentioned: [EntityUID] {
        switch self {
        case .entity(let uid): [uid]
        case .set(let elements): elements.flatMap(\.mentioned)
        case .record(let record): record.values.flatMap(\.mentioned)
        case .bool, .integer, .string, .decimal, .address, .datetime, .duration: []
        }
    }
}
