// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Web

/// The versions of the rules, and drafts of new ones.
struct DraftPages: Sendable {
    let house: House
    let desk: DraftDesk

    static let path = "/access/drafts"
    /// What the place is called, which is another one than that of the rules in force.
    static let title = "Changes to rules"

    func add(to site: inout Site) {
        let draft: @Sendable (PageRequest) -> Kernel.EntityReference = {
            Kernel.EntityReference(type: "rule-draft", id: $0.parameters["draft"] ?? "")
        }
        site.get(Self.path, AccessActions.readRules) { try await list($0) }
        site.get("\(Self.path)/new", AccessActions.draftRules) { try await begin($0) }
        site.post(Self.path, AccessActions.draftRules, largestForm: DraftLimits.formBytes) { try await save($0) }
        site.get("\(Self.path)/{draft}", AccessActions.readRules) { try await show($0) }
        site.post("\(Self.path)/{draft}", AccessActions.draftRules, largestForm: DraftLimits.formBytes) {
            try await save($0)
        }
        site.post("\(Self.path)/{draft}/propose", AccessActions.draftRules) { request in
            try await act(request) { try await desk.propose($0, seen: Self.seenReturn(request), by: $1) }
        }
        site.post("\(Self.path)/{draft}/withdraw", AccessActions.draftRules) { request in
            try await act(request) { try await desk.withdraw($0, by: $1) }
        }
        site.post("\(Self.path)/{draft}/enforce", AccessActions.draftRules) { request in
            try await force(request, title: "Put in force") {
                try await desk.enforceAlone($0, shown: $1, seen: Self.seenReturn(request), by: $2)
            }
        }
        site.post("\(Self.path)/{draft}/approve", AccessActions.approveRules, on: draft) { request in
            try await force(request, title: "Approve and put in force", desk.approve)
        }
        site.post("\(Self.path)/{draft}/send-back", AccessActions.approveRules, on: draft) { request in
            try await sendBack(request)
        }
    }

    static func path(_ draft: Identifier<Kernel.Record>) -> String { "\(path)/\(draft)" }

