// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Web

// Sending a draft back, and what was said when somebody did.
extension DraftPages {
    /// What was written to the author of a draft, the last time first: the author reads it before anything else. Nil when
    /// it never came back.
    func returned(_ draft: RuleDraft?, _ names: [Identifier<Kernel.Person>: String]) async throws -> HTML? {
        guard let draft, draft.returned != nil else { return nil }
        let returns = try await desk.returns(of: draft)
        let said: [HTML] = returns.map { back in
            let words: HTML = back.words.map { "<p class=\"written\">\($0)</p>" } ?? "<p>The words do not open.</p>"
            return """
                \(words)<p class="note">\(name(back.person, names)), \(TimeText(back.at, in: house.localTime))</p>
                """
        }
        guard draft.isOpen, draft.proposed == nil, let latest = said.first else {
            return PageSection("Sent back before", note: "\(said.count)", content: HTML(said)).html
        }
        let earlier: HTML? =
            said.count == 1 ? nil : "<details><summary>Sent back before</summary>\(Array(said.dropFirst()))</details>"
        return Callout(.warning, "This draft was sent back", content: "\(latest)\(earlier)").html
    }

    /// What a form carries so that nobody passes over words that came after the page: when the draft was last sent back,
    /// in microseconds; empty for never.
    static func seen(_ returned: Instant?) -> HTML {
        "<input type=\"hidden\" name=\"returned\" value=\"\(returned.map { "\($0.microseconds)" } ?? "")\">"
    }

    /// What such a form said; nil for never.
    static func seenReturn(_ request: PageRequest) -> Instant? {
        request.form["returned"].flatMap { Int64($0) }.map(Instant.init(microseconds:))
    }

    /// The way to send a draft back, for whoever could approve it instead.
    func sendBackSection(_ request: PageRequest, _ draft: RuleDraft) -> HTML {
        PageSection(
            "Or send it back", id: "send-back",
            content: """
                <p>\(Self.sendBackLead)</p>\
                \(sendBackForm(request, draft.id, RuleText.digest(draft.policies), typed: "", error: nil))
                """
        ).html
    }

    private static let sendBackLead = "The author can change the draft, and put it forward again."

    /// - Parameter looked: what stands for the text that the reader looked at.
    private func sendBackForm(
        _ request: PageRequest, _ draft: Identifier<Kernel.Record>, _ looked: [UInt8], typed: String, error: String?
    ) -> HTML {
        let cancel: HTML? = error.map { _ in "\(Link("Cancel", to: Self.path(draft), style: .secondary))" }
        let content: HTML = """
            <input type="hidden" name="text" value="\(Hex.encode(looked))">\
            \(FormField("words", label: "What should be different, and why", kind: .paragraph(rows: 4), value: typed,
                hint: """
                    The author reads this, and so does everybody who may read rules; it stays with the draft. At most \
                    1,000 characters; name no patients.
                    """, error: error,
                isRequired: true, isFocused: error != nil, longest: DraftWords.longest))\
            \(ButtonRow("\(ActionButton("Send back", style: .secondary))\(cancel)"))
            """
        return PostForm(
            action: "\(Self.path(draft))/send-back", csrf: request.formField, content: content
        ).html
    }

    /// Takes nothing from anybody and gives nothing, so no fresh proof is asked for.
    func sendBack(_ request: PageRequest) async throws -> Answer {
        let id: Identifier<Kernel.Record> = try request.identifier("draft")
        guard let looked = request.form["text"].flatMap(Hex.decode) else {
            throw Fault(.invalidInput, "Open the draft and look at it first.")
        }
        let typed = request.form["words"] ?? ""
        guard let words = DraftWords(typed) else {
            // A page of its own: that of the draft may look again by itself while somebody types.
            let error = "Say what should be different, in at most 1,000 characters."
            return .page(
                "Send back", status: 422,
                """
                \(Breadcrumb([Link(Self.title, to: Self.path), Link("Draft", to: Self.path(id))], current: "Send back"))
                \(PageHeading("Send back", lead: Self.sendBackLead))
                \(sendBackForm(request, id, looked, typed: typed, error: error))
                """)
        }
        try await desk.sendBack(id, words, looked: looked, by: try request.person().person.id)
        return .seeOther(Self.path(id))
    }
}
