// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Store
import TestSupport
import Testing
import Web

@testable import Identity

/// What somebody with a session that they found or stole can do without knowing more.
@Suite struct ProofTests {
    private let password = PercentCoding.encode(Clinic.password)

    /// The particulars of the facts of one kind, each as `name=value`.
    private func told(_ clinic: Clinic, _ kind: FactKind, _ name: String) async throws -> [String] {
        try await clinic.facts(kind).compactMap { $0["data"]?[name]?.stringValue }.sorted()
    }

    @Test(arguments: StoreFixture.dialects)
    func aProofCountsForFiveMinutesInItsSessionOnly(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let (desk, first) = (clinic.account, member.grant.session)
            #expect(try await desk.isProved(first), "signing in is a proof")
            clinic.clock.advance(by: .minutes(5))
            #expect(try await !desk.isProved(first))
            let second = try #require(try await clinic.signIn.signIn(clinic.attempt(member)).grant).session
            #expect(try await desk.isProved(second))
            #expect(try await !desk.isProved(first), "the proof of another session")
            clinic.clock.advance(by: .minutes(6))

            #expect(try await desk.proves(Clinic.password, of: member.id, session: first))
            #expect(try await desk.isProved(first))
            #expect(try await !desk.isProved(second))
            #expect(try await !desk.isProved(nil))
            clinic.clock.advance(by: .seconds(299))
            #expect(try await desk.isProved(first))
            clinic.clock.advance(by: .seconds(1))
            #expect(try await !desk.isProved(first))
            clinic.clock.advance(by: .minutes(-10))
            #expect(try await !desk.isProved(first), "a clock that was set back makes no proof fresh")
            #expect(try await told(clinic, IdentityFacts.proved, "with") == ["password"])
        }
    }

    @Test func otherPracticesAskTheDirectoryForAProof() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let (directory, cookie) = (clinic.directory, member.grant.session.text)
            #expect(try await directory.isProved(cookie: cookie, by: nil), "signing in is a proof")
            clinic.clock.advance(by: .minutes(6))
            #expect(try await !directory.isProved(cookie: cookie, by: nil))
            #expect(try await !directory.isProved(cookie: cookie, by: "a guess"))
            #expect(try await !directory.isProved(cookie: SecretToken().text, by: Clinic.password))
            #expect(try await !directory.isProved(cookie: "", by: Clinic.password))
            #expect(try await directory.isProved(cookie: cookie, by: Clinic.password))
            #expect(try await directory.isProved(cookie: cookie, by: nil), "it counts for the next minutes")
            #expect(try await told(clinic, IdentityFacts.proofRefused, "reason").count == 1)
        }
    }

    @Test func whereACodeIsAskedForNeitherAPasswordNorAnEarlierProofIsEnough() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let (directory, cookie) = (clinic.directory, member.grant.session.text)
            #expect(try await directory.isProved(cookie: cookie, by: nil), "signing in is a proof, and not enough")
            for proof in [Clinic.password, "", "a guess", "000000"] {
                #expect(try await !directory.isProved(cookie: cookie, byCode: proof), "\(proof)")
            }
            clinic.clock.advance(by: .minutes(1))
            let code = clinic.code(member.totp)
            #expect(try await !directory.isProved(cookie: SecretToken().text, byCode: code))
            #expect(try await directory.isProved(cookie: cookie, byCode: code))
            #expect(try await !directory.isProved(cookie: cookie, byCode: code), "a code works once")
            #expect(try await told(clinic, IdentityFacts.proved, "with") == ["totp"])
        }
    }

    @Test func anotherPersonsSessionAndADeadOneAreNotStamped() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (member, other) = (try await clinic.member("dreyes"), try await clinic.member("oreyes"))
            clinic.clock.advance(by: .minutes(6))
            let dead = member.grant.session
            try await clinic.account.signOut(dead)
            for session in [other.grant.session, dead, SecretToken(), nil] {
                let fault = await #expect(throws: Fault.self) {
                    try await clinic.account.proves(Clinic.password, of: member.id, session: session)
                }
                #expect(fault?.code == .notSignedIn)
            }
            #expect(try await !clinic.account.isProved(other.grant.session))
            #expect(try await !clinic.account.isProved(dead))
        }
    }

    @Test func proofsAreBoundedAndRefusalsAreLeaves() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            func proves(_ proof: String) async throws -> Bool {
                try await clinic.account.proves(proof, of: member.id, session: member.grant.session)
            }
            let code = clinic.code(member.totp)
            #expect(try await proves(Clinic.password))
            #expect(try await proves(code))
            #expect(try await !proves(code), "a code works once, here too")
            #expect(try await !proves("000"))
            for _ in 0..<8 { #expect(try await !proves("wrong password")) }
            for _ in 0..<2 {
                let fault = await #expect(throws: Fault.self) { try await proves(Clinic.password) }
                #expect(fault?.code == .throttled)
            }
            #expect(try await told(clinic, IdentityFacts.proved, "with") == ["password", "totp"])
            let reasons = ["code"] + Array(repeating: "credentials", count: 8) + ["replay", "throttled-start"]
            #expect(try await told(clinic, IdentityFacts.proofRefused, "reason") == reasons)
            // Their own way out: signing in is counted apart, and is a proof.
            clinic.clock.advance(by: .minutes(1))
            let anew = try #require(try await clinic.signIn.signIn(clinic.attempt(member)).grant)
            #expect(try await clinic.account.isProved(anew.session))
        }
    }

    /// Each act with the form that it takes.
    private func acts(on id: Identifier<Person>) -> [(target: String, form: String)] {
        [
            ("/people/invite", "login=mallory&name=Mallory&role-administrator=on"),
            ("/people/\(id)/roles", "role-administrator=on"), ("/people/\(id)/disable", ""),
            ("/people/\(id)/enable", ""), ("/people/\(id)/reset", ""), ("/welcome/first", "answer=yes"),
            ("/welcome/recovery", ""),
        ]
    }

    @Test func aStolenSessionIsNotEnough() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, admin) = (try await Console(clinic), try await clinic.member("admin", [.administrator]))
            let nurse = try await clinic.member("oreyes")
            clinic.clock.advance(by: .minutes(6))
            let cookies = ["__Host-salus": admin.grant.session.text]
            let before = try await clinic.directory.everyone()
            for (target, form) in acts(on: nurse.id) {
                let asked = try await console.ask("POST", target, form: form, cookies: cookies)
                #expect(asked.status == 200 && asked.html.contains("Confirm that it is you"), "\(target)")
                #expect(asked.html.contains("action=\"\(target)\""))
                let guess = form.isEmpty ? "proof=a+guess" : form + "&proof=a+guess"
                let refused = try await console.ask("POST", target, form: guess, cookies: cookies)
                #expect(refused.status == 422 && refused.html.contains("neither your password nor a code"))
                #expect(!refused.html.contains("a guess"))
            }
            let words = try await console.ask("GET", "/welcome/recovery", cookies: cookies).html
            #expect(words.contains("Confirm that it is you") && !words.contains("<li><code>"))
            #expect(try await clinic.directory.everyone() == before)
            #expect(try await clinic.directory.signedIn(cookie: nurse.grant.session.text) != nil)
            let refusals = try await told(clinic, IdentityFacts.proofRefused, "reason")
            #expect(refusals == Array(repeating: "credentials", count: acts(on: nurse.id).count))
        }
    }

    @Test func oneProofLetsSeveralActsThrough() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, admin) = (try await Console(clinic), try await clinic.member("admin", [.administrator]))
            clinic.clock.advance(by: .minutes(6))
            let cookies = ["__Host-salus": admin.grant.session.text]
            let form = "login=oreyes&name=Omar+%3Cb%3E&role-nurse=on&csrf=token"
            let asked = try await console.ask("POST", "/people/invite", form: form, cookies: cookies).html
            // What was filled in is kept, and shown as what is about to happen.
            #expect(asked.contains("name=\"name\" value=\"Omar &lt;b&gt;\"") && !asked.contains("<b>"))
            #expect(asked.contains("name=\"role-nurse\"") && asked.contains("Omar &lt;b&gt; in here as: Nurse"))
            let proofs = asked.split(separator: "name=\"csrf\"").count - 1
            #expect(proofs == 1 && !asked.contains("\"token\""), "the form's own, not the old one again")
            let proof = "proof=\(clinic.code(admin.totp))"
            let done = try await console.ask("POST", "/people/invite", form: "\(form)&\(proof)", cookies: cookies)
            #expect(done.html.contains("/welcome/"))
            let person = try await clinic.people.person(login: "oreyes")
            let path = "/people/\(person.id)"
            let roles = try await console.ask("POST", "\(path)/roles", form: "role-auditor=on", cookies: cookies)
            #expect(roles.location == path)
            #expect(try await clinic.people.person(person.id).roles == ["auditor"])
            for act in ["disable", "enable"] {
                #expect(try await console.ask("POST", "\(path)/\(act)", cookies: cookies).location == path)
            }
            #expect(try await console.ask("POST", "\(path)/reset", cookies: cookies).html.contains("/welcome/"))
            #expect(try await clinic.facts(IdentityFacts.proved).count == 1)
        }
    }

    @Test func thePhraseIsShownAfterAProof() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (console, admin) = (try await Console(clinic), try await clinic.member("admin", [.administrator]))
            clinic.clock.advance(by: .minutes(6))
            let cookies = ["__Host-salus": admin.grant.session.text]
            let target = "/welcome/recovery"
            let proved = try await console.ask("POST", target, form: "proof=\(password)", cookies: cookies)
            #expect(proved.location == target)
            let words = try await console.ask("GET", target, cookies: cookies).html
            #expect(words.split(separator: "<li><code>").count == 25)
        }
    }
}