    /// The names of everybody, by id.
    func names() async throws -> [Identifier<Kernel.Person>: String] {
        Dictionary(
            try await house.directory.everyone().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    func name(_ person: Identifier<Kernel.Person>?, _ names: [Identifier<Kernel.Person>: String]) -> String {
        person.map { names[$0] ?? "Somebody who is gone" } ?? "The operator of the machine"
    }

    /// Whether whoever asks may do something, to decide which buttons are shown.
    func may(
        _ action: Action, _ request: PageRequest, on resource: Kernel.EntityReference = Site.institution
    ) async throws -> Bool {
        try await house.authorizer.decide(
            AccessRequest(
                principal: request.visitor.principal, action: action, resource: resource,
                assurance: request.visitor.assurance)
        ).isAllowed
    }
}

// Writing.
extension DraftPages {
    private func begin(_ request: PageRequest) async throws -> Answer {
        let version = request.query["from"].flatMap { Int64($0) }
        let text = try await desk.text(ofVersion: version)
        let note = version.map { "Back to version \($0)." } ?? ""
        return .page(
            "New draft", editor(request, Self.path, String(decoding: text, as: UTF8.self), note, nil, isNew: true))
    }

    func editor(
        _ request: PageRequest, _ path: String, _ text: String, _ note: String,
        _ checked: CheckedRules?, isNew: Bool, returned: HTML? = nil
    ) -> HTML {
        let buttons: HTML = """
            \(ActionButton("Save and see the impact", name: "do", value: "save"))\
            \(ActionButton("Check", style: .secondary, name: "do", value: "check"))\
            \(ActionButton("Format", style: .secondary, name: "do", value: "format"))\
            \(Link("Cancel", to: isNew ? Self.path : path, style: .secondary))
            """
        let heading = isNew ? "New draft" : "Change the draft"
        return """
            \(Breadcrumb([Link(Self.title, to: Self.path)], current: heading))
            \(PageHeading(heading,
                lead: "Nothing changes until the draft is in force. A draft is stored only when it has no errors."))\(returned)
            \(RuleForm(action: path, csrf: request.formField, content: """
                \(RuleEditor(text: text, note: note, findings: checked?.findings.all ?? [],
                    objections: checked?.objections ?? []))\(checked.map(Self.fine))\(ButtonRow(buttons))
                """))
            """
    }

    private static func fine(_ checked: CheckedRules) -> HTML {
        guard checked.findings.all.isEmpty, checked.objections.isEmpty else { return "" }
        return Callout(.success, "No errors", content: "The rules fit the schema, and nobody would be locked out.").html
    }

    private func save(_ request: PageRequest) async throws -> Answer {
        let id: Identifier<Kernel.Record>? =
            request.parameters["draft"] == nil ? nil : try request.identifier("draft")
        let person = try request.person().person.id
        // Who may not change a draft need not have its text checked.
        let draft: RuleDraft?
        if let id { draft = try await desk.own(id, of: person) } else { draft = nil }
        // Browsers send every line end as CR LF.
        var text = (request.form["policies"] ?? "").utf8.filter { $0 != 0x0D }
        let note = request.form["note"] ?? ""
        let todo = request.form["do"]
        if todo == "format", let better = try? PolicyFormatter(width: 110, limits: DraftLimits.syntax).format(text) {
            text = better
        }
        let checked = try await desk.check(text)
        guard todo != "check", todo != "format", checked.isSound else {
            let page = editor(
                request, id.map(Self.path) ?? Self.path, String(decoding: text, as: UTF8.self), note, checked,
                isNew: id == nil, returned: try await returned(draft, try await names()))
            return .page(
                id == nil ? "New draft" : "Change the draft", status: checked.isSound ? 200 : 422, page)
        }
        if let id {
            try await desk.save(id, checked, note: note, by: person)
            return .seeOther(Self.path(id))
        }
        return .seeOther(Self.path(try await desk.add(checked, note: note, by: person)))
    }
}

// Acting.
extension DraftPages {
    private func act(
        _ request: PageRequest,
        _ perform: (Identifier<Kernel.Record>, Identifier<Kernel.Person>) async throws -> Void
    ) async throws -> Answer {
        let id: Identifier<Kernel.Record> = try request.identifier("draft")
        try await perform(id, try request.person().person.id)
        return .seeOther(Self.path(id))
    }

    private func force(
        _ request: PageRequest, title: String,
        _ perform: (Identifier<Kernel.Record>, [UInt8], Identifier<Kernel.Person>) async throws -> DraftDesk.Outcome
    ) async throws -> Answer {
        let id: Identifier<Kernel.Record> = try request.identifier("draft")
        guard let shown = request.form["impact"].flatMap(Hex.decode) else {
            throw Fault(.invalidInput, "Open the draft and look at its impact first.")
        }
        guard try await house.isProved(request) else { return confirmation(request, id, title) }
        switch try await perform(id, shown, try request.person().person.id) {
        case .inForce: return .seeOther(Self.path(id))
        case .lookAgain: return .seeOther("\(Self.path(id))?again=more")
        case .forgotten: return .seeOther("\(Self.path(id))?again=restarted")
        case .computing: return .seeOther("\(Self.path(id))?again=late")
        case .needsAnother:
            throw Fault(.refused, "This draft widens something sensitive: put it forward, so that somebody else looks.")
        }
    }

    private func confirmation(_ request: PageRequest, _ id: Identifier<Kernel.Record>, _ title: String) -> Answer {
        let error = request.form[ProofField.name] == nil ? nil : ProofField.wrong
        let content: HTML = """
            <input type="hidden" name="impact" value="\(request.form["impact"])">\
            \(Self.seen(Self.seenReturn(request)))\
            \(ProofField(error: error, isFocused: true))\
            \(ButtonRow("\(ActionButton(title))\(Link("Cancel", to: Self.path(id), style: .secondary))"))
            """
        return .page(
            "Confirm that it is you", status: error == nil ? 200 : 422,
            """
            \(PageHeading("Confirm that it is you",
                lead: "The rules of this draft hold for everybody from the moment in which you go on."))
            \(PostForm(action: request.path, csrf: request.formField, content: content))
            """)
    }
}

/// A form as wide as the page: rules need room.
struct RuleForm: Component {
    let action: String
    let csrf: CSRFField
    let content: HTML

    var html: HTML {
        "<form class=\"rule-form\" method=\"post\" action=\"\(path: action)\">\(csrf)\(content)</form>"
    }
}
