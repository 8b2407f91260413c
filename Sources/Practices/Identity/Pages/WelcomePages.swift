// SPDX-License-Identifier: Apache-2.0

import Kernel
import QRCode
import Web

/// The pages behind a welcome link: name and password, the phone, the recovery codes.
struct WelcomePages: Sendable {
    let desk: WelcomeDesk
    let time: LocalTime

    private static let steps = ["Name and password", "Your phone", "Recovery codes"]

    func add(to site: inout Site) {
        site.get("/welcome/{token}", IdentityActions.welcome) { request in
            try await alive(request) { link in
                let isBack = request.query["step"].map { $0.utf8.elementsEqual("1".utf8) } ?? false
                return page(request, try await desk.stage(link, backToDetails: isBack))
            }
        }
        site.post("/welcome/{token}", IdentityActions.welcome) { request in
            try await alive(request) { link in try await takeDetails(request, link) }
        }
        site.post("/welcome/{token}/code", IdentityActions.welcome) { request in
            try await alive(request) { link in try await takeCode(request, link) }
        }
    }

    /// Answers with the reason when the link is dead.
    private func alive(
        _ request: PageRequest, _ answer: @Sendable (SecretToken) async throws -> Answer
    ) async throws -> Answer {
        do {
            guard let link = SecretToken(try request.parameter("token")) else { throw DeadLink.unknown }
            return try await answer(link)
        } catch let dead as DeadLink {
            return .plainPage("This link no longer works", status: 410, DeadLinkPage.content(dead, time))
        }
    }

    private func takeDetails(_ request: PageRequest, _ link: SecretToken) async throws -> Answer {
        let fields = request.form
        let form = DetailsForm(
            login: fields["login"] ?? "", name: fields["name"] ?? "", password: fields["password"] ?? "",
            again: fields["again"] ?? "")
        let errors = try await desk.setDetails(link, form)
        if errors.isEmpty { return .seeOther(try Self.path(request)) }
        guard case .details(let person, let mayRename) = try await desk.stage(link, backToDetails: true) else {
            return .seeOther(try Self.path(request))
        }
        return .plainPage(
            "Welcome", status: 422, details(request, person, mayRename, form: form, errors: errors))
    }

    private func takeCode(_ request: PageRequest, _ link: SecretToken) async throws -> Answer {
        let confirmation = try await desk.confirm(
            link, code: request.form["code"] ?? "", device: request.deviceToken, session: request.sessionToken)
        switch confirmation {
        case .done(let grant, let codes, let isFirst):
            return Answer.plainPage(
                "Your recovery codes", isWide: true,
                """
                \(StepList(Self.steps, current: 2))
                \(RecoveryCodesPage.content(codes))
                \(ButtonRow("\(Link("I have kept them, continue", to: isFirst ? "/welcome/first" : "/", style: .primary))"))
                """
            ).opening(grant.session).marking(grant.device)
        case .wrongCode:
            let error = "This code does not fit. Wait for the next one and type that."
            return page(request, try await desk.stage(link), status: 422, codeError: error)
        }
    }

    private func page(
        _ request: PageRequest, _ stage: WelcomeDesk.Stage, status: Int = 200, codeError: String? = nil
    ) -> Answer {
        switch stage {
        case .details(let person, let mayRename):
            // Nobody is called Administrator: what the log says of the first one is worth a real name.
            let isNameless =
                mayRename && person.passwordChanged == nil && person.name.utf8.elementsEqual("Administrator".utf8)
            let form = DetailsForm(
                login: isNameless ? "" : person.login, name: isNameless ? "" : person.name, password: "", again: "")
            return .plainPage(
                "Welcome", status: status, details(request, person, mayRename, form: form, errors: DetailsErrors()))
        case .factor(let person, let setUp):
            return .plainPage("Your phone", status: status, factor(request, person, setUp, codeError))
        }
    }

    private func details(
        _ request: PageRequest, _ person: PersonRecord, _ mayRename: Bool, form: DetailsForm, errors: DetailsErrors
    ) -> HTML {
        let identity: HTML
        if mayRename {
            identity = """
                \(FormField("name", label: "Your name", value: form.name, hint: "As your colleagues know it.",
                    error: errors.name, autocomplete: "name", isRequired: true, isFocused: true))
                \(FormField("login", label: "Sign-in name", value: form.login, hint: Login.hint, error: errors.login,
                    autocomplete: "username", isRequired: true))
                """
        } else {
            // The hidden field lets a password store keep the right name.
            identity = """
                \(DefinitionList([("Your name", "\(person.name)"), ("Sign-in name", "<code>\(person.login)</code>")]))
                <input type="hidden" name="login" value="\(person.login)" autocomplete="username">
                """
        }
        let hint = "At least \(PasswordRules.leastLength) characters. A few words in a row work well; blanks are fine."
        let fields: HTML = """
            \(identity)
            \(FormField("password", label: "Choose a password", kind: .password, hint: hint, error: errors.password,
                autocomplete: "new-password", isRequired: true, isFocused: !mayRename))
            \(FormField("again", label: "The same password again", kind: .password, error: errors.again,
                autocomplete: "new-password", isRequired: true))
            \(ButtonRow("\(ActionButton("Continue to your phone"))"))
            """
        return """
            \(StepList(Self.steps, current: 0))
            \(PageHeading("Welcome", lead: "Three short steps and you can sign in. Have your phone at hand."))
            \(PostForm(action: (try? Self.path(request)) ?? "", csrf: request.formField, content: fields))
            """
    }

    private func factor(
        _ request: PageRequest, _ person: PersonRecord, _ setUp: WelcomeDesk.FactorSetUp, _ error: String?
    ) -> HTML {
        let symbol = (try? QRSymbol(encoding: setUp.address)).map {
            QRImage(modules: $0.rows, label: "QR code for the authenticator app")
        }
        let path = (try? Self.path(request)) ?? ""
        let fields: HTML = """
            \(FormField("code", label: "Code from the app", kind: .oneTimeCode,
                hint: "Six digits; a new code comes every 30 seconds.", error: error, isRequired: true, isFocused: true))
            \(ButtonRow("\(ActionButton("Confirm the code"))"))
            """
        return """
            \(StepList(Self.steps, current: 1))
            \(PageHeading("Connect your phone", lead: "From now on you sign in with your password and a code from your phone."))
            <p>Open your authenticator app, choose “add account” and scan this code. Any app for time-based codes works.</p>
            \(symbol)
            <details><summary>The camera does not work?</summary>
            <p>Choose “enter a key” in the app. Account: <code>\(person.login)</code>. Key, time-based:</p>
            <p translate="no"><code id="secret">\(Self.grouped(setUp.secret))</code></p>
            </details>
            \(PostForm(action: "\(path)/code", csrf: request.formField, content: fields))
            <p class="note">\(Link("Back to name and password", to: "\(path)?step=1"))</p>
            """
    }

    /// The text in groups of four.
    static func grouped(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let groups = stride(from: 0, to: bytes.count, by: 4).map { bytes[$0..<min($0 + 4, bytes.count)] }
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    private static func path(_ request: PageRequest) throws -> String {
        "/welcome/\(PercentCoding.encode(try request.parameter("token")))"
    }
}
