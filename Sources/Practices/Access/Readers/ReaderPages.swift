// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import Web

/// Who can see a patient's records: the way to a patient, and the answer.
struct ReaderPages: Sendable {
    let house: House
    let rules: RuleAuthorizer
    let names: PatientNames

    func add(to site: inout Site) {
        let patient: @Sendable (PageRequest) -> Kernel.EntityReference = { request in
            Kernel.EntityReference(type: "patient", id: request.parameters["patient"] ?? "")
        }
        site.get("/access/patients", AccessActions.seeReaders) { request in
            entry(request, request.query["patient"] ?? "")
        }
        // Posted, because what is typed may be a name, and no name belongs into an address.
        site.post("/access/patients", AccessActions.seeReaders) { request in
            entry(request, request.form["patient"] ?? "")
        }
        site.get("/access/patients/{patient}/readers", AccessActions.seeReaders, on: patient) { request in
            let (patient, search) = try await ask(request)
            let title = try await names.title(of: patient, for: request.visitor)
            return .page(
                "Who can see these records",
                try ReaderList(search, on: patient, title, for: request, time: house.localTime).html)
        }
        site.get("/access/patients/{patient}/readers.csv", AccessActions.seeReaders, on: patient) { request in
            let (_, search) = try await ask(request)
            return Answer(
                headers: [("content-disposition", "attachment; filename=\"who-can-see.csv\"")],
                body: .bytes(ReaderDocument(search: search).csv, mediaType: "text/csv; charset=utf-8"))
        }
    }

    /// A patient's address or id leads on to the answer, which names the patient and asks the rules.
    private func entry(_ request: PageRequest, _ typed: String) -> Answer {
        let path = typed.split { "?#".contains($0) }.first ?? ""
        let found = path.split(separator: "/").lazy.compactMap { Identifier<Kernel.Patient>($0) }.first
        if let found { return .seeOther(Self.path(found)) }
        let isUnknown = !typed.allSatisfy(\.isWhitespace)
        let form = PostForm(
            action: "/access/patients", csrf: request.formField, isInline: true,
            content: """
                \(FormField(
                    "patient", label: "Address or number of the chart", kind: .search,
                    hint: "Choose \"Who can see\" in the list of patients, or paste the address or the number of a chart.",
                    error: isUnknown ? "Neither a name nor a record number is known here: find the patient under Patients, and choose \"Who can see\"." : nil,
                    isFocused: true))
                \(ActionButton("Show"))
                """)
        let content: HTML = """
            \(Breadcrumb([Link("Access", to: "/access")], current: "Patients"))
            \(PageHeading("Who can see a patient's records",
                lead: "And who has seen them. Each answer is complete, and asking is written to the evidence log."))
            \(form)
            """
        return .page("Who can see a patient's records", status: isUnknown ? 422 : 200, content)
    }

    /// Asks the rules about everybody, and writes down that somebody wanted to know.
    private func ask(_ request: PageRequest) async throws -> (Identifier<Kernel.Patient>, ReaderSearch) {
        let patient: Identifier<Kernel.Patient> = try request.identifier("patient")
        let relations = try await rules.patients.known(patient)
        let subject = try await rules.patients.subject(of: patient)
        let search = try ReaderSearch(try await rules.census(), on: relations)
        let fact = Fact(
            AccountingFacts.readersListed, by: request.visitor.principal, on: subject,
            [
                .init("people", .integer(Int64(search.active.count))),
                .init("closed", .integer(Int64(search.closed.count))),
                .init("readers", .integer(Int64(search.readers.count))),
            ] + [request.decision?.ruleMember].compactMap(\.self))
        try await house.store.write { tx in try tx.record(fact) }
        return (patient, search)
    }

    /// Where the answer about a patient is.
    static func path(_ patient: Identifier<Kernel.Patient>) -> String {
        "/access/patients/\(patient)/readers"
    }
}
