// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Logging
import OneTimePassword
import Store
import TestSupport
import Web

@testable import Identity

/// A small clinic for the length of one test: an empty store with the tables of the house.
struct Clinic {
    let fixture: StoreFixture
    let keyring: Keyring
    let registry: Registry

    var store: Database { fixture.database }
    var clock: ManualClock { fixture.clock }

    static let password = "umbrella on the roof"

    static func with(
        _ dialect: StoreDialect, isolation: isolated (any Actor)? = #isolation, _ body: (Clinic) async throws -> Void
    ) async throws {
        let migrations =
            EvidenceLog.migrations + Keyring.migrations + JobRunner.migrations + HouseRegister.migrations
            + IdentityPractice.migrations
        try await StoreFixture.with(dialect, migrations: migrations) { fixture in
            let keyring = try await Keyring.open(
                fixture.database, keyFile: KeyFile(path: fixture.folder + "/keys/salus.root"))
            let registry = try await Registry(store: fixture.database, keyring: keyring)
            try await body(Clinic(fixture: fixture, keyring: keyring, registry: registry))
        }
    }

    var signIn: SignInDesk { SignInDesk(registry: registry, hasher: .shared) }
    var people: PeopleDesk { PeopleDesk(store: store) }
    var rules: PasswordRules { PasswordRules(institution: "Lindenhof Clinic") }
    var account: AccountDesk { AccountDesk(registry: registry, hasher: .shared, rules: rules) }
    var directory: any PeopleDirectory { IdentityDirectory(registry: registry, clock: clock) }
    var welcome: WelcomeDesk {
        WelcomeDesk(registry: registry, hasher: .shared, rules: rules, institution: "Lindenhof Clinic")
    }

    /// Invites a person.
    func invite(_ login: String, _ roles: [StaffRole] = [.nurse]) async throws -> (PersonRecord, SecretToken) {
        guard let name = PersonName("Dana Reyes"), let login = Login(login) else { throw Fault(.internal, "test") }
        let (person, link) = try await people.invite(login, name, roles, by: .system)
        return (person, link)
    }

    /// The link that a start prints for the first administrator.
    func firstLink() async throws -> SecretToken {
        guard let text = try await IdentityPractice.ensureFirstAdministrator(in: store), let link = SecretToken(text)
        else { throw Fault(.internal, "no link") }
        return link
    }

    /// A person who has set up their sign-in, with their authenticator, recovery codes and first session. The clock is
    /// moved on, so that the next code is a new one.
    func member(_ login: String, _ roles: [StaffRole] = [.nurse]) async throws -> Member {
        let (person, link) = try await invite(login, roles)
        let form = DetailsForm(login: login, name: person.name, password: Self.password, again: Self.password)
        guard try await welcome.setDetails(link, form).isEmpty else { throw Fault(.internal, "details") }
        guard case .factor(_, let setUp) = try await welcome.stage(link) else { throw Fault(.internal, "stage") }
        let totp = try TOTP(secret: OneTimeSecret(base32: setUp.secret))
        let confirmation = try await welcome.confirm(link, code: code(totp), device: nil, session: nil)
        guard case .done(let grant, let codes, _) = confirmation else { throw Fault(.internal, "confirm") }
        clock.advance(by: .seconds(30))
        return Member(id: person.id, login: login, totp: totp, codes: codes, grant: grant)
    }

    /// What the authenticator shows now.
    func code(_ totp: TOTP) -> String {
        totp.step(at: clock.now().seconds).flatMap { totp.code(forStep: $0) }?.text ?? ""
    }

    /// An attempt of a member, right unless something is changed, from a browser that nobody knows.
    func attempt(
        _ member: Member, password: String = Clinic.password, code: String? = nil, recovery: String = "",
        source: String = "192.0.2.7", device: SecretToken? = nil, session: SecretToken? = nil
    ) -> SignInAttempt {
        SignInAttempt(
            login: member.login, password: password, code: code ?? self.code(member.totp), recovery: recovery,
            source: source, device: device, session: session)
    }

    /// The facts of one kind, oldest first.
    func facts(_ kind: FactKind) async throws -> [CanonicalValue] {
        try await store.read { tx in
            try tx.rows("SELECT leaf FROM ledger_pending ORDER BY id").map { row in
                try CanonicalValue.decode(try row.bytes(0))
            }
        }.filter { $0["kind"] == .string(kind.id) }
    }

    /// The reasons of refused sign-ins, sorted.
    func refusals() async throws -> [String] {
        try await facts(IdentityFacts.signInRefused).compactMap { $0["data"]?["reason"]?.stringValue }.sorted()
    }
}

/// Somebody who can sign in.
struct Member {
    let id: Identifier<Person>
    let login: String
    let totp: TOTP
    let codes: [RecoveryCode]
    let grant: Grant
}

extension SignInOutcome {
    /// The outcome in a word, for comparing.
    var word: String {
        switch self {
        case .granted: "granted"
        case .refused: "refused"
        case .clockBehind: "clock"
        case .throttled: "throttled"
        }
    }

    var grant: Grant? {
        if case .granted(let grant) = self { grant } else { nil }
    }
}
