// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

// Searching the house: everybody, or every patient, is decided about at one moment.
extension HouseRules {
    /// Everything that would be permitted; nothing for types, people and patients that there are not.
    ///
    /// - Throws: `Fault.unavailable` when it is not complete in time.
    func search(_ search: SearchQuestion, until deadline: SearchDeadline = .none) async throws -> SearchResult {
        switch search.target {
        case .subjects(let type, let action, let resource):
            return try await subjects(type, action, resource, deadline)
        case .resources(let subject, let action, let type):
            return try await resources(subject, action, type, deadline)
        case .actions(let subject, let resource): return try await actions(subject, resource, deadline)
        }
    }

    private func subjects(
        _ type: String, _ action: NamedAction, _ resource: NamedThing, _ deadline: SearchDeadline
    ) async throws -> SearchResult {
        let (meant, party) = try await self.resource(resource)
        var result = SearchResult(resource: party)
        guard Self.subjectTypes.contains(where: { $0.utf8.elementsEqual(type.utf8) }),
            let object = try await known(meant), let name = try Self.name(action, on: object.type)
        else { return result }
        let census = try await rules.census()
        let seen = census.seen(object)
        for member in census.staff {
            try await add(member.summary.id.description, to: &result, deadline) {
                try census.allowance(name, member, seen)
            }
        }
        result.sort()
        return result
    }

    private func resources(
        _ subject: NamedThing, _ action: NamedAction, _ type: String, _ deadline: SearchDeadline
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
        for object in objects {
            try await add(object.id, to: &result, deadline) { try census.allowance(name, member, census.seen(object)) }
        }
        result.sort()
        return result
    }

    private func actions(
        _ subject: NamedThing, _ resource: NamedThing, _ deadline: SearchDeadline
    ) async throws -> SearchResult {
        let summary = try await person(subject)
        let (meant, party) = try await self.resource(resource)
        var result = SearchResult(subject: summary?.party ?? Self.party(subject), resource: party)
        let census = try await rules.census()
        guard let member = census.staff.first(where: { $0.summary.id == summary?.id }),
            let object = try await known(meant)
        else { return result }
        let seen = census.seen(object)
        for action in try Self.actions(on: object.type) {
            let name = action.id.string
            try await add(name, to: &result, deadline) {
                try census.allowance(Action(name, name), member, seen)
            }
        }
        result.sort()
        return result
    }

    /// What is shown only with parts left out is found by those alone who leave them out.
    private func add(
        _ id: String, to result: inout SearchResult, _ deadline: SearchDeadline, _ decide: () throws -> Allowance?
    ) async throws {
        try deadline.check()
        // Between the many decisions of a search others have their turn.
        result.candidates += 1
        if result.candidates.isMultiple(of: 64) { await Task.yield() }
        guard let allowance = try decide(), allowance.masks.isEmpty || honoursMasks else { return }
        result.found.append(id)
        if !allowance.masks.isEmpty { result.masks[id] = allowance.masks }
        result.policies.formUnion(allowance.rules)
    }

    private static func name(_ action: NamedAction, on type: TypeName) throws -> Action? {
        try actions(on: type).contains { $0.id == Text(action.name) } ? Action(action.name, action.name) : nil
    }

    private func known(_ resource: HouseResource?) async throws -> KnownResource? {
        switch resource {
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
    fileprivate func allowance(_ action: Action, _ member: StaffMember, _ resource: SeenResource) throws -> Allowance? {
        try allowance(
            action, member, resource.uid, resource.entity, secondFactor: member.summary.hasSecondFactor)
    }

    /// A resource as the rules see it: made once for all who are asked about it.
    fileprivate func seen(_ resource: KnownResource) -> SeenResource {
        switch resource {
        case .institution: SeenResource(uid: EntityUID(type: CedarType.institution, id: "this"), entity: nil)
        case .patient(let relations): SeenResource(uid: .patient(relations.patient), entity: entity(of: relations))
        }
    }
}

private struct SeenResource {
    let uid: EntityUID
    let entity: Entity?
}

extension SearchResult {
    fileprivate mutating func sort() {
        found.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
