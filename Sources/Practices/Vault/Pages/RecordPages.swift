// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Web

/// The pages of the vault: search, chart, record.
struct RecordPages: Sendable {
    let records: RecordStore
    let house: House

    /// The form of the search, and what the search found that the address has a ticket for; without one, everybody.
    func search(_ request: PageRequest) async throws -> Answer {
        let ticket = try ticket(request)
        let query = request.query["found"].flatMap(ticket.open) ?? ""
        let matches = try await records.search(
            query, actor: request.visitor.principal, masks: try await searchDecision(request).masks)
        return .page(
            "Patients",
            PatientList(
                query: query, matches: matches, today: today, csrf: request.formField, time: house.localTime,
                asksReaders: try await asksReaders(request)
            ).html)
    }

    /// Whether the list leads on to who can see a patient's records.
    private func asksReaders(_ request: PageRequest) async throws -> Bool {
        try await house.authorizer.decide(VaultActions.seeReaders, for: request.visitor).isAllowed
    }

    /// Takes a search and sends the browser on to what it finds.
    func find(_ request: PageRequest) throws -> Answer {
        let query = request.form["q"] ?? ""
        if query.allSatisfy(\.isWhitespace) { return .seeOther("/records") }
        return .seeOther("/records?found=\(try ticket(request).seal(query))")
    }

    private func searchDecision(_ request: PageRequest) async throws -> Decision {
        if let decision = request.decision { return decision }
        let decision = try await house.authorizer.decide(VaultActions.searchPatients, for: request.visitor)
        guard decision.isAllowed else { throw Fault(.refused, decision.explanation) }
        return decision
    }

    private func sight(_ request: PageRequest, _ patient: Identifier<Patient>) async throws -> ChartSight {
        try await ChartSight.decide(
            house, request.visitor.principal, on: patient, assurance: request.visitor.assurance,
            decision: request.decision)
    }

    private func ticket(_ request: PageRequest) throws -> SearchTicket {
        SearchTicket(key: records.cardKey, session: try request.person().session)
    }

    /// A page of a chart.
    func chart(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Patient> = try request.identifier("patient")
        let wanted = request.query["section"] ?? ChartSection.summary.rawValue
        guard let section = ChartSection.tabs.first(where: { $0.rawValue.utf8.elementsEqual(wanted.utf8) }) else {
            throw Fault(.notFound, "A chart has no such page.")
        }
        let sight = try await sight(request, patient)
        let chart = try await records.chart(
            of: patient, section, type: request.query["type"], actor: request.visitor.principal, sight: sight)
        return .page(
            section.title, ChartPage(chart: chart, today: today, emergency: emergency(sight, patient)).html)
    }

    /// One record as it was taken in.
    func record(_ request: PageRequest) async throws -> Answer {
        let patient: Identifier<Patient> = try request.identifier("patient")
        let sight = try await sight(request, patient)
        let opened: LinkedRecord
        do {
            opened = try await records.linkedRecord(
                try request.identifier("record"), in: patient, actor: request.visitor.principal, sight: sight)
        } catch let fault as Fault where fault.code == .notFound {
            throw missing(fault, sight, in: patient)
        } catch let fault as Fault where fault.code == .damaged {
            throw Fault(
                .damaged,
                "This record does not open: it was changed, moved, or its key is gone. Other records may still open.",
                cause: fault, ways: [Fault.Way("Go back to the chart", to: "/records/\(patient)")])
        }
        let head = PatientHead(
            patient: patient, card: opened.card, allergies: opened.allergies, damaged: opened.damaged, today: today,
            time: house.localTime)
        return .page(
            PlainWords.type(opened.record.stored.type),
            RecordPage(
                opened: opened, patient: patient, head: head, emergency: emergency(sight, patient),
                time: house.localTime
            ).html)
    }

    private func emergency(_ sight: ChartSight, _ patient: Identifier<Patient>) -> EmergencyBand? {
        sight.emergencyUntil.map {
            EmergencyBand(patient: patient, until: $0, now: house.clock.now(), time: house.localTime)
        }
    }

    /// A record that is hidden and one that never was are answered alike, or the answer would tell of the first.
    private func missing(_ fault: Fault, _ sight: ChartSight, in patient: Identifier<Patient>) -> Fault {
        guard let inEmergency = sight.inEmergency else { return fault }
        return Fault(
            .notFound,
            """
            There is no such record here, or it is hidden from you. Hidden are: \(inEmergency.words). In an emergency \
            you can open them.
            """,
            ways: [
                Fault.Way("Go back to the chart", to: "/records/\(patient)"),
                Fault.Way(SightInEmergency.title, to: inEmergency.path),
            ])
    }

    private var today: PartialDate? { PartialDate(house.localTime.day(house.clock.now())) }
}
