// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// One's own page: sessions, password, recovery codes.
struct AccountPages: Sendable {
    let desk: AccountDesk
    let time: LocalTime

    func add(to site: inout Site) {
        let action = IdentityActions.ownAccount
        site.get("/me", action) { request in .page("Your sign-in", try await overview(request)) }
        site.post("/me/sessions", action) { request in try await endSession(request) }
        site.get("/me/password", action) { request in .page("Change password", passwordForm(request)) }
        site.post("/me/password", action) { request in try await changePassword(request) }
        site.get("/me/codes", action) { request in .page("New recovery codes", codesForm(request)) }
        site.post("/me/codes", action) { request in try await makeCodes(request) }
    }

    private func overview(_ request: PageRequest, error: String? = nil) async throws -> HTML {
        let signedIn = try request.person()
        let overview = try await desk.overview(of: signedIn.person.id)
        let person = overview.person
        let left = overview.recoveryCodesLeft
        let codes: HTML = """
            \(StatusChip(left >= 3 ? .met : left > 0 ? .partial : .notMet, word: "\(left) left"))
            """
        let changed: HTML = person.passwordChanged.map { "\(TimeText($0, in: time))" } ?? ""
        return """
            \(PageHeading("Your sign-in", lead: "\(person.name), signed in as \(person.login)."))
            \(DefinitionList([
                ("Roles", "\(StaffRole.titles(of: person.roles))"),
                ("Password set", "\(changed) \(Link("Change the password", to: "/me/password"))"),
                ("Recovery codes", "\(codes) \(Link("Make new ones", to: "/me/codes"))"),
            ]))
            \(PageSection("Where you are signed in", note: "\(overview.sessions.count)",
                content: sessions(request, overview.sessions, current: signedIn.session, error)))
            """
    }

    private func sessions(
        _ request: PageRequest, _ sessions: [SessionRecord], current: String, _ error: String?
    ) -> HTML {
        let rows: [[HTML]] = sessions.map { session in
            let isCurrent = session.id.description.utf8.elementsEqual(current.utf8)
            let button = ActionButton("End", style: .danger, name: "session", value: session.id.description)
            return [
                "\(TimeText(session.started, in: time))",
                "\(TimeText(session.seen, in: time))",
                isCurrent ? "\(StatusChip(.met, word: "This browser"))" : "\(button)",
            ]
        }
        let table = DataTable(
            caption: "Your sessions", columns: [.init("Signed in"), .init("Last used"), .init("Session")], rows: rows)
        guard sessions.count > 1 else { return table.html }
        let proof = FormField(
            "proof", label: ProofGate.label, kind: .password, hint: "Needed to end another session.", error: error,
            isRequired: true)
        return PostForm(action: "/me/sessions", csrf: request.formField, content: "\(table)\(proof)").html
    }

    private func proves(_ request: PageRequest) async throws -> Bool {
        try await desk.proves(
            request.form["proof"] ?? "", of: try request.person().person.id, session: request.sessionToken)
    }

    private func endSession(_ request: PageRequest) async throws -> Answer {
        let id = try request.person().person.id
        guard let session = Identifier<Session>(request.form["session"] ?? "") else {
            throw Fault(.invalidInput, "Choose the session that is to end.")
        }
        guard try await proves(request) else {
            return .page("Your sign-in", status: 422, try await overview(request, error: ProofGate.wrong))
        }
        try await desk.endSession(session, of: id)
        return .seeOther("/me")
    }

    private func passwordForm(
        _ request: PageRequest, proof: String? = nil, password: String? = nil, again: String? = nil
    ) -> HTML {
        let fields: HTML = """
            \(FormField("proof", label: ProofGate.label, kind: .password, error: proof, isRequired: true,
                isFocused: true))
            \(FormField("password", label: "New password", kind: .password,
                hint: "At least \(PasswordRules.leastLength) characters. A few words in a row work well.",
                error: password, autocomplete: "new-password", isRequired: true))
            \(FormField("again", label: "The same password again", kind: .password, error: again,
                autocomplete: "new-password", isRequired: true))
            \(ButtonRow("\(ActionButton("Change the password"))\(Link("Cancel", to: "/me", style: .secondary))"))
            """
        return """
            \(Breadcrumb([Link("Your sign-in", to: "/me")], current: "Change password"))
            \(PageHeading("Change your password", lead: "Everywhere else you are signed out."))
            \(PostForm(action: "/me/password", csrf: request.formField, content: fields))
            """
    }

    private func changePassword(_ request: PageRequest) async throws -> Answer {
        let person = try request.person().person
        let typed = request.form["password"] ?? ""
        let objection = desk.rules.objection(to: typed, login: person.login, name: person.name)
        let isSame = typed.utf8.elementsEqual((request.form["again"] ?? "").utf8)
        guard objection == nil, isSame, let password = PasswordText(typed) else {
            let again = objection == nil ? "The two passwords differ. Type the same one twice." : nil
            return .page("Change password", status: 422, passwordForm(request, password: objection, again: again))
        }
        guard try await proves(request) else {
            return .page("Change password", status: 422, passwordForm(request, proof: ProofGate.wrong))
        }
        let grant = try await desk.setPassword(password, of: person.id, session: request.sessionToken)
        return Answer.seeOther("/me").opening(grant.session).marking(grant.device)
    }

    private func codesForm(_ request: PageRequest, error: String? = nil) -> HTML {
        let fields: HTML = """
            \(FormField("proof", label: ProofGate.label, kind: .password, error: error, isRequired: true,
                isFocused: true))
            \(ButtonRow("\(ActionButton("Make ten new codes"))\(Link("Cancel", to: "/me", style: .secondary))"))
            """
        return """
            \(Breadcrumb([Link("Your sign-in", to: "/me")], current: "New recovery codes"))
            \(PageHeading("New recovery codes", lead: "The codes that you have now stop working."))
            \(PostForm(action: "/me/codes", csrf: request.formField, content: fields))
            """
    }

    private func makeCodes(_ request: PageRequest) async throws -> Answer {
        let id = try request.person().person.id
        guard try await proves(request) else {
            return .page("New recovery codes", status: 422, codesForm(request, error: ProofGate.wrong))
        }
        let codes = try await desk.makeRecoveryCodes(for: id)
        return .page(
            "Your recovery codes",
            """
            \(RecoveryCodesPage.content(codes))
            \(ButtonRow("\(Link("I have kept them", to: "/me", style: .primary))"))
            """)
    }
}
