// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
package import Kernel
import Store

/// Decides by the rules of the clinic. Everything that they look at is read anew for each decision, so that a
/// revocation holds at once.
package struct RuleAuthorizer: Authorizer {
    let store: Database
    let directory: any PeopleDirectory
    /// Where the rules learn about patients.
    package let patients: PatientSource
    let shelf: RuleShelf
    /// The programs that ask, and their rules.
    let applications = ApplicationShelf()

    package func decide(_ request: AccessRequest) async throws -> Kernel.Decision {
        try await decide(request, explaining: true)
    }

    /// - Parameter explaining: whether a denial names the rule that came nearest, and the answer what emergencies change
    ///   about it; both take longer than to decide.
    func decide(_ request: AccessRequest, explaining: Bool) async throws -> Kernel.Decision {
        guard let principal = EntityUID(request.principal), var resource = EntityUID(request.resource) else {
            throw Fault(.internal, "The rules know nothing of \(request.principal.type) or \(request.resource.type).")
        }
        var summary: PersonSummary?
        if request.principal.type == "person" {
            guard let id = Identifier<Kernel.Person>(request.principal.id),
                let known = try await directory.person(id)
            else {
                return Kernel.Decision(
                    isAllowed: false, rules: ["account-closed"], explanation: "This account is not active.")
            }
            summary = known
        }
        let relations = try await relations(of: request.resource)
        let patient = relations?.of.patient
        // An id that is none is asked about as one that nobody has: rules need a key that they can compare.
        if let patient { resource = .patient(patient) }
        let others = try await others(than: request.resource)
        let (decision, isThere) = try await store.read { [summary, resource] tx in
            let scene = try Scene(tx)
            let member = try summary.map { try tx.staffMember($0) }
            var (asked, isThere) = try Self.entities(request.resource, relations?.of, in: tx)
            if let others { asked = [try staffEntry(of: request.resource.id, others, in: tx)] }
            func answer(
                to action: Action, _ member: StaffMember?, explaining: Bool = false
            ) throws -> Kernel.Decision {
                let question = Question(
                    principal: principal, action: action, resource: resource,
                    circumstances: scene.circumstances(request.assurance),
                    known: asked + (member.map { [$0.entity(at: tx.now)] } ?? []))
                // Rules that close everything must not close the way by which they are put right.
                let isRepair = request.principal.type == "operator" && action == AccessActions.draftRules
                let book = isRepair ? shelf.builtIn : try shelf.current(in: tx)
                return try book.decide(question, action: action, explaining: explaining)
            }
            let decision = try answer(to: request.action, member, explaining: explaining)
            guard explaining, let member, let patient else { return (decision, isThere) }
            if let until = member.emergencies[patient] {
                let without = try answer(to: request.action, member.withoutEmergency(on: patient))
                if decision.showsMore(than: without) {
                    return (decision.opening(byBreakGlass: false, emergencyUntil: until), isThere)
                }
            }
            let isWhole = decision.isAllowed && decision.masks.isEmpty
            guard !isWhole, try answer(to: AccessActions.breakGlass, member).isAllowed else {
                return (decision, isThere)
            }
            let opened = try answer(to: request.action, member.breaking(patient, at: tx.now))
            return (decision.opening(byBreakGlass: opened.showsMore(than: decision)), isThere)
        }
        if !isThere, decision.isAllowed { throw Fault(.notFound, "There is no such page.") }
        // Who could open the chart if there was one learns that there is none; everybody else is refused all the same.
        if relations?.isThere == false, decision.isAllowed || decision.opensByBreakGlass {
            throw Fault(.notFound, "There is no such patient here. Search again: /records")
        }
        return decision
    }

    /// What rules see of the patient that is asked about, and whether there is one; nil for what is no patient. Of whom
    /// nobody knows anything they see a patient without relations: a rule that reads what every patient has must not fail
    /// because of a wrong address.
    private func relations(
        of resource: Kernel.EntityReference
    ) async throws -> (of: PatientRelations, isThere: Bool)? {
        guard resource.type == "patient" else { return nil }
        guard let patient = Identifier<Kernel.Patient>(resource.id) else {
            return (PatientRelations(patient: Identifier(at: Instant(microseconds: 0))), false)
        }
        let known = try await patients.relations(of: patient)
        return (known ?? PatientRelations(patient: patient), known != nil)
    }

    /// The entity of what is asked about, none where rules know nothing beyond its name; and whether it is there. What
    /// is not there is decided like what nobody made, so that the answer tells nothing to those whom it refuses.
    static func entities(
        _ resource: Kernel.EntityReference, _ relations: PatientRelations?, in tx: any ReadTransaction
    ) throws -> (known: [Entity], isThere: Bool) {
        if let relations {
            let people = try tx.people(of: Set(relations.care.map(\.practitioner)))
            return ([relations.entity(at: tx.now, people: people)], true)
        }
        guard let uid = EntityUID(resource), let table = Self.authors[resource.type] else { return ([], true) }
        let row = try Identifier<Kernel.Record>(resource.id).flatMap { try tx.row(table, [.bytes($0.bytes)]) }
        let author = try row?.optionalBytes(0).flatMap { Identifier<Kernel.Person>(bytes: $0) }
        let by = author.map(EntityUID.person) ?? EntityUID(type: CedarType.person, id: "")
        return ([Entity(uid: uid, attributes: ["by": .entity(by)])], row != nil)
    }

    /// How to find who made something that two people decide about.
    private static let authors = [
        "break-glass": "SELECT person FROM access_emergencies WHERE id = ?",
        "rule-draft": "SELECT author FROM access_rules WHERE id = ?",
    ]
}

/// What a decision needs of the house beside principal and resource.
struct Scene {
    let now: Instant
    /// Whether care teams decide who reads charts.
    let careTeams: Bool

    init(_ tx: any ReadTransaction) throws {
        now = tx.now
        careTeams =
            try tx.row("SELECT value FROM access_settings WHERE name = ?", [.text("care-teams")])
            .map { try $0.integer(0) != 0 } ?? false
    }

    func circumstances(_ assurance: Assurance?) -> Circumstances {
        Circumstances(now: now, secondFactor: assurance?.secondFactor ?? false, careTeams: careTeams)
    }
}
