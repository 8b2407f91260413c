// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Web

extension DraftPages {
    /// One draft or version: what it would change, its text, and what can be done with it.
    func show(_ request: PageRequest) async throws -> Answer {
        let draft = try await desk.draft(try request.identifier("draft"))
        let names = try await names()
        let isOwn = draft.author == (try request.person().person.id)
        if isOwn, draft.isOpen, request.query["edit"] != nil {
            let text = String(decoding: draft.policies, as: UTF8.self)
            return .page(
                "Change the draft",
                editor(
                    request, Self.path(draft.id), text, try await desk.note(of: draft), nil, isNew: false,
                    returned: try await returned(draft, names)))
        }
        guard draft.isOpen else { return .page(title(of: draft), try await closed(draft, names)) }
        let mayApprove = isOwn ? false : try await may(AccessActions.approveRules, request, on: .ruleDraft(draft.id))
        let returned = try await returned(draft, names)
        let sendBack = mayApprove && draft.proposed != nil ? sendBackSection(request, draft) : nil
        switch try await desk.impacts.look(at: draft.policies) {
        case .waiting:
            return try await later(
                draft, names, "Another draft is compared first. This page looks again by itself.", ("Waiting", 0, nil))
        case .computing(let done, let size):
            return try await later(
                draft, names, "Every decision of both rule books is compared. This page looks again by itself.",
                ("Comparing", done, size > 0 ? size : nil))
        case .impossible(let why):
            return .page(
                title(of: draft),
                """
                \(head(draft, try await desk.note(of: draft), names))\(returned)
                \(PageSection("What would be different", content: Callout(.danger, "This cannot be put in force",
                    content: "\(why)").html))
                \(PageSection("What now", id: "act", content: isOwn ? change(request, draft) : "The author must change it."))
                \(sendBack)
                """)
        case .ready(let result):
            let impact = ImpactView(
                impact: result.impact, names: names, path: Self.path(draft.id),
                part: request.query["part"].flatMap { Int($0) } ?? 1, time: house.localTime)
            return .page(
                title(of: draft),
                """
                \(head(draft, try await desk.note(of: draft), names,
                    actions: "\(Link("What can be done now", to: "#act", style: .secondary))"))\(returned)
                \(request.query["again"].flatMap(Self.again))
                \(try await outdated(draft, result.version))
                \(PageSection("What would be different", id: "impact", content: impact.html))
                \(PageSection("Which rules are different", content: try await differences(draft)))
                \(PageSection("What now", id: "act", content: buttons(request, draft, result, isOwn, mayApprove)))
                \(sendBack)
                """)
        }
    }

    private func later(
        _ draft: RuleDraft, _ names: [Identifier<Kernel.Person>: String], _ words: String,
        _ bar: (label: String, done: Int, size: Int?)
    ) async throws -> Answer {
        let content: HTML = """
            \(head(draft, try await desk.note(of: draft), names))\(try await returned(draft, names))
            \(PageSection("What would be different",
                content: "<p>\(words)</p>\(ProgressBar(bar.label, done: bar.done, of: bar.size))"))
            """
        return Answer.page(title(of: draft), content).with("refresh", "2")
    }

    /// Why nothing was put in force yet.
    private static func again(_ why: String) -> Callout? {
        switch why {
        case "more":
            Callout(
                .warning, "Look again", content: "Since you looked, somebody would gain more. Nothing was put in force."
            )
        case "restarted":
            Callout(
                .info, "Please look once more",
                content: """
                    Salus was restarted since you looked, and does not know any more what it showed you. Below is what \
                    the draft changes now. Nothing was put in force; if it is still right, press the button again.
                    """)
        case "late":
            Callout(
                .info, "Compared anew",
                content: """
                    The directory had to be compared again before these rules can hold. That is done now. Nothing was \
                    put in force; press the button again within a minute.
                    """)
        default: nil
        }
    }

    private func title(of draft: RuleDraft) -> String {
        if let version = draft.version { return "Version \(version)" }
        return "Draft of \(house.localTime.text(draft.created))"
    }

