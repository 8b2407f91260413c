// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// Stands before acts for which a session that was found or stolen must not be enough: whoever gave no proof of who
/// they are in the last minutes is asked for one, and the act goes on from there with what was filled in before.
struct ProofGate: Sendable {
    let desk: AccountDesk

    static let label = ProofField.label
    static let wrong = ProofField.wrong

    /// What is about to happen.
    struct Act: Sendable {
        /// The button: a verb and its object.
        let title: String
        /// What it does and to whom, in a sentence.
        let words: String
        /// Where it leads not to do it.
        let cancel: String
        /// How the button looks.
        var style = ActionButton.Style.primary
    }

    /// Goes on with `perform`, or answers with the page that asks for a proof.
    func before(
        _ act: Act, _ request: PageRequest, _ perform: () async throws -> Answer
    ) async throws -> Answer {
        if try await desk.isProved(request.sessionToken) { return try await perform() }
        guard let proof = request.form[ProofField.name] else { return page(act, request, status: 200, error: nil) }
        let id = try request.person().person.id
        guard try await desk.proves(proof, of: id, session: request.sessionToken) else {
            return page(act, request, status: 422, error: Self.wrong)
        }
        return try await perform()
    }

    private func page(_ act: Act, _ request: PageRequest, status: Int, error: String?) -> Answer {
        let kept: [HTML] = request.form.all.filter { $0.name != "csrf" && $0.name != "proof" }.map { field in
            "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
        }
        let fields: HTML = """
            \(kept)\(ProofField(error: error, isFocused: true))
            \(ButtonRow("\(ActionButton(act.title, style: act.style))\(Link("Cancel", to: act.cancel, style: .secondary))"))
            """
        return .page(
            "Confirm that it is you", status: status,
            """
            \(PageHeading("Confirm that it is you", lead: act.words))
            \(PostForm(action: request.path, csrf: request.formField, content: fields))
            """)
    }
}
