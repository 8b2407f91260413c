// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Web

/// The pages about other programs: which ones ask, what each may ask, and the button that answers one no more.
struct ApplicationPages: Sendable {
    let desk: ApplicationDesk
    let time: LocalTime

    func add(to site: inout Site) {
        let action = AccessActions.manageApplications
        site.get("/access/applications", action) { _ in .page("Applications", list(try await desk.all())) }
        site.get("/access/applications/{application}", action) { request in
            let application = try await desk.application(try request.identifier("application"))
            return .page(application.name, try await page(request, application))
        }
        site.post("/access/applications/{application}/disable", action) { request in
            let id: Identifier<Application> = try request.identifier("application")
            try await desk.setEnabled(false, id, by: .person(try request.person().person.id))
            return .seeOther("/access/applications/\(id)")
        }
    }

    private func list(_ applications: [Application]) -> HTML {
        let rows: [[HTML]] = applications.map { application in
            [
                "\(Link(application.name, to: "/access/applications/\(application.id)"))",
                application.asksHouse ? "The people and patients of Salus" : "Things of its own",
                "\(application.chip)", used(application),
            ]
        }
        return """
            \(PageHeading("Applications",
                lead: "Other programs of the clinic that ask Salus who may do what."))
            \(DataTable(
                caption: "Applications",
                columns: [.init("Name"), .init("Asks about"), .init("State"), .init("Asked last")], rows: rows,
                empty: EmptyState("No program asks yet",
                    text: "A program gets a token of its own and asks over HTTPS, with every answer in the log.")))
            \(PageSection("Add one", content: Self.adding))
            """
    }

    private static let adding: HTML = """
        <p>Applications are added on the server, where their files are. The command prints the token once.</p>
        \(CodeBlock(
            "salus access applications add \"Name\" --schema app.cedarschema --policies app.cedar --entities app.json",
            label: "A program with things and rules of its own"))
        \(CodeBlock("salus access applications add \"Name\" --house",
            label: "A program that asks about the people and patients of Salus"))
        <p>A program that leaves out what the rules mask gets <code>--honours-masks</code> too; all others are refused \
        what the rules show only in part.</p>
        """

    private func page(_ request: PageRequest, _ application: Application) async throws -> HTML {
        """
        \(Breadcrumb([Link("Applications", to: "/access/applications")], current: application.name))
        \(PageHeading(application.name))
        \(DefinitionList([
            ("State", "\(application.chip)"), ("Asked last", used(application)),
            ("Since", "\(TimeText(application.created, in: time))"),
            ("In the log as", "\(HashText(application.id.description, length: nil))"),
        ]))
        \(PageSection("What it may ask", content: try await scope(of: application)))
        \(PageSection("Answering", content: answering(request, application)))
        """
    }

    private func used(_ application: Application) -> HTML {
        application.used.map { "\(TimeText($0, in: time))" } ?? "Never"
    }

    private func scope(of application: Application) async throws -> HTML {
        guard let texts = try await desk.texts(of: application) else {
            return """
                <p>Whether somebody in the directory may do something here, to a patient or to the clinic as a whole. \
                The clinic's own rules answer; whatever the program says about people and patients changes nothing.</p>
                \(Self.masks(application))
                """
        }
        guard let rules = try? PolicyStore(texts) else {
            return "\(Callout(.danger, "Its rules cannot be read any more. Load them anew on the server."))"
        }
        let rows: [[HTML]] = rules.actions.sorted { $0.key < $1.key }.map { name, uid in
            let type = rules.schema.actions[uid]
            return ["\(name.string)", "\(Self.names(type?.principals))", "\(Self.names(type?.resources))"]
        }
        let (policies, entities) = (rules.policies.policies.count, rules.entities.count)
        return """
            <p>It brought rules of its own, with \(policies) \(policies == 1 ? "policy" : "policies") and \(entities) \
            known \(entities == 1 ? "thing" : "things"), in version \(application.version). No rule of the clinic \
            decides here, and no patient of Salus can be asked about.</p>
            \(DataTable(
                caption: "Actions", columns: [.init("Action"), .init("Who"), .init("On what")], rows: rows,
                empty: EmptyState("No actions", text: "Its schema declares nothing that could be asked.")))
            """
    }

    /// What a program hears of things that the rules show only in part, and the command that changes it.
    private static func masks(_ application: Application) -> HTML {
        let command = "salus access applications set \"\(application.name)\""
        guard application.honoursMasks else {
            return """
                <p>What the rules show only in part, such as a patient without the address, is refused to it: nobody has \
                said that it leaves out what it is told to. If its maker says so, on the server:</p>
                \(CodeBlock("\(command) --honours-masks", label: "It leaves out what is masked"))
                """
        }
        return """
            <p>What the rules show only in part is permitted to it, with a list of what it must leave out: it is trusted \
            to do so. If it shows those parts all the same, on the server:</p>
            \(CodeBlock("\(command) --no-honours-masks", label: "Refuse it what is masked"))
            """
    }

    private static func names(_ types: Set<TypeName>?) -> String {
        (types ?? []).map(\.text).sorted().map(\.string).joined(separator: ", ")
    }

    private func answering(_ request: PageRequest, _ application: Application) -> HTML {
        guard application.isEnabled else {
            return """
                <p>It is refused whatever it asks. What it had is kept. To answer it again, on the server:</p>
                \(CodeBlock("salus access applications set \"\(application.name)\" --enable", label: "Answer again"))
                """
        }
        let button = ActionButton("Disable", style: .danger)
        return """
            <p>Disabling holds from its next question on; people who work with that program may not be let in then. \
            A token that somebody else may have seen is replaced on the server:</p>
            \(CodeBlock("salus access applications rotate-token \"\(application.name)\"", label: "A new token"))
            \(PostForm(action: "/access/applications/\(application.id)/disable", csrf: request.formField,
                content: "\(ButtonRow("\(button)"))"))
            """
    }
}

extension Application {
    /// Whether it is answered.
    fileprivate var chip: StatusChip {
        isEnabled ? StatusChip(.met, word: "Answered") : StatusChip(.notMet, word: "Disabled")
    }
}
