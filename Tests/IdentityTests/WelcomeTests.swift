// SPDX-License-Identifier: Apache-2.0

import Kernel
import OneTimePassword
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct WelcomeTests {
    @Test(arguments: StoreFixture.dialects)
    func theFirstAdministratorMovesIn(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let text = try #require(try await IdentityPractice.ensureFirstAdministrator(in: clinic.store))
            let first = try #require(SecretToken(text))
            let again = try #require(try await IdentityPractice.ensureFirstAdministrator(in: clinic.store))
            let link = try #require(SecretToken(again))
            #expect(first.hash != link.hash)
            guard case .details(let person, let mayRename) = try await clinic.welcome.stage(link) else {
                throw Fault(.internal, "stage")
            }
            #expect(mayRename && person.login == "administrator" && person.roles == ["administrator"])
            let form = DetailsForm(
                login: " Dana ", name: "Dana Reyes", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(link, form).isEmpty)
            guard case .factor(let renamed, let setUp) = try await clinic.welcome.stage(link) else {
                throw Fault(.internal, "stage")
            }
            #expect(renamed.login == "dana" && renamed.name == "Dana Reyes")
            #expect(setUp.address.hasPrefix("otpauth://totp/Salus%20Lindenhof%20Clinic:dana?secret=\(setUp.secret)"))
            let totp = try TOTP(secret: OneTimeSecret(base32: setUp.secret))
            let confirmation = try await clinic.welcome.confirm(
                link, code: clinic.code(totp), device: nil, session: nil)
            guard case .done(let grant, let codes, let isFirst) = confirmation else { throw Fault(.internal, "code") }
            #expect(isFirst && codes.count == 10 && Set(codes.map(\.text)).count == 10)
            #expect(try await clinic.directory.signedIn(cookie: grant.session.text)?.person.login == "dana")
            #expect(try await IdentityPractice.ensureFirstAdministrator(in: clinic.store) == nil)
            #expect(try await clinic.directory.everyone().count == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aSecondStartDoesNotEndASetUpThatIsUnderWay(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let begun = try await clinic.firstLink()
            let unused = try await clinic.firstLink()
            let form = DetailsForm(
                login: "dana", name: "Dana Reyes", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(begun, form).isEmpty)
            let late = try await clinic.firstLink()
            // Three links are one person still.
            #expect(try await clinic.directory.everyone().count == 1)
            guard case .factor(_, let setUp) = try await clinic.welcome.stage(begun) else {
                throw Fault(.internal, "the set-up was ended")
            }
            // Whoever has another link does not come upon a password that somebody else chose.
            for link in [unused, late] {
                guard case .details = try await clinic.welcome.stage(link) else { throw Fault(.internal, "stage") }
            }
            let code = clinic.code(try TOTP(secret: OneTimeSecret(base32: setUp.secret)))
            guard case .wrongCode = try await clinic.welcome.confirm(late, code: code, device: nil, session: nil),
                case .done = try await clinic.welcome.confirm(begun, code: code, device: nil, session: nil)
            else { throw Fault(.internal, "code") }
            for link in [begun, unused, late] {
                let dead = await #expect(throws: DeadLink.self) { try await clinic.welcome.stage(link) }
                guard case .used = dead else { throw Fault(.internal, "not used up") }
            }
        }
    }

    @Test func theLinkThatSetsTheDetailsLastGoesOn() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (one, two) = (try await clinic.firstLink(), try await clinic.firstLink())
            let form = DetailsForm(
                login: "dana", name: "Dana Reyes", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(one, form).isEmpty)
            guard case .factor(_, let first) = try await clinic.welcome.stage(one) else {
                throw Fault(.internal, "stage")
            }
            #expect(try await clinic.welcome.setDetails(two, form).isEmpty)
            guard case .details = try await clinic.welcome.stage(one),
                case .factor(_, let second) = try await clinic.welcome.stage(two)
            else { throw Fault(.internal, "stage") }
            #expect(first.secret != second.secret)
        }
    }

    @Test func noSecondFactorNoSession() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (person, link) = try await clinic.invite("dreyes")
            let form = DetailsForm(
                login: "dreyes", name: "Dana Reyes", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(link, form).isEmpty)
            guard case .factor(_, let setUp) = try await clinic.welcome.stage(link) else {
                throw Fault(.internal, "stage")
            }
            let totp = try TOTP(secret: OneTimeSecret(base32: setUp.secret))
            let early = SignInAttempt(
                login: "dreyes", password: Clinic.password, code: clinic.code(totp), recovery: "", source: "192.0.2.7",
                device: nil, session: nil)
            #expect(try await clinic.signIn.signIn(early).word == "refused")
            #expect(try await clinic.directory.person(person.id)?.hasSecondFactor == false)
            guard case .wrongCode = try await clinic.welcome.confirm(link, code: "12345", device: nil, session: nil)
            else { throw Fault(.internal, "a wrong code was taken") }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aLinkWorksOnceAlsoAtTheSameTime(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let (_, link) = try await clinic.invite("dreyes")
            let form = DetailsForm(
                login: "dreyes", name: "Dana Reyes", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(link, form).isEmpty)
            guard case .factor(_, let setUp) = try await clinic.welcome.stage(link) else {
                throw Fault(.internal, "stage")
            }
            let totp = try TOTP(secret: OneTimeSecret(base32: setUp.secret))
            let (desk, code) = (clinic.welcome, clinic.code(totp))
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask { (try? await desk.confirm(link, code: code, device: nil, session: nil)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 1)
            let dead = await #expect(throws: DeadLink.self) { try await clinic.welcome.stage(link) }
            guard case .used = dead else { throw Fault(.internal, "not used") }
            await #expect(throws: DeadLink.self) { try await clinic.welcome.setDetails(link, form) }
        }
    }

    @Test func aLinkRunsOut() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let (_, link) = try await clinic.invite("dreyes")
            clinic.clock.advance(by: .hours(24))
            let dead = await #expect(throws: DeadLink.self) { try await clinic.welcome.stage(link) }
            guard case .expired = dead else { throw Fault(.internal, "not expired") }
            let unknown = await #expect(throws: DeadLink.self) { try await clinic.welcome.stage(SecretToken()) }
            guard case .unknown = unknown else { throw Fault(.internal, "not unknown") }
        }
    }

    @Test func mistakesAreNamedByField() async throws {
        try await Clinic.with(.sqlite) { clinic in
            _ = try await clinic.invite("taken")
            let text = try #require(try await IdentityPractice.ensureFirstAdministrator(in: clinic.store))
            let link = try #require(SecretToken(text))
            let wrong = try await clinic.welcome.setDetails(
                link, DetailsForm(login: "Ä", name: " ", password: "short", again: ""))
            #expect(wrong.login != nil && wrong.name != nil && wrong.password != nil && wrong.again == nil)
            let differing = try await clinic.welcome.setDetails(
                link, DetailsForm(login: "dana", name: "Dana", password: Clinic.password, again: "other"))
            #expect(differing.again != nil && differing.password == nil)
            let taken = try await clinic.welcome.setDetails(
                link,
                DetailsForm(login: "taken", name: "Dana", password: Clinic.password, again: Clinic.password))
            #expect(taken.login != nil)
        }
    }

    @Test func onlyTheFirstMayRename() async throws {
        try await Clinic.with(.sqlite) { clinic in
            _ = try await clinic.member("admin", [.administrator])
            let (person, link) = try await clinic.invite("dreyes")
            let form = DetailsForm(
                login: "other", name: "Other Name", password: Clinic.password, again: Clinic.password)
            #expect(try await clinic.welcome.setDetails(link, form).isEmpty)
            let after = try await clinic.people.person(person.id)
            #expect(after.login == "dreyes" && after.name == "Dana Reyes")
        }
    }

    @Test func theQuizAsksForThreeDifferentWords() async throws {
        try await Clinic.with(.sqlite) { clinic in
            var seen: Set<Int> = []
            for number in 0..<400 {
                let numbers = RecoveryQuiz(session: "session-\(number)", clinic.registry).numbers
                #expect(numbers.count == 3 && Set(numbers).count == 3 && numbers == numbers.sorted())
                #expect(numbers.allSatisfy { (1...24).contains($0) })
                #expect(numbers == RecoveryQuiz(session: "session-\(number)", clinic.registry).numbers)
                seen.formUnion(numbers)
            }
            #expect(seen.count == 24)
        }
    }
}
