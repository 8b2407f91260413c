// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The page of one person: roles, disabling, a new welcome link.
struct PersonPages: Sendable {
    let desk: PeopleDesk
    let gate: ProofGate
    let time: LocalTime
    let clock: any TimeSource
    let staff: StaffEntryLink

    func add(to site: inout Site) {
        let action = IdentityActions.managePeople
        let resource: @Sendable (PageRequest) -> EntityReference = {
            EntityReference(type: "person", id: $0.parameters["person"] ?? "")
        }
        site.get("/people/{person}", action, on: resource) { request in
            let person = try await desk.person(try request.identifier("person"))
            return .page(person.name, try await page(request, person))
        }
        site.post("/people/{person}/roles", action, on: resource) { request in try await setRoles(request) }
        site.post("/people/{person}/disable", action, on: resource) { request in
            let person = try await desk.person(try request.identifier("person"))
            let act = ProofGate.Act(
                title: "Disable", words: "\(person.name) will not be able to sign in any more, from now on.",
                cancel: Self.path(person), style: .danger)
            return try await gate.before(act, request) {
                try await desk.disable(person.id, by: try Self.actor(request))
                return .seeOther(Self.path(person))
            }
        }
        site.post("/people/{person}/enable", action, on: resource) { request in
            let person = try await desk.person(try request.identifier("person"))
            let act = ProofGate.Act(
                title: "Let them sign in again",
                words: "\(person.name) will be able to sign in again, as: \(StaffRole.titles(of: person.roles)).",
                cancel: Self.path(person))
            return try await gate.before(act, request) {
                try await desk.enable(person.id, by: try Self.actor(request))
                return .seeOther(Self.path(person))
            }
        }
        site.post("/people/{person}/reset", action, on: resource) { request in try await reset(request) }
    }

    private static func path(_ person: PersonRecord) -> String {
        "/people/\(person.id)"
    }

    private static func actor(_ request: PageRequest) throws -> EntityReference {
        .person(try request.person().person.id)
    }

    private func setRoles(_ request: PageRequest) async throws -> Answer {
        let person = try await desk.person(try request.identifier("person"))
        guard let roles = try? StaffRole.roles(RoleFields.chosen(request)) else {
            return .page(
                person.name, status: 422,
                try await page(request, person, roleError: "At least one role must stay ticked."))
        }
        let act = ProofGate.Act(
            title: "Save roles",
            words: "The roles of \(person.name) will be: \(StaffRole.titles(of: roles.map(\.rawValue))).",
            cancel: Self.path(person))
        return try await gate.before(act, request) {
            try await desk.setRoles(of: person.id, roles, by: try Self.actor(request))
            return .seeOther(Self.path(person))
        }
    }

    private func reset(_ request: PageRequest) async throws -> Answer {
        let id: Identifier<Person> = try request.identifier("person")
        // An unattended browser must not be enough to give an administrator's account a new phone.
        guard id != (try request.person().person.id) else {
            throw Fault(
                .refused,
                """
                Your own second factor is reset by another administrator, or on the server with: salus people \
                reset-factor
                """)
        }
        let person = try await desk.person(id)
        let isSetUp = person.factorConfirmed != nil
        let act = ProofGate.Act(
            title: isSetUp ? "Reset second factor" : "Make a new welcome link",
            words: isSetUp
                ? "Password, phone and recovery codes of \(person.name) stop working, and you get a new welcome link."
                : "You get a new welcome link for \(person.name); earlier ones stop working.",
            cancel: Self.path(person), style: isSetUp ? .danger : .primary)
        return try await gate.before(act, request) {
            let link = try await desk.resetFactor(of: id, by: try Self.actor(request))
            return .page("Welcome link", LinkPage.content(request, try await desk.person(id), link))
        }
    }

    private func page(
        _ request: PageRequest, _ person: PersonRecord, roleError: String? = nil
    ) async throws -> HTML {
        let state = PersonState(person)
        let path = Self.path(person)
        let roles: HTML = """
            \(RoleFields(chosen: person.roles, error: roleError, legend: "What they do here", hint: Self.lastRole(person)))\
            \(ButtonRow("\(ActionButton("Save roles"))"))
            """
        let signedIn: HTML = person.signedIn.map { "\(TimeText($0, in: time))" } ?? "Never"
        let entry = try await staff.path(person, for: request.visitor).map { path in
            [(term: "Department and numbers", value: Link("See or change them", to: path).html)]
        }
        return """
            \(Breadcrumb([Link("People", to: "/people")], current: person.name))
            \(PageHeading(person.name))
            \(DefinitionList([
                ("Sign-in name", "<code>\(person.login)</code>"), ("State", state.html(at: clock.now(), in: time)),
                ("Second factor", "\(state.factorChip)"), ("Last sign-in", signedIn),
                ("Since", "\(TimeText(person.created, in: time))"),
            ] + (entry ?? [])))
            \(PageSection("Roles", content: "\(PostForm(action: "\(path)/roles", csrf: request.formField, content: roles))"))
            \(PageSection("Sign-in", id: "sign-in", content: signIn(request, person, path)))
            """
    }

    /// Why the last role stays, and how to take everything away.
    private static func lastRole(_ person: PersonRecord) -> HTML {
        let instead: HTML =
            person.isEnabled
            ? "To take everything away from \(person.name), \(Link("disable the account", to: "\(path(person))#sign-in"))."
            : "\(person.name) is disabled, so no role lets them do anything."
        return "Everybody keeps at least one role. \(instead)"
    }

    private func signIn(_ request: PageRequest, _ person: PersonRecord, _ path: String) -> HTML {
        guard person.isEnabled else {
            return """
                <p>\(person.name) cannot sign in. Password and phone are kept.</p>
                \(form(request, "\(path)/enable", ActionButton("Let them sign in again")))
                """
        }
        let isSetUp = person.factorConfirmed != nil
        let reset =
            isSetUp
            ? ActionButton("Reset second factor", style: .danger)
            : ActionButton("Make a new welcome link", style: .secondary)
        let explanation: HTML =
            isSetUp
            ? """
            <p>Lost phone or forgotten password: resetting ends every session, takes password, phone and recovery \
            codes away, and gives you a new welcome link to hand over.</p>
            """
            : "<p>Earlier welcome links stop working.</p>"
        return """
            \(explanation)\(form(request, "\(path)/reset", reset))
            <p>Somebody who leaves is disabled, not deleted: what they did stays in the log.</p>
            \(form(request, "\(path)/disable", ActionButton("Disable", style: .danger)))
            """
    }

    private func form(_ request: PageRequest, _ path: String, _ button: ActionButton) -> HTML {
        PostForm(action: path, csrf: request.formField, content: "\(ButtonRow("\(button)"))").html
    }
}
