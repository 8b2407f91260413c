// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Web

/// The sign-in page and signing out.
struct SignInPages: Sendable {
    let desk: SignInDesk
    let account: AccountDesk
    let ledger: EvidenceLog
    let time: LocalTime

    func add(to site: inout Site) {
        site.get("/sign-in", IdentityActions.signIn) { request in
            if case .person = request.visitor { return .seeOther(Self.destination(request.query["next"])) }
            return .plainPage("Sign in", Self.form(request, next: request.query["next"], login: ""))
        }
        site.post("/sign-in", IdentityActions.signIn) { request in try await signIn(request) }
        site.post("/sign-out", IdentityActions.signOut) { request in
            if let token = request.sessionToken { try await account.signOut(token) }
            return .seeOther("/sign-in").closingSession()
        }
    }

    private func signIn(_ request: PageRequest) async throws -> Answer {
        let form = request.form
        let attempt = SignInAttempt(
            login: form["login"] ?? "", password: form["password"] ?? "", code: form["code"] ?? "",
            recovery: form["recovery"] ?? "", source: request.source, device: request.deviceToken,
            session: request.sessionToken)
        // Whoever treats patients gets in also while the disk is full.
        let outcome = try await ledger.makingRoom { try await desk.signIn(attempt) }
        switch outcome {
        case .granted(let grant):
            return .seeOther(Self.destination(form["next"])).opening(grant.session).marking(grant.device)
        case .refused:
            return Self.again(request, 403, Self.refusedNotice)
        case .clockBehind(let now, let lastAccepted):
            return Self.again(request, 403, clockNotice(now, lastAccepted))
        case .throttled(let now, let until):
            let seconds = max(1, until.since(now).components.seconds)
            return Self.again(request, 429, throttledNotice(now, until)).with("retry-after", "\(seconds)")
        }
    }

    /// A path of this site that begins with a single `/`, else the home page.
    static func destination(_ next: String?) -> String {
        guard let next, next.utf8.count <= 2_000, next.utf8.first == UInt8(ascii: "/"), isLocalPath(next),
            next.utf8.allSatisfy({ $0 < 0x7F })
        else { return "/" }
        return next
    }

    private static func again(_ request: PageRequest, _ status: Int, _ notice: Callout) -> Answer {
        .plainPage(
            "Sign in", status: status,
            form(request, next: request.form["next"], login: request.form["login"] ?? "", notice))
    }

    private static func form(
        _ request: PageRequest, next: String?, login: String, _ notice: Callout? = nil
    ) -> HTML {
        let fields: HTML = """
            <input type="hidden" name="next" value="\(destination(next))">
            \(FormField("login", label: "Sign-in name", value: login, autocomplete: "username", isRequired: true,
                isFocused: login.isEmpty))
            \(FormField("password", label: "Password", kind: .password, isRequired: true, isFocused: !login.isEmpty))
            \(FormField("code", label: "Code from your phone", kind: .oneTimeCode,
                hint: "Six digits from your authenticator app."))
            <details><summary>No phone at hand?</summary>
            \(FormField("recovery", label: "Recovery code", hint: "One of the ten codes that you printed or wrote down.",
                autocomplete: "off"))
            </details>
            \(ButtonRow("\(ActionButton("Sign in"))"))
            """
        return """
            \(PageHeading("Sign in"))
            \(notice)
            \(PostForm(action: "/sign-in", csrf: request.formField, content: fields))
            <p class="note">Lost your phone or forgot your password? Ask your administrator for a new welcome link.</p>
            """
    }

    private static var refusedNotice: Callout {
        Callout(
            .danger, "That did not work.",
            content: """
                <p>Check the sign-in name, the password and the code, then try again. A code works once: wait for \
                the next one if you have just used it.</p>
                """)
    }

    private func clockNotice(_ now: Instant, _ lastAccepted: Instant) -> Callout {
        Callout(
            .danger, "This server's clock is behind the last accepted code.",
            content: """
                <p>The clock says \(TimeText(now, in: time)), but your last code was from \
                \(TimeText(lastAccepted, in: time)). Ask IT to check the clock, or use a \
                recovery code.</p>
                """)
    }

    private func throttledNotice(_ now: Instant, _ until: Instant) -> Callout {
        Callout(
            .danger, "Too many attempts that did not work.",
            content: """
                <p>Try again after \(TimeText(until, in: time)), in about \
                \(until.since(now).roughly). A browser with which you signed in before is not held up by what \
                others try.</p>
                """)
    }
}
