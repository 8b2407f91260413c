// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Web

/// How pages of this practice call a patient.
struct PatientTitle: Sendable {
    let house: House
    let patients: PatientSource

    private static let search = Action("vault.search-patients", "Search for patients")

    /// Name and birth date for those who may search for patients; for all others the beginning of the id.
    func text(_ patient: Identifier<Kernel.Patient>, for visitor: Visitor) async throws -> String {
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: visitor.principal, action: Self.search, resource: Site.institution,
                assurance: visitor.assurance))
        // Whoever finds patients without their names is told none here either.
        if decision.isAllowed, decision.masks.isEmpty, let name = try await patients.current?.name(of: patient) {
            return name
        }
        return "Patient \(patient.description.suffix(12))"
    }
}

extension PatientSource {
    /// The pseudonym under which the log speaks of a patient.
    ///
    /// - Throws: `Fault.notFound` when there is no such patient.
    func subject(of patient: Identifier<Kernel.Patient>) async throws -> [UInt8] {
        guard let subject = try await current?.subject(of: patient) else { throw Self.nobody }
        return subject
    }

    /// What the records say of a patient.
    ///
    /// - Throws: `Fault.notFound` when there is no such patient.
    func known(_ patient: Identifier<Kernel.Patient>) async throws -> PatientRelations {
        guard current != nil, let relations = try await relations(of: patient) else { throw Self.nobody }
        return relations
    }

    private static let nobody = Fault(.notFound, "There is no such patient here. Search again: /access/patients")
}

extension Kernel.Decision {
    /// The rules that decided, as a fact keeps them.
    var ruleMember: CanonicalMember {
        .init("rules", .array(rules.map { .string($0) }))
    }
}
