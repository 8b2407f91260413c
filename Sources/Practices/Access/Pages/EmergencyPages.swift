// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// Opening a chart in an emergency, and one's own emergencies: pages for somebody in a hurry.
struct EmergencyPages: Sendable {
    let desk: EmergencyDesk
    let house: House
    let names: PatientNames

    func add(to site: inout Site) {
        let path = AccessPractice.emergencyPath(of: "{patient}")
        let patient: @Sendable (PageRequest) -> EntityReference = {
            EntityReference(type: "patient", id: $0.parameters["patient"] ?? "")
        }
        site.get(path, AccessActions.breakGlass, on: patient) { try await ask($0) }
        site.post(path, AccessActions.breakGlass, on: patient) { try await open($0) }
        site.get(Self.own, AccessActions.ownEmergencies) { try await mine($0) }
        site.post("\(Self.own)/end", AccessActions.ownEmergencies) { try await end($0) }
    }

    /// One's own emergencies.
    static let own = "/access/emergencies/mine"

    /// Where a chart is: an address that people keep, so it stays.
    static func chart(_ patient: Identifier<Patient>) -> String {
        "/records/\(patient)"
    }

    private static let title = "Open this chart in an emergency"

    /// What stands in the form, and what is wrong with it.
    private struct Typed {
        var reason = ""
        var words = ""
        var reasonError: String?
        var wordsError: String?
        var proofError: String?
        var needsProof: Bool
    }

    private func ask(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Patient> = try request.identifier("patient")
        let person = try request.person().person.id
        let open = try await house.store.read { tx in try tx.openEmergencies(of: person) }
        if let known = open.first(where: { $0.patient == patient }) {
            return .page("This chart is open for you", try await alreadyOpen(known, request))
        }
        let typed = Typed(needsProof: try await !house.isProved(request))
        return .page(Self.title, try await form(request, patient, typed))
    }

    private func alreadyOpen(_ emergency: Emergency, _ request: PageRequest) async throws -> HTML {
        let name = try await names.name(of: emergency.patient, on: .form, for: request.visitor)
        return """
            \(PageHeading("This chart is open for you", lead: name ?? PatientNames.unnamed(emergency.patient)))
            \(DefinitionList([
                ("Closes by itself", "\(TimeText(emergency.until, in: house.localTime))"),
                ("Opened", "\(TimeText(emergency.opened, in: house.localTime))"),
                ("Why", "\(emergency.reason.title)"),
                ("Who looks at it", "The privacy officer sees it now, and somebody else reviews it."),
            ]))
            \(acts(emergency, request))
            <p>\(Link("Your emergencies", to: Self.own))</p>
            """
    }

    private func form(_ request: PageRequest, _ patient: Identifier<Patient>, _ typed: Typed) async throws -> HTML {
        let name = try await names.name(of: patient, on: .form, for: request.visitor)
        let choices = Emergency.Reason.allCases.map { FormField.Choice($0.rawValue, $0.title) }
        let proof: HTML? = typed.needsProof ? ProofField(error: typed.proofError).html : nil
        let fields: HTML = """
            \(FormField("reason", label: "Why", kind: .radio(choices), value: typed.reason, error: typed.reasonError,
                isRequired: true))
            \(FormField("words", label: "In a few words", kind: .paragraph(rows: 2), value: typed.words,
                hint: "For whoever reviews it; 10 to 500 characters. They are kept sealed.", error: typed.wordsError,
                isRequired: true))
            \(proof)
            \(ButtonRow("""
                \(ActionButton("Open the chart now"))\(Link("Cancel", to: "/records", style: .secondary))
                """))
            """
        return """
            \(PageHeading(Self.title, lead: name ?? PatientNames.unnamed(patient)))
            \(Callout(.warning, "What happens now", content: """
                <ul><li>This one chart opens, for you alone, for 60 minutes.</li>\
                <li>The privacy officer sees it at once, and somebody else reviews it.</li>\
                <li>What you read is written down, as always.</li></ul>
                """))
            \(PostForm(action: request.path, csrf: request.formField, content: fields))
            """
    }

    private func open(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Patient> = try request.identifier("patient")
        let person = try request.person().person.id
        var typed = Typed(
            reason: request.form["reason"] ?? "", words: request.form["words"] ?? "", needsProof: true)
        let (reason, note) = (Emergency.Reason(rawValue: typed.reason), EmergencyNote(typed.words))
        // A code works once, so it is looked at when all else is right.
        guard let reason, let note else {
            typed.reasonError = reason == nil ? "Choose why." : nil
            typed.wordsError = note == nil ? "Write 10 to 500 characters: what is the matter?" : nil
            return .page(Self.title, status: 422, try await form(request, patient, typed))
        }
        guard try await house.isProved(request) else {
            typed.proofError = request.form[ProofField.name] == nil ? "It was too long ago." : ProofField.wrong
            return .page(Self.title, status: 422, try await form(request, patient, typed))
        }
        _ = try await desk.open(patient, for: person, reason, note)
        return .seeOther(Self.chart(patient))
    }
}
