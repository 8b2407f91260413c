// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Web

/// What a page about an emergency calls its patient: by name for those who may search for patients, which is a leaf;
/// by the id in this house for everybody else.
struct PatientNames: Sendable {
    let house: House
    let patients: PatientSource

    /// The pages about an emergency that show a name; part of a fact.
    enum Page: String {
        case form
        case review
    }

    private static let search = Action("vault.search-patients", "Search for patients")

    /// The patient's name, else the id; the leaf is on the disk before it is returned.
    ///
    /// - Parameter emergency: the emergency whose words the page shows too.
    func name(
        of patient: Identifier<Patient>, on page: Page, _ emergency: Identifier<Emergency>? = nil,
        for visitor: Visitor
    ) async throws -> String {
        let (subject, known) = (
            try await patients.current?.subject(of: patient), try await nameIfAllowed(patient, visitor)
        )
        if known != nil || emergency != nil {
            let id = emergency.map { [CanonicalMember("id", .string($0.description))] } ?? []
            try await house.care { tx in
                try tx.record(
                    Fact(
                        EmergencyFacts.shown, by: visitor.principal, on: subject,
                        [.init("page", .string(page.rawValue))] + id))
            }
        }
        return known ?? (page == .form ? "Patient \(patient)" : patient.description)
    }

    private func nameIfAllowed(_ patient: Identifier<Patient>, _ visitor: Visitor) async throws -> String? {
        guard let register = patients.current else { return nil }
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: visitor.principal, action: Self.search, resource: Site.institution,
                assurance: visitor.assurance))
        // Who searches without seeing names sees none here either.
        guard decision.isAllowed, !decision.masks.contains("Patient.name") else { return nil }
        // A name that does not open must not keep anybody from the form.
        return (try? await register.name(of: patient)) ?? nil
    }
}