    private func head(
        _ draft: RuleDraft, _ note: String, _ names: [Identifier<Kernel.Person>: String], actions: HTML = ""
    ) -> HTML {
        let state =
            draft.version.map { "Put in force as version \($0)" }
            ?? (draft.isWithdrawn
                ? "Withdrawn"
                : draft.proposed != nil ? "Waits for approval" : draft.isSentBack ? "Sent back" : "In the making")
        return """
            \(Breadcrumb([Link(Self.title, to: Self.path)], current: title(of: draft)))
            \(PageHeading(title(of: draft), actions: actions))
            \(DefinitionList([
                ("State", "\(state)"), ("By", "\(name(draft.author, names))"),
                ("Begun from", "Version \(draft.base)"), ("Saved", "\(TimeText(draft.saved, in: house.localTime))"),
                ("Note", note.isEmpty ? "None" : "\(note)"),
            ]))
            """
    }

    private func closed(_ draft: RuleDraft, _ names: [Identifier<Kernel.Person>: String]) async throws -> HTML {
        let approvals: [HTML] = try await desk.approvals(of: draft).map { approval in
            "<li>\(name(approval.person, names)), \(TimeText(approval.at, in: house.localTime))</li>"
        }
        let list: HTML? = approvals.isEmpty ? nil : PageSection("Approved by", content: "<ul>\(approvals)</ul>").html
        return """
            \(head(draft, try await desk.note(of: draft), names))\(list)\(try await returned(draft, names))
            \(PageSection("Rules", content: "\(CodeBlock(String(decoding: draft.policies, as: UTF8.self), label: "Cedar policies"))"))
            """
    }

    private func outdated(_ draft: RuleDraft, _ version: Int64) async throws -> HTML? {
        guard draft.base != version else { return nil }
        return Callout(
            .warning, "Version \(version) came into force after this draft was begun",
            content:
                "The draft puts the whole text in its place. What is listed below is the difference to version \(version)."
        ).html
    }

    private func differences(_ draft: RuleDraft) async throws -> HTML {
        let before = try await desk.impacts.rules.census().book
        let after = try RuleBook(parsing: draft.policies)
        return """
            \(RuleDifferences(before: before, after: after))<details><summary>The whole text</summary>\
            \(CodeBlock(String(decoding: draft.policies, as: UTF8.self), label: "Cedar policies"))</details>
            """
    }

    private func buttons(
        _ request: PageRequest, _ draft: RuleDraft, _ result: ImpactDesk.Result, _ isOwn: Bool, _ mayApprove: Bool
    ) -> HTML {
        let path = Self.path(draft.id)
        guard result.impact.broken.isEmpty else {
            return isOwn ? change(request, draft) : "<p>The author must change the draft first.</p>"
        }
        func form(_ act: String, _ button: ActionButton) -> HTML {
            let seen: HTML = """
                <input type="hidden" name="impact" value="\(Hex.encode(result.digest))">\(Self.seen(draft.returned))
                """
            return PostForm(
                action: "\(path)/\(act)", csrf: request.formField, isInline: true, content: "\(seen)\(button)"
            ).html
        }
        guard isOwn else {
            if draft.proposed == nil { return "<p>The author has not put this draft forward yet.</p>" }
            guard mayApprove else {
                return "<p>It waits for somebody who may approve rules.</p>"
            }
            return """
                <p>When you approve, these rules hold for everybody at once. The log will say that it was you.</p>\
                \(form("approve", ActionButton("Approve and put in force")))
                """
        }
        let words: HTML =
            result.impact.isSensitive
            ? (draft.proposed == nil
                ? "Somebody else must approve it; why, stands above. Put it forward when you are done."
                : "It waits for somebody else to approve it. Whoever wrote it cannot.")
            : "It widens nothing sensitive: you can put it in force yourself, or let somebody else look."
        let alone =
            result.impact.isSensitive
            ? nil
            : form("enforce", ActionButton("Put in force", style: result.impact.harmed.isEmpty ? .primary : .danger))
        let propose =
            draft.proposed == nil
            ? form("propose", ActionButton("Put forward for approval", style: alone == nil ? .primary : .secondary))
            : nil
        return """
            <p>\(words)</p><div class="rule-acts">\(alone)\(propose)\
            \(change(request, draft))</div>
            """
    }

    private func change(_ request: PageRequest, _ draft: RuleDraft) -> HTML {
        let path = Self.path(draft.id)
        let withdraw = PostForm(
            action: "\(path)/withdraw", csrf: request.formField, isInline: true,
            content: "\(ActionButton("Withdraw", style: .danger))")
        return "\(Link("Change the draft", to: "\(path)?edit=1", style: .secondary))\(withdraw)"
    }
}
