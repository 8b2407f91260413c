// SPDX-License-Identifier: Apache-2.0

/// Finds the policies whose heads may fit a request, without looking at the others.
///
/// Only what the head of a policy asks is used, and a head has no errors, so nothing is left out that would count.
struct ScopeIndex: Sendable {
    private let count: Int
    private var anyAction = Shelf()
    private var byAction: [EntityNumber: Shelf] = [:]
    private var byActionGroup: [EntityNumber: Shelf] = [:]

    init(_ policies: [CompiledPolicy]) {
        count = policies.count
        for (place, policy) in policies.enumerated() {
            switch policy.action {
            case .equal(let action): byAction[action, default: Shelf()].add(policy, at: place)
            case .within(let group): byActionGroup[group, default: Shelf()].add(policy, at: place)
            case .withinAny(let groups):
                for group in groups.ascending() { byActionGroup[group, default: Shelf()].add(policy, at: place) }
            case .any, .isType, .isTypeWithin: anyAction.add(policy, at: place)
            }
        }
    }

    /// The places of the policies that may fit.
    func candidates(for situation: Situation) -> Candidates {
        var found = Candidates(count: count)
        anyAction.collect(for: situation, &found)
        byAction[situation.action]?.collect(for: situation, &found)
        if !byActionGroup.isEmpty {
            byActionGroup[situation.action]?.collect(for: situation, &found)
            for group in situation.ancestors(of: situation.action) {
                byActionGroup[group]?.collect(for: situation, &found)
            }
        }
        return found
    }
}

/// Policies that ask the same of the action, each under the narrowest thing that it asks of principal or resource.
private struct Shelf: Sendable {
    private typealias Places = [Int32: [Int]]

    private var open: [Int] = []
    private var byPrincipal: Places = [:]
    private var byResource: Places = [:]
    private var byPrincipalGroup: Places = [:]
    private var byResourceGroup: Places = [:]
    private var byPrincipalType: Places = [:]
    private var byResourceType: Places = [:]

    mutating func add(_ policy: CompiledPolicy, at place: Int) {
        switch (policy.principal, policy.resource) {
        case (.equal(let entity), _): byPrincipal[entity, default: []].append(place)
        case (_, .equal(let entity)): byResource[entity, default: []].append(place)
        case (.within(let group), _), (.isTypeWithin(_, let group), _):
            byPrincipalGroup[group, default: []].append(place)
        case (_, .within(let group)), (_, .isTypeWithin(_, let group)):
            byResourceGroup[group, default: []].append(place)
        case (.isType(let type), _): byPrincipalType[type, default: []].append(place)
        case (_, .isType(let type)): byResourceType[type, default: []].append(place)
        default: open.append(place)
        }
    }

    func collect(for situation: Situation, _ found: inout Candidates) {
        found.insert(open)
        collect(byPrincipal, byPrincipalGroup, byPrincipalType, situation.principal, situation, &found)
        collect(byResource, byResourceGroup, byResourceType, situation.resource, situation, &found)
    }

    private func collect(
        _ entities: Places, _ groups: Places, _ types: Places, _ entity: EntityNumber, _ situation: Situation,
        _ found: inout Candidates
    ) {
        if !entities.isEmpty { found.insert(entities[entity] ?? []) }
        if !types.isEmpty, let type = situation.type(of: entity) { found.insert(types[type] ?? []) }
        if !groups.isEmpty {
            found.insert(groups[entity] ?? [])
            for group in situation.ancestors(of: entity) { found.insert(groups[group] ?? []) }
        }
    }
}

/// Places of policies, each once, taken out in ascending order.
struct Candidates {
    private var words: [UInt64]

    init(count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    mutating func insert(_ places: [Int]) {
        for place in places { words[place >> 6] |= 1 << UInt64(place & 63) }
    }

    /// Takes the lowest one out that is in `word` or past it, and says where to go on.
    mutating func next(from word: inout Int) -> Int? {
        while word < words.count {
            if words[word] != 0 {
                let bit = words[word].trailingZeroBitCount
                words[word] &= words[word] - 1
                return word << 6 | bit
            }
            word += 1
        }
        return nil
    }
}
