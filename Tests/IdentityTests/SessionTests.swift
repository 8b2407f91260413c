// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct SessionTests {
    @Test(arguments: StoreFixture.dialects)
    func endsWhenIdleAndAtItsEnd(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let cookie = try await clinic.member("dreyes").grant.session.text
            clinic.clock.advance(by: .minutes(29))
            #expect(try await clinic.directory.signedIn(cookie: cookie) != nil)
            clinic.clock.advance(by: .minutes(29))
            #expect(try await clinic.directory.signedIn(cookie: cookie) != nil, "its use was noted")
            clinic.clock.advance(by: .minutes(31))
            #expect(try await clinic.directory.signedIn(cookie: cookie) == nil)

            let other = try await clinic.member("oreyes").grant.session.text
            for _ in 0..<35 {
                clinic.clock.advance(by: .minutes(20))
                #expect(try await clinic.directory.signedIn(cookie: other) != nil)
            }
            clinic.clock.advance(by: .minutes(20))
            #expect(try await clinic.directory.signedIn(cookie: other) == nil, "12 hours are the end")
        }
    }

    @Test func onlyTheWholeTokenOpens() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let cookie = try await clinic.member("dreyes").grant.session.text
            for wrong in ["", String(cookie.dropLast()), cookie + "A", SecretToken().text, cookie.lowercased(), "\0"] {
                #expect(try await clinic.directory.signedIn(cookie: wrong) == nil)
            }
            let stored = try await clinic.store.read { tx in
                try tx.rows("SELECT hash, id FROM identity_sessions ORDER BY id")
            }
            #expect(stored.count == 1)
            #expect(try stored[0].bytes(0) == SecretToken(cookie)?.hash)
        }
    }

    @Test func theFormTokenBelongsToTheSession() throws {
        let (one, other) = (SecretToken(), SecretToken())
        #expect(one.formToken == SecretToken(one.text)?.formToken)
        #expect(one.formToken != other.formToken)
        #expect(one.formToken != one.text)
    }

    @Test func signingOutEndsIt() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            try await clinic.account.signOut(member.grant.session)
            try await clinic.account.signOut(member.grant.session)
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) == nil)
            #expect(try await clinic.facts(IdentityFacts.signedOut).count == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNewPasswordEndsAllOthers(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let here = try #require(try await clinic.signIn.signIn(clinic.attempt(member)).grant)
            let password = try #require(PasswordText("a wholly different one"))
            let grant = try await clinic.account.setPassword(password, of: member.id, session: here.session)
            for old in [member.grant.session, here.session] {
                #expect(try await clinic.directory.signedIn(cookie: old.text) == nil)
            }
            #expect(try await clinic.directory.signedIn(cookie: grant.session.text) != nil)
            clinic.clock.advance(by: .seconds(30))
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "refused")
            let new = clinic.attempt(member, password: "a wholly different one")
            #expect(try await clinic.signIn.signIn(new).word == "granted")
            let dead = await #expect(throws: Fault.self) {
                try await clinic.account.setPassword(password, of: member.id, session: here.session)
            }
            #expect(dead?.code == .notSignedIn)
        }
    }

    @Test func onesOwnSessionsOnly() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let other = try await clinic.member("oreyes")
            let session = try #require(try await clinic.account.overview(of: member.id).sessions.first)
            await #expect(throws: Fault.self) { try await clinic.account.endSession(session.id, of: other.id) }
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) != nil)
            try await clinic.account.endSession(session.id, of: member.id)
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) == nil)
        }
    }

    @Test func whatRanOutIsDeleted() async throws {
        try await Clinic.with(.sqlite) { clinic in
            _ = try await clinic.member("dreyes")
            _ = try await clinic.invite("oreyes")
            clinic.clock.advance(by: .days(200))
            try await Purge.run(clinic.store)
            for table in ["sessions", "links", "devices", "attempts"] {
                let count = try await clinic.store.read { tx in
                    try tx.row("SELECT count(*) FROM identity_\(table)")?.integer(0)
                }
                #expect(count == 0, "\(table)")
            }
        }
    }
}
