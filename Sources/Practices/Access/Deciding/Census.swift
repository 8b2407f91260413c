// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Store

/// Everybody of the directory and the rules in force, read at one moment: for answers about all people at once.
struct Census: Sendable {
    let now: Instant
    /// Whether care teams decide who reads charts.
    let careTeams: Bool
    /// The rules in force.
    let book: RuleBook
    /// Everybody, closed accounts included, sorted by name.
    let staff: [StaffMember]
    /// Who in this house is meant by a practitioner of the records.
    let practitioners: [String: Set<Identifier<Kernel.Person>>]

    /// The same directory and rules as they would be at another moment.
    func at(_ moment: Instant) -> Census {
        Census(now: moment, careTeams: careTeams, book: book, staff: staff, practitioners: practitioners)
    }

    /// What the rules say when somebody asks now.
    ///
    /// - Parameters:
    ///   - secondFactor: Whether they signed in with one.
    ///   - book: Other rules than those in force.
    func decide(
        _ action: Action, _ member: StaffMember, on patient: PatientRelations, secondFactor: Bool = true,
        by book: RuleBook? = nil
    ) throws -> Kernel.Decision {
        let entity = patient.entity(at: now, people: practitioners)
        return try decide(action, member, .patient(patient.patient), entity, secondFactor, by: book)
    }

    /// The same about the clinic as a whole.
    func decide(
        _ action: Action, _ member: StaffMember, secondFactor: Bool = true, by book: RuleBook? = nil
    ) throws -> Kernel.Decision {
        let institution = EntityUID(type: CedarType.institution, id: "this")
        return try decide(action, member, institution, nil, secondFactor, by: book)
    }

    /// Who may do something to a patient, with the rules that allow it, in the order of `staff`.
    func allowed(
        _ action: Action, on patient: PatientRelations
    ) throws -> [(member: StaffMember, rules: [String])] {
        let entity = patient.entity(at: now, people: practitioners)
        return try staff.compactMap { member in
            try allowing(action, member, .patient(patient.patient), entity).map { (member, $0) }
        }
    }

    /// The rules that allow somebody something; nil where they do not. Says less than `decide`, and quicker.
    ///
    /// - Parameter entity: What the rules see of the resource.
    func allowing(
        _ action: Action, _ member: StaffMember, _ resource: EntityUID, _ entity: Entity?
    ) throws -> [String]? {
        try book.allowing(question(action, member, resource, entity))
    }

    /// What the rules allow about a resource when somebody asks now; nil for a denial. Says less than `decide`, and
    /// quicker.
    ///
    /// - Parameter entity: the resource as `entity(of:)` has it.
    func allowance(
        _ action: Action, _ member: StaffMember, _ resource: EntityUID, _ entity: Entity?, secondFactor: Bool
    ) throws -> Allowance? {
        guard let rules = try book.allowing(question(action, member, resource, entity, secondFactor)) else {
            return nil
        }
        return Allowance(rules: rules, masks: book.masks(rules.map { Text($0) }))
    }

    /// The patient as the rules see them now.
    func entity(of patient: PatientRelations) -> Entity {
        patient.entity(at: now, people: practitioners)
    }

    private func decide(
        _ action: Action, _ member: StaffMember, _ resource: EntityUID, _ entity: Entity?, _ secondFactor: Bool,
        by book: RuleBook?
    ) throws -> Kernel.Decision {
        try (book ?? self.book).decide(question(action, member, resource, entity, secondFactor), action: action)
    }

    private func question(
        _ action: Action, _ member: StaffMember, _ resource: EntityUID, _ entity: Entity?, _ secondFactor: Bool = true
    ) -> Question {
        Question(
            principal: .person(member.summary.id), action: action, resource: resource,
            circumstances: Circumstances(now: now, secondFactor: secondFactor, careTeams: careTeams),
            known: [member.entity(at: now)] + (entity.map { [$0] } ?? []))
    }
}

/// That something is allowed, by which rules, and what is left out of it.
struct Allowance: Sendable {
    let rules: [String]
    let masks: [String]
}

extension RuleAuthorizer {
    /// Everybody and the rules in force, as of now.
    func census() async throws -> Census {
        let everyone = try await directory.everyone()
        return try await store.read { tx in
            let scene = try Scene(tx)
            return Census(
                now: scene.now, careTeams: scene.careTeams, book: try shelf.current(in: tx),
                staff: try tx.staff(everyone), practitioners: try tx.people(of: nil))
        }
    }
}
