// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

// Searching the house: everybody, or every patient, is decided about at one moment.
extension HouseRules {
    /// Everything that would be permitted; nothing for types, people and patients that there are not.
    func search(_ search: SearchQuestion) async throws -> SearchResult {
        switch search.target {
        case .subjects(let type, let action, let resource): return try await subjects(type, action, resource)
        case .resources(let subject, let action, let type): return try await resources(subject, action, type)
        case .actions(let subject, let resource): return try await actions(subject, resource)
        }
    }

    private func subjects(
        _ type: String, _ action: NamedAction, _ resource: NamedThing
    ) async throws -> SearchResult {
        var result = SearchResult(resource: Self.party(resource))
        guard Self.subjectTypes.contains(where: { $0.utf8.elementsEqual(type.utf8) }),
            let object = try await known(resource), let name = try Self.name(action, on: object.type)
        else { return result }
        let census = try await rules.census()
        for member in census.staff {
            add(member.summary.id.description, try census.decide(name, member, object), to: &result)
        }
        result.sort()
        return result
    }

    private func resources(
        _ subject: NamedThing, _ action: NamedAction, _ type: String
    ) async throws -> SearchResult {
        let summary = try await person(subject)
        var result = SearchResult(subject: summary?.party ?? Self.party(subject))
        let census = try await rules.census()
        guard let member = census.staff.first(where: { $0.summary.id == summary?.id }) else { return result }
        let objects: [KnownResource]
        switch type {
        case "Institution": objects = [.institution]
        case "Patient": objects = try await rules.patients.current?.allRelations().map { .patient($0) } ?? []
        default: return result
        }
        guard let type = objects.first?.type, let name = try Self.name(action, on: type) else { return result }
        for object in objects { add(object.id, try census.decide(name, member, object), to: &result) }
        result.sort()
        return result
    }

    private func actions(_ subject: NamedThing, _ resource: NamedThing) async throws -> SearchResult {
        let summary = try await person(subject)
        var result = SearchResult(subject: summary?.party ?? Self.party(subject), resource: Self.party(resource))
        let census = try await rules.census()
        guard let member = census.staff.first(where: { $0.summary.id == summary?.id }),
            let object = try await known(resource)
        else { return result }
        for action in try Self.actions(on: object.type) {
            let name = action.id.string
            add(name, try census.decide(Action(name, name), member, object), to: &result)
        }
        result.sort()
        return result
    }

    /// What is shown only with parts left out is found by those alone who leave them out.
    private func add(_ id: String, _ decision: Kernel.Decision, to result: inout SearchResult) {
        result.candidates += 1
        guard decision.isAllowed, decision.masks.isEmpty || honoursMasks else { return }
        result.found.append(id)
        if !decision.masks.isEmpty { result.masks[id] = decision.masks }
        result.policies.formUnion(decision.rules)
    }

    private static func name(_ action: NamedAction, on type: TypeName) throws -> Action? {
        try actions(on: type).contains { $0.id == Text(action.name) } ? Action(action.name, action.name) : nil
    }

    private func known(_ thing: NamedThing) async throws -> KnownResource? {
        switch HouseResource(thing) {
        case .institution: .institution
        case .patient(let id): try await rules.patients.relations(of: id).map { .patient($0) }
        case nil: nil
        }
    }
}

/// A resource of the house with what the rules know of it.
private enum KnownResource {
    case institution
    case patient(PatientRelations)

    var id: String {
        switch self {
        case .institution: "this"
        case .patient(let relations): relations.patient.description
        }
    }

    var type: TypeName {
        switch self {
        case .institution: CedarType.institution
        case .patient: CedarType.patient
        }
    }
}

extension Census {
    fileprivate func decide(
        _ action: Action, _ member: StaffMember, _ resource: KnownResource
    ) throws -> Kernel.Decision {
        let factor = member.summary.hasSecondFactor
        switch resource {
        case .institution: return try decide(action, member, secondFactor: factor)
        case .patient(let relations): return try decide(action, member, on: relations, secondFactor: factor)
        }
    }
}

extension SearchResult {
    fileprivate mutating func sort() {
        found.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
