// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The review of an emergency and the follow-up after it: what was said, and the form for what comes next.
extension EmergencyReviewPage {
    /// The section about the review.
    func review(
        _ emergency: Emergency, _ notes: Notes, _ people: [Identifier<Person>: String], _ now: Instant,
        _ request: PageRequest, _ typed: Typed
    ) async throws -> HTML {
        let given = emergency.review.map { judgement($0, notes.review, people, due: emergency.due) }
        let closed = emergency.closing.map { closing -> HTML in
            let list = judgement(closing, notes.closing, people, due: emergency.followUpDue)
            return "<h3>After the follow-up</h3>\(list)"
        }
        let state = emergency.state(at: now)
        guard state != .reviewed else { return "\(given)\(closed)" }
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: request.visitor.principal, action: AccessActions.reviewEmergency,
                resource: EntityReference(type: "break-glass", id: emergency.id.description),
                assurance: request.visitor.assurance))
        guard decision.isAllowed else {
            return "\(given)\(Callout(.info, "Not for you to review", content: "\(decision.explanation)"))"
        }
        let path = "\(ReviewPages.path)/\(emergency.id)"
        if state == .open { return try await endForm(path, request, typed) }
        return state.isFollowUp
            ? "\(given)\(try await followUp(emergency, state, path, request, typed))"
            : try await form(path, request, typed)
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

    private func followUp(
        _ emergency: Emergency, _ state: Emergency.State, _ path: String, _ request: PageRequest, _ typed: Typed
    ) async throws -> HTML {
        let due: HTML? = emergency.followUpDue.map { "\(TimeText($0, in: house.localTime))" }
        let late = state == .followUpOverdue
        let callout = Callout(
            late ? .danger : .warning, late ? "The follow-up is late" : "The follow-up is open",
            content: "Close it when whoever had to be asked has answered; \(late ? "it was due" : "it is due") \(due).")
        let proof = try await proofField(request, typed)
        let fields: HTML = """
            \(FormField("finding", label: "What came out of it", kind: .radio(Self.judgements),
                value: typed.finding, error: typed.findingError, isRequired: true))
            \(FormField("words", label: "Who was asked, and what they said", kind: .paragraph(rows: 2),
                value: typed.words, hint: "10 to 500 characters; they are kept sealed.", error: typed.wordsError,
                isRequired: true))
            \(proof)\(ButtonRow("\(ActionButton("Close the follow-up"))"))
            """
        return "\(callout)\(PostForm(action: "\(path)/close", csrf: request.formField, content: fields))"
    }
}
