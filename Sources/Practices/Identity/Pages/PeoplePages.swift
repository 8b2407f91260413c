// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The list of people and the invitation.
struct PeoplePages: Sendable {
    let desk: PeopleDesk
    let gate: ProofGate
    let time: LocalTime
    let clock: any TimeSource
    let staff: StaffEntryLink

    func add(to site: inout Site) {
        site.get("/people", IdentityActions.managePeople) { request in
            .page("People", list(try await desk.everyone(), request))
        }
        site.get("/people/invite", IdentityActions.managePeople) { request in
            .page("Invite somebody", inviteForm(request, InviteForm(), InviteErrors()))
        }
        site.post("/people/invite", IdentityActions.managePeople) { request in
            try await gate.before(Self.inviting(request), request) { try await invite(request) }
        }
    }

    private static func inviting(_ request: PageRequest) -> ProofGate.Act {
        let name = request.form["name"].flatMap { $0.isEmpty ? nil : $0 } ?? "somebody"
        let roles = StaffRole.titles(of: RoleFields.chosen(request))
        return ProofGate.Act(
            title: "Make the welcome link",
            words: "You are about to let \(name) in here as: \(roles.isEmpty ? "nothing yet" : roles).",
            cancel: "/people/invite")
    }

    private func list(_ people: [PersonRecord], _ request: PageRequest) -> HTML {
        let now = clock.now()
        let list = LongList(
            people, "people", of: request,
            text: { "\($0.name) \($0.login) \(StaffRole.titles(of: $0.roles))" },
            sorts: [
                1: \.name, 2: \.login, 3: { StaffRole.titles(of: $0.roles) }, 6: { $0.signedIn?.rfc3339 ?? "" },
            ])
        let rows: [[HTML]] = list.shown.map { person in
            [
                "\(Link(person.name, to: "/people/\(person.id)"))",
                "<code>\(person.login)</code>",
                "\(StaffRole.titles(of: person.roles))",
                "\(PersonState(person).factorChip)",
                PersonState(person).html(at: now, in: time),
                person.signedIn.map { "\(TimeText($0, in: time))" } ?? "Never",
            ]
        }
        return """
            \(PageHeading("People", lead: "Who can sign in here, and as what.",
                actions: "\(Link("Invite somebody", to: "/people/invite", style: .primary))"))
            \(list.framed(DataTable(
                caption: "People",
                columns: [
                    .init("Name"), .init("Sign-in name"), .init("Roles"), .init("Second factor"), .init("State"),
                    .init("Last sign-in"),
                ], rows: rows)))
            """
    }

    private struct InviteForm {
        var login = ""
        var name = ""
        var roles: [String] = []
    }

    private struct InviteErrors {
        var login: String?
        var name: String?
        var roles: String?

        var isEmpty: Bool { login == nil && name == nil && roles == nil }
    }

    private func inviteForm(_ request: PageRequest, _ form: InviteForm, _ errors: InviteErrors) -> HTML {
        let fields: HTML = """
            \(FormField("name", label: "Name", value: form.name, hint: "As colleagues know it.", error: errors.name,
                isRequired: true, isFocused: true))
            \(FormField("login", label: "Sign-in name", value: form.login, hint: Login.hint, error: errors.login,
                isRequired: true))
            \(RoleFields(chosen: form.roles, error: errors.roles))
            \(ButtonRow("\(ActionButton("Make the welcome link"))\(Link("Cancel", to: "/people", style: .secondary))"))
            """
        return """
            \(Breadcrumb([Link("People", to: "/people")], current: "Invite"))
            \(PageHeading("Invite somebody",
                lead: "You get a link to hand over. With it they choose a password and connect their phone."))
            \(PostForm(action: "/people/invite", csrf: request.formField, content: fields))
            """
    }

    private func invite(_ request: PageRequest) async throws -> Answer {
        let form = InviteForm(
            login: request.form["login"] ?? "", name: request.form["name"] ?? "", roles: RoleFields.chosen(request))
        var errors = InviteErrors()
        let (login, name, roles) = (Login(form.login), PersonName(form.name), try? StaffRole.roles(form.roles))
        if login == nil { errors.login = "A sign-in name has \(Login.hint)." }
        if name == nil { errors.name = "Enter the name that colleagues know." }
        if roles == nil { errors.roles = "Choose at least one role." }
        if errors.isEmpty, let login, let name, let roles {
            do {
                let (person, link) = try await desk.invite(
                    login, name, roles, by: .person(try request.person().person.id))
                // The link is shown only now, whatever becomes of the way on.
                let entry = (try? await staff.path(person, for: request.visitor)) ?? nil
                return .page("Welcome link", LinkPage.content(request, person, link, staffEntry: entry))
            } catch let fault as Fault where fault.code == .invalidInput {
                errors.login = fault.message
            }
        }
        return .page("Invite somebody", status: 422, inviteForm(request, form, errors))
    }
}
