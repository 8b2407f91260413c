// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct PeopleTests {
    @Test(arguments: StoreFixture.dialects)
    func theLastAdministratorStays(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let admin = try await clinic.member("admin", [.administrator])
            let invited = try await clinic.invite("second", [.administrator]).0
            let disabling = await #expect(throws: Fault.self) {
                try await clinic.people.disable(admin.id, by: .system)
            }
            let taking = await #expect(throws: Fault.self) {
                try await clinic.people.setRoles(of: admin.id, [.nurse], by: .system)
            }
            #expect(disabling?.code == .refused && taking?.code == .refused)
            try await clinic.people.disable(invited.id, by: .system)
            let other = try await clinic.member("third", [.administrator])
            try await clinic.people.setRoles(of: admin.id, [.nurse], by: .person(other.id))
            #expect(try await clinic.people.person(admin.id).roles == ["nurse"])
            #expect(try await clinic.facts(IdentityFacts.rolesChanged).count == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aResetStartsFromNothing(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let link = try await clinic.people.resetFactor(of: member.id, by: .system)
            #expect(try await clinic.directory.signedIn(cookie: member.grant.session.text) == nil)
            let known = clinic.attempt(member, device: member.grant.device)
            #expect(try await clinic.signIn.signIn(known).word == "refused")
            let recovery = clinic.attempt(member, recovery: member.codes[0].text)
            #expect(try await clinic.signIn.signIn(recovery).word == "refused")
            guard case .details = try await clinic.welcome.stage(link) else { throw Fault(.internal, "stage") }
            let fact = try #require(try await clinic.facts(IdentityFacts.sessionEnded).last)
            #expect(fact["data"]?["reason"] == "factor-reset")
            try await clinic.people.disable(member.id, by: .system)
            await #expect(throws: DeadLink.self) { try await clinic.welcome.stage(link) }
            await #expect(throws: Fault.self) { try await clinic.people.resetFactor(of: member.id, by: .system) }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func namesAreKeptAsTheyAre(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let name = try #require(PersonName("  Zoë “Dr” O'Néil <b> 山田  "))
            let login = try #require(Login("zo.e_@-9"))
            let (person, _) = try await clinic.people.invite(login, name, [.frontDesk], by: .system)
            #expect(person.name == "Zoë “Dr” O'Néil <b> 山田")
            let summary = try #require(try await clinic.directory.person(person.id))
            #expect(summary.login == "zo.e_@-9" && summary.roles == ["front-desk"] && !summary.hasSecondFactor)
            let fault = await #expect(throws: Fault.self) {
                try await clinic.people.invite(login, name, [.nurse], by: .system)
            }
            #expect(fault?.code == .invalidInput)
        }
    }

    @Test(arguments: ["", "a", "a b", "ä", "a\u{301}b", "x'--", "a\0b", String(repeating: "a", count: 65)])
    func notASignInName(_ text: String) {
        #expect(Login(text) == nil)
    }

    @Test(arguments: ["", "  ", "a\nb", "a\0b", "a\u{202E}b", String(repeating: "é", count: 101)])
    func notAName(_ text: String) {
        #expect(PersonName(text) == nil)
    }

    @Test(arguments: StoreFixture.dialects)
    func theProbeCountsThoseWithAPassword(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let probe = SecondFactorProbe.probe(clinic.store)
            #expect(try await probe.read()?.population == 0)
            _ = try await clinic.member("dreyes")
            let (_, link) = try await clinic.invite("oreyes")
            _ = try await clinic.welcome.setDetails(
                link, DetailsForm(login: "", name: "", password: Clinic.password, again: Clinic.password))
            _ = try await clinic.invite("never")
            let reading = try #require(try await probe.read())
            #expect(reading.population == 2 && reading.fulfilling == 1)
            #expect(PostureState.of(probe.measure, reading, now: clinic.clock.now()) == .notMet)
        }
    }

    @Test func syntheticPeopleCannotSignIn() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let people = [
                NewPerson(login: "a.one", name: "Ada One", roles: ["physician"]),
                NewPerson(login: "b.two", name: "Bo Two", roles: ["administrator"]),
            ]
            let ids = try await clinic.store.write { tx in try IdentityPractice.addSynthetic(people: people, in: tx) }
            #expect(ids.count == 2)
            #expect(try await clinic.directory.everyone().map(\.login) == ["a.one", "b.two"])
            let text = try #require(try await IdentityPractice.ensureFirstAdministrator(in: clinic.store))
            guard case .details(let person, _) = try await clinic.welcome.stage(try #require(SecretToken(text))) else {
                throw Fault(.internal, "stage")
            }
            #expect(person.login == "administrator", "the first administrator is nobody of the demonstration")
            await #expect(throws: Fault.self) {
                try await clinic.store.write { tx in
                    try IdentityPractice.addSynthetic(
                        people: [NewPerson(login: "c.three", name: "C", roles: ["king"])], in: tx)
                }
            }
        }
    }

    /// Facts are an on-disk format for ever.
    @Test func kindsOfFactsStay() {
        #expect(
            IdentityFacts.all.map(\.id) == [
                "identity.person-invited.v1", "identity.roles-changed.v1", "identity.person-disabled.v1",
                "identity.person-enabled.v1", "identity.factor-enrolled.v1", "identity.factor-reset.v1",
                "identity.password-set.v1", "identity.recovery-codes-made.v1", "identity.signed-in.v1",
                "identity.sign-in-refused.v1", "identity.signed-out.v1", "identity.session-ended.v1",
                "identity.treats-patients.v1", "identity.proved.v1", "identity.proof-refused.v1",
            ])
    }

    @Test func factsHoldNoNames() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes", [.administrator])
            _ = try await clinic.signIn.signIn(clinic.attempt(member, password: "a guess"))
            let leaves = try await clinic.store.read { tx in
                try tx.rows("SELECT leaf FROM ledger_pending ORDER BY id").map { row in
                    String(decoding: try row.bytes(0), as: UTF8.self)
                }
            }
            #expect(leaves.count >= 6)
            for leaf in leaves {
                for secret in ["dreyes", "Dana", "Reyes", "192.0.2.7", Clinic.password] + member.codes.map(\.text) {
                    #expect(!leaf.contains(secret), "\(leaf)")
                }
            }
        }
    }
}
