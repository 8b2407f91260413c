// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store
import Web

/// Who has seen a patient's records: as a page, and for other programs as FHIR.
struct DisclosurePages: Sendable {
    let house: House
    let rules: RuleAuthorizer
    let names: PatientNames

    func add(to site: inout Site) {
        let patient: @Sendable (PageRequest) -> Kernel.EntityReference = { request in
            Kernel.EntityReference(type: "patient", id: request.parameters["patient"] ?? "")
        }
        let action = AccessActions.seeDisclosures
        site.get("/access/patients/{patient}/disclosures", action, on: patient) { try await page($0) }
        site.get("/access/patients/{patient}/disclosures.json", action, on: patient) { try await bundle($0) }
    }

    private func page(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Kernel.Patient> = try request.identifier("patient")
        let accounting = try await read(patient, request, form: "page")
        let book = try await house.store.read { [rules] tx in try rules.shelf.current(in: tx) }
        let list = DisclosureList(
            accounting: accounting, patient: patient,
            title: try await names.title(of: patient, for: request.visitor),
            people: try await people(), book: book, before: request.query["before"].flatMap { Int64($0) },
            time: house.localTime)
        return .page("Who has seen these records", list.html)
    }

    private func bundle(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Kernel.Patient> = try request.identifier("patient")
        let accounting = try await read(patient, request, form: "fhir")
        let events = AuditEvents(
            patient: patient, institution: house.keyring.institution, people: try await people())
        var entries: [CanonicalValue] = []
        for placed in accounting.entries {
            entries.append(events.entry(placed, proof: try await house.ledger.proof(of: placed.position)))
        }
        return Answer(
            headers: [("content-disposition", "attachment; filename=\"disclosures.json\"")],
            body: .bytes(
                try events.bundle(entries, at: accounting.asked).encode(), mediaType: "application/fhir+json"))
    }

    /// Reads the accounting, and tells the log that it was read.
    private func read(
        _ patient: Identifier<Kernel.Patient>, _ request: PageRequest, form: String
    ) async throws -> Accounting {
        let subject = try await rules.patients.subject(of: patient)
        let accounting = try await Accounting(of: subject, in: house.ledger, at: house.clock.now())
        let fact = Fact(
            AccountingFacts.disclosuresRead, by: request.visitor.principal, on: subject,
            [.init("entries", .integer(Int64(accounting.entries.count))), .init("form", .string(form))]
                + [request.decision?.ruleMember].compactMap(\.self))
        try await house.store.write { tx in try tx.record(fact) }
        return accounting
    }

    private func people() async throws -> [String: PersonSummary] {
        Dictionary(try await house.directory.everyone().map { ($0.id.description, $0) }) { first, _ in first }
    }

    /// Where the accounting of a patient is.
    static func path(_ patient: Identifier<Kernel.Patient>) -> String {
        "/access/patients/\(patient)/disclosures"
    }
}
