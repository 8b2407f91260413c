// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct SignInTests {
    @Test(arguments: StoreFixture.dialects)
    func opensASession(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes", [.nurse, .auditor])
            let outcome = try await clinic.signIn.signIn(clinic.attempt(member))
            let grant = try #require(outcome.grant)
            let signedIn = try #require(try await clinic.directory.signedIn(cookie: grant.session.text))
            #expect(signedIn.person.id == member.id)
            #expect(signedIn.person.roles == ["auditor", "nurse"])
            #expect(signedIn.assurance.secondFactor)
            #expect(signedIn.formToken == grant.session.formToken)
            let fact = try #require(try await clinic.facts(IdentityFacts.signedIn).last)
            #expect(fact["data"]?["factor"] == "totp")
            #expect(fact["data"]?["device"] == "new")
            #expect(fact["data"]?["session"]?.stringValue == signedIn.session)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func oneWordingForEveryFailure(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let stranger = Member(
                id: member.id, login: "nobody", totp: member.totp, codes: [], grant: member.grant)
            let wrong = clinic.code(member.totp) == "123456" ? "654321" : "123456"
            for attempt in [
                clinic.attempt(member, password: "something else"), clinic.attempt(member, code: wrong),
                clinic.attempt(member, code: ""), clinic.attempt(member, recovery: "AAAAA-AAAAA"),
                clinic.attempt(stranger), clinic.attempt(member, password: String(repeating: "x", count: 5_000)),
            ] {
                #expect(try await clinic.signIn.signIn(attempt).word == "refused")
            }
            #expect(
                try await clinic.refusals() == ["code", "code", "code", "credentials", "credentials", "credentials"])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aCodeWorksOnce(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let attempt = clinic.attempt(member)
            #expect(try await clinic.signIn.signIn(attempt).word == "granted")
            #expect(try await clinic.signIn.signIn(attempt).word == "refused")
            // Still within the window of the next step.
            clinic.clock.advance(by: .seconds(30))
            #expect(try await clinic.signIn.signIn(attempt).word == "refused")
            #expect(try await clinic.refusals() == ["replay", "replay"])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aCodeWorksOnceAlsoAtTheSameTime(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let (desk, attempt) = (clinic.signIn, clinic.attempt(member))
            let words = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await desk.signIn(attempt).word } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(words.count { $0 == "granted" } == 1)
            #expect(words.count { $0 == "refused" } == 7)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func recoveryCodesWorkOnce(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let other = try await clinic.member("oreyes")
            let typed = member.codes[3].text.lowercased().replacing("-", with: " ")
            #expect(try await clinic.signIn.signIn(clinic.attempt(other, recovery: typed)).word == "refused")
            #expect(try await clinic.signIn.signIn(clinic.attempt(member, recovery: typed)).word == "granted")
            #expect(try await clinic.signIn.signIn(clinic.attempt(member, recovery: typed)).word == "refused")
            #expect(try await clinic.account.overview(of: member.id).recoveryCodesLeft == 9)
            let fact = try #require(try await clinic.facts(IdentityFacts.signedIn).last)
            #expect(fact["data"]?["factor"] == "recovery-code")
        }
    }

    @Test func aClockThatFellBehindIsNamed() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
            clinic.clock.advance(by: .seconds(-3_600))
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "clock")
            #expect(try await clinic.signIn.signIn(clinic.attempt(member, password: "wrong one")).word == "refused")
            let recovered = clinic.attempt(member, recovery: member.codes[0].text)
            #expect(try await clinic.signIn.signIn(recovered).word == "granted")
            #expect(try await clinic.refusals() == ["clock", "credentials"])
        }
    }

    @Test func theDisabledStayOut() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            try await clinic.people.disable(member.id, by: .system)
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) == nil)
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "refused")
            #expect(try await clinic.refusals() == ["disabled"])
            try await clinic.people.enable(member.id, by: .system)
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
        }
    }

    @Test func theSessionIsAlwaysNew() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let planted = member.grant.session
            let grant = try #require(
                try await clinic.signIn.signIn(clinic.attempt(member, session: planted)).grant)
            #expect(grant.session.text != planted.text)
            #expect(try await clinic.directory.signedIn(cookie: planted.text) == nil)
            let ended = try #require(try await clinic.facts(IdentityFacts.sessionEnded).last)
            #expect(ended["data"]?["reason"] == "replaced")
        }
    }

    @Test func aPlantedDeviceMarkIsReplaced() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let planted = SecretToken()
            let first = try #require(try await clinic.signIn.signIn(clinic.attempt(member, device: planted)).grant)
            #expect(first.device.text != planted.text)
            clinic.clock.advance(by: .seconds(30))
            let again = clinic.attempt(member, device: first.device)
            let second = try #require(try await clinic.signIn.signIn(again).grant)
            #expect(second.device.text == first.device.text)
            let fact = try #require(try await clinic.facts(IdentityFacts.signedIn).last)
            #expect(fact["data"]?["device"] == "known")
        }
    }
}
