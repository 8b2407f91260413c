// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The review of an emergency and the follow-up after it: what was said, and the form for what comes next.
extension EmergencyReviewPage {
    /// What was said, and what can be said now.
    func review(
        _ emergency: Emergency, _ notes: Notes, _ people: [Identifier<Person>: String], _ now: Instant,
        _ request: PageRequest, _ typed: Typed
    ) async throws -> HTML {
        let state = emergency.state(at: now)
        let next = try await next(emergency, state, request, typed)
        guard let review = emergency.review else { return PageSection("Review", content: next ?? "").html }
        let given = PageSection("Review", content: judgement(review, notes.review, people, due: emergency.due))
        guard let due = emergency.followUpDue else { return "\(given)" }
        let closed = emergency.closing.map { judgement($0, notes.closing, people, due: due) }
        return "\(given)\(PageSection("Follow-up", content: "\(closed)\(next)"))"
    }

    /// What the reader can do next; nil when it is judged.
    private func next(
        _ emergency: Emergency, _ state: Emergency.State, _ request: PageRequest, _ typed: Typed
    ) async throws -> HTML? {
        guard state != .reviewed else { return nil }
        let due = emergency.followUpDue.map { waits(due: $0, isLate: state == .followUpOverdue) }
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: request.visitor.principal, action: AccessActions.reviewEmergency,
                resource: EntityReference(type: "break-glass", id: emergency.id.description),
                assurance: request.visitor.assurance))
        guard decision.isAllowed else {
            return "\(due)\(Callout(.info, "Not for you to review", content: "\(decision.explanation)"))"
        }
        let path = "\(ReviewPages.path)/\(emergency.id)"
        if state == .open { return try await endForm(path, request, typed) }
        guard let due else { return try await form(path, request, typed) }
        return "\(due)\(try await closingForm(path, request, typed))"
    }

    private func judgement(
        _ review: Emergency.Review, _ note: String?, _ people: [Identifier<Person>: String], due: Instant?
    ) -> HTML {
        let isLate = due.map { review.at > $0 } ?? false
        var pairs: [(term: String, value: HTML)] = [
            ("Finding", review.finding.chip.html), ("By", "\(people[review.by] ?? "A person who is no longer here")"),
            ("When", "\(TimeText(review.at, in: house.localTime))\(isLate ? ", late" : "")"),
        ]
        if let note { pairs.append(("In their words", "\(note)")) }
        return DefinitionList(pairs).html
    }

    private func endForm(_ path: String, _ request: PageRequest, _ typed: Typed) async throws -> HTML {
        let proof = try await proofField(request, typed)
        let fields: HTML = "\(proof)\(ButtonRow("\(ActionButton("End it now", style: .danger))"))"
        return """
            <p>The chart is still open. It can be reviewed when it is closed.</p>
            <p>Ending it closes the chart to somebody who may be treating the patient; they see your name.</p>
            \(PostForm(action: "\(path)/end", csrf: request.formField, content: fields))
            """
    }

    /// The field for a proof, where one is needed. One that was wrong is counted already, so it is not tried again.
    private func proofField(_ request: PageRequest, _ typed: Typed) async throws -> HTML? {
        if let error = typed.proofError { return ProofField(error: error).html }
        return try await house.isProved(request) ? nil : ProofField(error: nil).html
    }

    private static let judgements = [
        FormField.Choice(
            Emergency.Finding.justified.rawValue, Emergency.Finding.justified.title,
            hint: "Opening this chart was right."),
        FormField.Choice(
            Emergency.Finding.notJustified.rawValue, Emergency.Finding.notJustified.title,
            hint: "There was no emergency. What follows from that is decided outside Salus."),
    ]

    private func form(_ path: String, _ request: PageRequest, _ typed: Typed) async throws -> HTML {
        let followUp = FormField.Choice(
            Emergency.Finding.followUp.rawValue, Emergency.Finding.followUp.title,
            hint: "Somebody has to be asked first. It stays on the list until that is done, within 14 days.")
        let proof = try await proofField(request, typed)
        let fields: HTML = """
            \(FormField("finding", label: "What you found", kind: .radio(Self.judgements + [followUp]),
                value: typed.finding, error: typed.findingError, isRequired: true))
            \(FormField("words", label: "In a few words, if you like", kind: .paragraph(rows: 2), value: typed.words,
                hint: "At most 500 characters; they are kept sealed.", error: typed.wordsError))
            \(proof)\(ButtonRow("\(ActionButton("Save the review"))"))
            """
        return PostForm(action: "\(path)/review", csrf: request.formField, content: fields).html
    }

    private func waits(due: Instant, isLate: Bool) -> Callout {
        let verb = isLate ? "was" : "is"
        return Callout(
            isLate ? .danger : .warning, isLate ? "The follow-up is late" : "The follow-up is open",
            content: """
                Close it when whoever had to be asked has answered; it \(verb) due \(TimeText(due, in: house.localTime)).
                """)
    }

    private func closingForm(_ path: String, _ request: PageRequest, _ typed: Typed) async throws -> HTML {
        let proof = try await proofField(request, typed)
        let fields: HTML = """
            \(FormField("finding", label: "What came out of it", kind: .radio(Self.judgements),
                value: typed.finding, error: typed.findingError, isRequired: true))
            \(FormField("words", label: "Who was asked, and what they said", kind: .paragraph(rows: 2),
                value: typed.words, hint: "10 to 500 characters; they are kept sealed.", error: typed.wordsError,
                isRequired: true))
            \(proof)\(ButtonRow("\(ActionButton("Close the follow-up"))"))
            """
        return PostForm(action: "\(path)/close", csrf: request.formField, content: fields).html
    }
}
