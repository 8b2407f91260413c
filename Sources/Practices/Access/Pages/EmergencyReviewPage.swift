// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// One emergency: who, whose chart, why, what was read meanwhile, and the review.
struct EmergencyReviewPage: Sendable {
    let desk: EmergencyDesk
    let house: House
    let names: PatientNames
    let shelf: RuleShelf

    /// What stands in the form of the review, and what is wrong with it.
    struct Typed: Sendable {
        var finding = ""
        var words = ""
        var findingError: String?
        var wordsError: String?
        var proofError: String?
    }

    /// The page. Seeing it is a leaf.
    func html(of emergency: Emergency, _ request: PageRequest, _ typed: Typed = Typed()) async throws -> HTML {
        let people = Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first }
        let who = people[emergency.person] ?? "A person who is no longer here"
        let patient = try await names.name(of: emergency.patient, on: .review, emergency.id, for: request.visitor)
        let (now, notes, rule) = try await house.store.read { [shelf, key = desk.key] tx in
            let sealed = try tx.sealedNotes(of: emergency.id)
            let notes = (
                try EmergencyNote.open(sealed.opening, key, as: .opening, of: emergency.id),
                try sealed.review.map { try EmergencyNote.open($0, key, as: .review, of: emergency.id) }
            )
            return (tx.now, notes, try shelf.current(in: tx).title("emergency"))
        }
        let isOpen = emergency.state(at: now) == .open
        let many: HTML? =
            emergency.isOneOfMany
            ? Callout(
                .danger, "One of many",
                content: """
                    \(who) had \(EmergencyLimits.open) charts open in an emergency already, or had opened \
                    \(EmergencyLimits.daily) within 24 hours.
                    """
            ).html : nil
        return """
            \(Breadcrumb([Link("Emergencies", to: ReviewPages.path)], current: who))
            \(PageHeading("Emergency of \(who)"))\(many)
            \(DefinitionList([
                ("State", emergency.chip(at: now).html), ("Patient", "\(patient)"),
                ("Opened", "\(TimeText(emergency.opened, in: house.localTime))"),
                (isOpen ? "Closes" : "Closed", emergency.closing(at: now, in: house.localTime, people)),
                ("Why", "\(emergency.reason.title)"),
                ("In their words", "\(notes.0)"), ("By the rule", "\(rule)"),
                ("Review due", "\(TimeText(emergency.due, in: house.localTime))"),
            ]))
            \(try await readings(of: emergency))
            \(PageSection("Review", content: try await review(emergency, notes.1, people, now, request, typed)))
            """
    }

    private func readings(of emergency: Emergency) async throws -> HTML {
        guard let readings = try await EmergencyReadings.read(emergency, house, desk.patients) else {
            return PageSection(
                "What was read meanwhile",
                content: "<p>The records do not say under which name the log speaks of this patient.</p>"
            ).html
        }
        let rows: [[HTML]] = readings.map { reading in
            [
                "\(reading.title)", "\(TimeText(reading.at, in: house.localTime))",
                "\(Link("Entry \(reading.position)", to: "/log/\(reading.position)"))",
            ]
        }
        let table = DataTable(
            caption: "What was read meanwhile", columns: [.init("What"), .init("When"), .init("In the log")],
            rows: rows, isCompact: true,
            empty: EmptyState("Nothing was read", text: "The log has no entry of this person about this patient."))
        return PageSection("What was read meanwhile", note: "\(readings.count)", content: table.html).html
    }

    private func review(
        _ emergency: Emergency, _ note: String?, _ people: [Identifier<Person>: String], _ now: Instant,
        _ request: PageRequest, _ typed: Typed
    ) async throws -> HTML {
        let given: HTML? = emergency.review.map { review in
            var pairs: [(term: String, value: HTML)] = [
                ("Finding", emergency.chip(at: now).html),
                ("By", "\(people[review.by] ?? "A person who is no longer here")"),
                ("When", "\(TimeText(review.at, in: house.localTime))\(review.at > emergency.due ? ", late" : "")"),
            ]
            if let note { pairs.append(("In their words", "\(note)")) }
            return DefinitionList(pairs).html
        }
        if let review = emergency.review, review.finding != .followUp { return "\(given)" }
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: request.visitor.principal, action: AccessActions.reviewEmergency,
                resource: EntityReference(type: "break-glass", id: emergency.id.description),
                assurance: request.visitor.assurance))
        guard decision.isAllowed else {
            return "\(given)\(Callout(.info, "Not for you to review", content: "\(decision.explanation)"))"
        }
        let path = "\(ReviewPages.path)/\(emergency.id)"
        guard emergency.state(at: now) != .open else {
            let proof = try await proofField(request, typed)
            let fields: HTML = "\(proof)\(ButtonRow("\(ActionButton("End it now", style: .danger))"))"
            return """
                <p>The chart is still open. It can be reviewed when it is closed.</p>
                <p>Ending it closes the chart to somebody who may be treating the patient; they see your name.</p>
                \(PostForm(action: "\(path)/end", csrf: request.formField, content: fields))
                """
        }
        return "\(given)\(try await form(path, request, typed))"
    }

    /// The field for a proof, where one is needed. One that was wrong is counted already, so it is not tried again.
    private func proofField(_ request: PageRequest, _ typed: Typed) async throws -> HTML? {
        if let error = typed.proofError { return ProofField(error: error).html }
        return try await house.isProved(request) ? nil : ProofField(error: nil).html
    }

    private func form(_ path: String, _ request: PageRequest, _ typed: Typed) async throws -> HTML {
        let choices = [
            FormField.Choice(
                Emergency.Finding.justified.rawValue, Emergency.Finding.justified.title,
                hint: "Opening this chart was right."),
            FormField.Choice(
                Emergency.Finding.notJustified.rawValue, Emergency.Finding.notJustified.title,
                hint: "There was no emergency. What follows from that is decided outside Salus."),
            FormField.Choice(
                Emergency.Finding.followUp.rawValue, Emergency.Finding.followUp.title,
                hint: "Somebody has to be asked first; it can be reviewed once more."),
        ]
        let proof = try await proofField(request, typed)
        let fields: HTML = """
            \(FormField("finding", label: "What you found", kind: .radio(choices), value: typed.finding,
                error: typed.findingError, isRequired: true))
            \(FormField("words", label: "In a few words, if you like", kind: .paragraph(rows: 2), value: typed.words,
                hint: "At most 500 characters; they are kept sealed.", error: typed.wordsError))
            \(proof)\(ButtonRow("\(ActionButton("Save the review"))"))
            """
        return PostForm(action: "\(path)/review", csrf: request.formField, content: fields).html
    }
}
