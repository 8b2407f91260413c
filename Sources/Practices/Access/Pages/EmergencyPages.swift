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
            return .page("This chart is open for you", alreadyOpen(known))
        }
        let typed = Typed(needsProof: try await !house.isProved(request))
        return .page(Self.title, try await form(request, patient, typed))
    }

    private func alreadyOpen(_ emergency: Emergency) -> HTML {
        """
        \(PageHeading("This chart is open for you", lead: "Until \(house.localTime.text(emergency.until))."))
        \(ButtonRow("""
            \(Link("Go to the chart", to: Self.chart(emergency.patient), style: .primary))\
            \(Link("Your emergencies", to: Self.own, style: .secondary))
            """))
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
            \(PageHeading(Self.title, lead: name))
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

    private func mine(_ request: PageRequest) async throws -> Answer {
        let person = try request.person().person.id
        let (now, all) = try await house.store.read { tx in (tx.now, try tx.emergencies(of: person)) }
        let (open, closed) = (all.filter { $0.state(at: now) == .open }, all.filter { $0.state(at: now) != .open })
        let heading = PageHeading(
            "Your emergencies", lead: "Charts that you opened in an emergency. End it when you need the chart no more.")
        guard !all.isEmpty else {
            let empty = EmptyState(
                "You opened no chart in an emergency",
                text: "When a chart or a part of it is closed to you, and the patient cannot wait, its page says how.")
            return .page("Your emergencies", "\(heading)\(empty)")
        }
        let people = Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first }
        let cards: HTML? =
            open.isEmpty
            ? nil
            : PageSection(
                "Open now", note: "\(open.count)", content: CardGrid(open.map { card($0, now, request) }).html
            ).html
        let table: HTML? =
            closed.isEmpty
            ? nil : PageSection("Closed", note: "\(closed.count)", content: table(closed, people, now)).html
        return .page("Your emergencies", "\(heading)\(cards)\(table)")
    }

    private func card(_ emergency: Emergency, _ now: Instant, _ request: PageRequest) -> Card {
        let button = ActionButton("End now", style: .danger, name: "emergency", value: emergency.id.description)
        let content: HTML = """
            <p>Opened \(TimeText(emergency.opened, in: house.localTime))</p>\
            <p>Closes \(emergency.closing(at: now, in: house.localTime, [:]))</p>
            """
        let acts: HTML = """
            \(Link("Open the chart", to: Self.chart(emergency.patient), style: .primary))\
            \(PostForm(action: "\(Self.own)/end", csrf: request.formField, isInline: true, content: button.html))
            """
        return Card(
            emergency.reason.title, chip: emergency.chip(at: now), content: content, action: ButtonRow(acts).html)
    }

    private func table(_ closed: [Emergency], _ people: [Identifier<Person>: String], _ now: Instant) -> HTML {
        DataTable(
            caption: "Your emergencies that are over, newest first",
            columns: [.init("Opened"), .init("Why"), .init("Closed"), .init("State")],
            rows: closed.map { emergency in
                [
                    "\(TimeText(emergency.opened, in: house.localTime))", "\(emergency.reason.title)",
                    emergency.closing(at: now, in: house.localTime, people), emergency.chip(at: now).html,
                ]
            }
        ).html
    }

    private func end(_ request: PageRequest) async throws -> Answer {
        guard let id = Identifier<Emergency>(request.form["emergency"] ?? "") else {
            throw Fault(.invalidInput, "Choose the emergency that is to end.")
        }
        try await desk.end(id, of: try request.person().person.id)
        return .seeOther(Self.own)
    }
}
