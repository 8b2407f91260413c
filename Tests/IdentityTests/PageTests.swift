// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import OneTimePassword
import Store
import TestSupport
import Testing
import Web

@testable import Identity

@Suite struct PageTests {
    private let password = PercentCoding.encode(Clinic.password)

    /// From the first link to the confirmed recovery phrase, as a browser does it.
    @Test(arguments: StoreFixture.dialects)
    func theWholeWelcome(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let console = try await Console(clinic)
            let link = try #require(try await IdentityPractice.ensureFirstAdministrator(console.house))
            let path = "/welcome/\(link)"
            #expect(try await console.ask("GET", path).html.contains("name=\"again\""))
            let mistake = try await console.ask("POST", path, form: "login=dana&name=Dana&password=short&again=short")
            #expect(mistake.status == 422 && mistake.html.contains("at least 8 characters"))
            let taken = try await console.ask(
                "POST", path, form: "login=dana&name=Dana+Reyes&password=\(password)&again=\(password)")
            #expect(taken.location == path)
            let phone = try await console.ask("GET", path).html
            #expect(phone.contains("class=\"qr-code\""))
            let shown = try #require(phone.split(separator: "id=\"secret\">").last?.split(separator: "<").first)
            let totp = try TOTP(secret: OneTimeSecret(base32: String(shown.filter { $0 != " " })))
            #expect(try await console.ask("POST", "\(path)/code", form: "code=12").status == 422)
            let done = try await console.ask("POST", "\(path)/code", form: "code=\(clinic.code(totp))")
            #expect(done.html.contains("href=\"/welcome/first\""))
            let cookies = done.cookies
            #expect(try await console.ask("GET", path).status == 410)

            let first = try await console.ask("POST", "/welcome/first", form: "answer=yes", cookies: cookies)
            #expect(first.location == "/welcome/recovery")
            #expect(try await clinic.directory.everyone().first?.roles == ["administrator", "physician"])
            let words = try await console.ask("GET", "/welcome/recovery", cookies: cookies).html
            let phrase = words.split(separator: "<li><code>").dropFirst().compactMap { $0.split(separator: "<").first }
            #expect(phrase.count == 24)
            let quiz = try await console.ask("GET", "/welcome/recovery/check", cookies: cookies).html
            let numbers = quiz.split(separator: "name=\"word-").dropFirst().compactMap {
                $0.split(separator: "\"").first.flatMap { Int($0) }
            }
            #expect(numbers.count == 3 && !quiz.contains(phrase[0] + "<"))
            let wrong = numbers.map { "word-\($0)=zebra" }.joined(separator: "&")
            let refused = try await console.ask("POST", "/welcome/recovery/check", form: wrong, cookies: cookies)
            #expect(refused.status == 422)
            let right = numbers.map { "word-\($0)=+\(phrase[$0 - 1].uppercased())" }.joined(separator: "&")
            let kept = try await console.ask("POST", "/welcome/recovery/check", form: right, cookies: cookies)
            #expect(kept.status == 200 && kept.html.contains("safe with you"))
            #expect(try await !clinic.keyring.status().recoveryPending)
            #expect(try await clinic.facts(IdentityFacts.treatsPatients).first?["data"]?["answer"] == .boolean(true))
        }
    }

    @Test func signsInAndOut() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, member) = (try await Console(clinic), try await clinic.member("dreyes"))
            let form = "login=DREYES&password=\(password)&code=\(clinic.code(member.totp))&next=/people"
            let answer = try await console.ask("POST", "/sign-in", form: form)
            #expect(answer.status == 303 && answer.location == "/people")
            for header in answer.headers where header.name == "set-cookie" {
                for part in ["__Host-", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
                    #expect(header.value.contains(part), "\(part)")
                }
            }
            let cookies = answer.cookies
            #expect(try await console.ask("GET", "/sign-in", cookies: cookies).location == "/")
            #expect(try await console.ask("GET", "/me", cookies: cookies).html.contains("10 left"))
            let out = try await console.ask("POST", "/sign-out", cookies: cookies)
            #expect(out.location == "/sign-in" && out.cookies["__Host-salus"]?.isEmpty == true)
            #expect(try await clinic.directory.signedIn(cookie: cookies["__Host-salus"] ?? "") == nil)
            let again = try await console.ask("POST", "/sign-in", form: form)
            #expect(again.status == 403 && again.cookies.isEmpty && again.html.contains("value=\"DREYES\""))
            #expect(!again.html.contains(Clinic.password))
        }
    }

    @Test func saysWhenToTryAgain() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let console = try await Console(clinic)
            for _ in 0..<10 {
                #expect(try await console.ask("POST", "/sign-in", form: "login=ghost&password=x").status == 403)
            }
            let answer = try await console.ask("POST", "/sign-in", form: "login=ghost&password=x")
            #expect(answer.status == 429)
            #expect(answer.headers.contains { $0.name == "retry-after" && $0.value == "900" })
            #expect(answer.html.contains("2026-01-01 00:15 UTC"))
        }
    }

    @Test(arguments: [
        ("/people", "/people"), ("/a?b=c", "/a?b=c"), ("//evil.example", "/"), ("https://evil.example", "/"),
        ("/\\evil.example", "/"), ("/\t/evil.example", "/"), ("/ü", "/"), ("", "/"), ("#x", "/"), ("people", "/"),
    ])
    func leadsNowhereElse(_ next: String, _ destination: String) {
        #expect(SignInPages.destination(next) == destination)
    }

    @Test func invitesAndResets() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, admin) = (try await Console(clinic), try await clinic.member("admin", [.administrator]))
            let cookies = ["__Host-salus": admin.grant.session.text]
            let form = "login=oreyes&name=Omar+%3Cb%3E&role-nurse=on"
            let invited = try await console.ask("POST", "/people/invite", form: form, cookies: cookies)
            #expect(invited.html.contains("https://salus.example:8443/welcome/"))
            #expect(invited.html.contains("Omar &lt;b&gt;") && !invited.html.contains("<b>"))
            #expect(try await console.ask("POST", "/people/invite", form: form, cookies: cookies).status == 422)
            let list = try await console.ask("GET", "/people", cookies: cookies).html
            #expect(list.contains("oreyes") && list.contains("Invited") && list.contains("Active"))
            let person = try await clinic.people.person(login: "oreyes")
            let page = try await console.ask("GET", "/people/\(person.id)", cookies: cookies).html
            #expect(page.contains("/people/\(person.id)/disable"))
            // What comes next for somebody new, and only for them.
            let entry = "href=\"/access/staff/\(person.id)\""
            #expect(invited.html.contains(entry) && invited.html.contains("Next: department and number"))
            #expect(page.contains(entry))
            let reset = try await console.ask("POST", "/people/\(person.id)/reset", cookies: cookies)
            #expect(reset.html.contains("/welcome/") && !reset.html.contains("Next: department"))
            let own = await #expect(throws: Fault.self) {
                try await console.ask("POST", "/people/\(admin.id)/reset", cookies: cookies)
            }
            #expect(own?.code == .refused)
        }
    }

    @Test func whoMayNotLookAfterStaffIsNotSentThere() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let console = try await Console(clinic, refusing: ["access.manage-staff"])
            let admin = try await clinic.member("admin", [.administrator])
            let cookies = ["__Host-salus": admin.grant.session.text]
            let form = "login=oreyes&name=Omar&role-nurse=on"
            let invited = try await console.ask("POST", "/people/invite", form: form, cookies: cookies).html
            #expect(invited.contains("Back to people") && !invited.contains("/access/staff"))
            let page = try await console.ask("GET", "/people/\(admin.id)", cookies: cookies).html
            #expect(!page.contains("/access/staff"))
        }
    }

    @Test func theLastRoleStaysAndThePageSaysWhatToDoInstead() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, admin) = (try await Console(clinic), try await clinic.member("admin", [.administrator]))
            let cookies = ["__Host-salus": admin.grant.session.text]
            let (nurse, _) = try await clinic.invite("oreyes", [.nurse])
            let path = "/people/\(nurse.id)"
            let way = "<a href=\"\(path)#sign-in\">disable the account</a>"
            let page = try await console.ask("GET", path, cookies: cookies).html
            #expect(page.contains("Everybody keeps at least one role.") && page.contains(way))
            #expect(page.contains("id=\"sign-in\""))
            let none = try await console.ask("POST", "\(path)/roles", cookies: cookies)
            #expect(none.status == 422 && none.html.contains("At least one role must stay ticked."))
            #expect(none.html.contains(way))
            _ = try await console.ask("POST", "\(path)/disable", cookies: cookies)
            let disabled = try await console.ask("GET", path, cookies: cookies).html
            #expect(disabled.contains("is disabled, so no role lets them do anything.") && !disabled.contains(way))
        }
    }

    @Test func saysUntilWhenAnInvitationHolds() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let berlin = try #require(LocalTime(named: "Europe/Berlin"))
            let console = try await Console(clinic, localTime: berlin)
            let admin = try await clinic.member("admin", [.administrator])
            let cookies = ["__Host-salus": admin.grant.session.text]
            let (person, link) = try await clinic.invite("oreyes")
            for target in ["/people", "/people/\(person.id)"] {
                let page = try await console.ask("GET", target, cookies: cookies).html
                #expect(page.contains("until <time datetime=\"2026-01-02T00:00:30"), "\(target)")
                #expect(page.contains(">2026-01-02 01:00 UTC+1</time>"), "\(target)")
            }
            let form = DetailsForm(login: "", name: "", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(link, form).isEmpty)
            #expect(try await clinic.directory.everyone().count == 2, "one row for each, whatever links there are")
            clinic.clock.advance(by: .hours(24))
            let late = try #require(try await clinic.signIn.signIn(clinic.attempt(admin)).grant)
            let list = try await console.ask("GET", "/people", cookies: ["__Host-salus": late.session.text]).html
            #expect(list.contains("The link has run out"))
            let dead = try await console.ask("GET", "/welcome/\(link.text)").html
            #expect(dead.contains("It ran out on 2026-01-02 01:00 UTC+1."))
        }
    }

    @Test func ownActsTakeAProof() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, member) = (try await Console(clinic), try await clinic.member("dreyes"))
            let cookies = ["__Host-salus": member.grant.session.text]
            let new = PercentCoding.encode("a wholly different one")
            for target in ["/me/codes", "/me/password"] {
                let form = "proof=nothing&password=\(new)&again=\(new)"
                let answer = try await console.ask("POST", target, form: form, cookies: cookies)
                #expect(answer.status == 422 && answer.html.contains("neither your password nor a code"))
            }
            let codes = try await console.ask("POST", "/me/codes", form: "proof=\(password)", cookies: cookies)
            #expect(codes.html.split(separator: "<li><code>").count == 11)
            let old = clinic.attempt(member, recovery: member.codes[0].text)
            #expect(try await clinic.signIn.signIn(old).word == "refused")
            let changed = try await console.ask(
                "POST", "/me/password", form: "proof=\(password)&password=\(new)&again=\(new)", cookies: cookies)
            let fresh = try #require(changed.cookies["__Host-salus"])
            #expect(try await clinic.directory.signedIn(cookie: fresh) != nil)
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) == nil)
        }
    }

    @Test func everyRouteHasAnActionOfThisPractice() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let site = try await Console(clinic).site
            #expect(site.conflict == nil)
            #expect(site.routes.count == 26)
            for route in site.routes {
                #expect(IdentityActions.all.contains(route.action), "\(route.path)")
                let isOpen = route.action.audience == .everyone
                let shouldBeOpen = route.path == "/sign-in" || route.path.hasPrefix("/welcome/{token}")
                #expect(isOpen == shouldBeOpen, "\(route.path)")
            }
        }
    }
}
