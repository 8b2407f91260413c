// SPDX-License-Identifier: Apache-2.0

/// Finds the policies whose heads fit a request, without looking at most of the others.
///
/// Only heads are looked at, and a head has no errors, so nothing is left out that would count.
struct ScopeIndex: Sendable {
    /// What each policy asks of the principal and the resource. The action's part is in the shelves.
    private let heads: [(principal: CompiledScope, resource: CompiledScope)]
    private let anyAction: Shelf
    private let byAction: NumberMap<Shelf>
    private let byActionGroup: NumberMap<Shelf>

    init(_ policies: [CompiledPolicy], _ store: inout CompiledEntities) {
        heads = policies.map { ($0.principal, $0.resource) }
        var open: [Int] = []
        var actions: [EntityNumber: [Int]] = [:]
        var groups: [EntityNumber: [Int]] = [:]
        for (place, policy) in policies.enumerated() {
            switch policy.action {
            case .any: open.append(place)
            case .equal(let uid): actions[store.number(uid), default: []].append(place)
            case .within(let uid): groups[store.number(uid), default: []].append(place)
            case .withinAny(let uids):
                for uid in Set(uids) { groups[store.number(uid), default: []].append(place) }
            }
        }
        anyAction = Shelf(open, of: policies)
        byAction = NumberMap(actions.mapValues { Shelf($0, of: policies) })
        byActionGroup = NumberMap(groups.mapValues { Shelf($0, of: policies) })
    }

    /// The places of the policies whose heads fit, ascending.
    func places(for situation: Situation) -> [Int] {
        var found = Candidates(count: heads.count)
        anyAction.collect(for: situation, &found)
        byAction[situation.action]?.collect(for: situation, &found)
        if !byActionGroup.isEmpty {
            byActionGroup[situation.action]?.collect(for: situation, &found)
            for group in situation.ancestors(of: situation.action) {
                byActionGroup[group]?.collect(for: situation, &found)
            }
        }
        return found.places {
            heads[$0].principal.holds(for: situation.principal, in: situation)
                && heads[$0].resource.holds(for: situation.resource, in: situation)
        }
    }
}

/// Policies that ask the same of the action, each under the narrowest thing that it asks of principal or resource.
private struct Shelf: Sendable {
    private typealias Places = NumberMap<[Int]>

    private let open: [Int]
    private let byPrincipal: Places
    private let byResource: Places
    private let byPrincipalGroup: Places
    private let byResourceGroup: Places
    private let byPrincipalType: Places
    private let byResourceType: Places

    init(_ places: [Int], of policies: [CompiledPolicy]) {
        var open: [Int] = []
        var (principals, resources, principalGroups): ([Int32: [Int]], [Int32: [Int]], [Int32: [Int]]) = ([:], [:], [:])
        var (resourceGroups, principalTypes, resourceTypes): ([Int32: [Int]], [Int32: [Int]], [Int32: [Int]]) =
            ([:], [:], [:])
        for place in places {
            switch (policies[place].principal, policies[place].resource) {
            case (.equal(let entity), _): principals[entity, default: []].append(place)
            case (_, .equal(let entity)): resources[entity, default: []].append(place)
            case (.within(let group), _), (.isTypeWithin(_, let group), _):
                principalGroups[group, default: []].append(place)
            case (_, .within(let group)), (_, .isTypeWithin(_, let group)):
                resourceGroups[group, default: []].append(place)
            case (.isType(let type), _): principalTypes[type, default: []].append(place)
            case (_, .isType(let type)): resourceTypes[type, default: []].append(place)
            default: open.append(place)
            }
        }
        self.open = open
        byPrincipal = Places(principals)
        byResource = Places(resources)
        byPrincipalGroup = Places(principalGroups)
        byResourceGroup = Places(resourceGroups)
        byPrincipalType = Places(principalTypes)
        byResourceType = Places(resourceTypes)
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
        if !entities.isEmpty, let places = entities[entity] { found.insert(places) }
        if !types.isEmpty, let type = situation.type(of: entity), let places = types[type] { found.insert(places) }
        guard !groups.isEmpty else { return }
        if let places = groups[entity] { found.insert(places) }
        for group in situation.ancestors(of: entity) {
            if let places = groups[group] { found.insert(places) }
        }
    }
}

/// Places of policies, each once.
private struct Candidates {
    private var words: [UInt64]

    init(count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    mutating func insert(_ places: [Int]) {
        for place in places { words[place >> 6] |= 1 << UInt64(place & 63) }
    }

    /// Those that fit, ascending.
    func places(where fits: (Int) -> Bool) -> [Int] {
        var places: [Int] = []
        for (index, word) in words.enumerated() {
            var word = word
            while word != 0 {
                let place = index << 6 | word.trailingZeroBitCount
                if fits(place) { places.append(place) }
                word &= word - 1
            }
        }
        return places
    }
}
