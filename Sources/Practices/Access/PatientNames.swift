// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Web

/// How pages of this practice call a patient: by name and birth date for those who may search for patients, and by the
/// id in this house for everybody else.
struct PatientNames: Sendable {
    let house: House
    let patients: PatientSource

    /// The pages about an emergency that show a name; part of a fact.
    enum Page: String {
        case form
        case own
        case review
    }

    private static let search = Action("vault.search-patients", "Search for patients")

    /// What a patient is called where no name is shown.
    static func unnamed(_ patient: Identifier<Kernel.Patient>) -> String {
        "Patient \(patient)"
    }

    /// What a page calls a patient that leaves a leaf about the patient anyway.
    func title(of patient: Identifier<Kernel.Patient>, for visitor: Visitor) async throws -> String {
        try await toldName(of: patient, to: visitor) ?? Self.unnamed(patient)
    }

    /// The name for a page about an emergency; nil where it is not told, or does not open. The leaf is on the disk
    /// before it is returned.
    ///
    /// - Parameter emergency: the emergency whose words the page shows too.
    func name(
        of patient: Identifier<Kernel.Patient>, on page: Page, _ emergency: Identifier<Emergency>? = nil,
        for visitor: Visitor
    ) async throws -> String? {
        let name = try await toldName(of: patient, to: visitor)
        if name != nil || emergency != nil {
            try await record([try await shown(patient, on: page, emergency, to: visitor)])
        }
        return name
    }

    /// The names of several patients, without those that are not told or do not open; a leaf for each.
    func names(
        of patients: [Identifier<Kernel.Patient>], on page: Page, for visitor: Visitor
    ) async throws -> [Identifier<Kernel.Patient>: String] {
        guard try await isTold(visitor) else { return [:] }
        var names: [Identifier<Kernel.Patient>: String] = [:]
        var facts: [Fact] = []
        for patient in Set(patients).sorted() {
            guard let name = try await opened(patient) else { continue }
            names[patient] = name
            facts.append(try await shown(patient, on: page, nil, to: visitor))
        }
        try await record(facts)
        return names
    }

    /// Whoever finds patients without some of what the records say is told no name here either.
    private func isTold(_ visitor: Visitor) async throws -> Bool {
        let decision = try await house.authorizer.decide(Self.search, for: visitor)
        return decision.isAllowed && decision.masks.isEmpty
    }

    private func toldName(of patient: Identifier<Kernel.Patient>, to visitor: Visitor) async throws -> String? {
        guard try await isTold(visitor) else { return nil }
        return try await opened(patient)
    }

    /// A name that does not open must not keep anybody from the page.
    private func opened(_ patient: Identifier<Kernel.Patient>) async throws -> String? {
        guard let register = patients.current else { return nil }
        return (try? await register.name(of: patient)) ?? nil
    }

    private func shown(
        _ patient: Identifier<Kernel.Patient>, on page: Page, _ emergency: Identifier<Emergency>?, to visitor: Visitor
    ) async throws -> Fact {
        let id = emergency.map { [CanonicalMember("id", .string($0.description))] } ?? []
        return Fact(
            EmergencyFacts.shown, by: visitor.principal, on: try await patients.current?.subject(of: patient),
            [.init("page", .string(page.rawValue))] + id)
    }

    /// Seeing whose chart it is is care, so it works on a full disk too.
    private func record(_ facts: [Fact]) async throws {
        guard !facts.isEmpty else { return }
        try await house.care { tx in
            for fact in facts { try tx.record(fact) }
        }
    }
}
