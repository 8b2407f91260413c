// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel
package import Keyring
package import Store
package import Web

/// Practice 1: everyone signs in with a password and a second factor. Its table of contents.
package struct IdentityPractice: Practice {
    package static let name = PracticeName.multiFactor
    package static let migrations = IdentityMigrations.all
    package static let facts = IdentityFacts.all
    package static let actions = IdentityActions.all
    package static let measures = [SecondFactorProbe.measure]
    package static var commands: [any AsyncParsableCommand.Type] { [PeopleCommand.self] }

    private let house: House
    private let registry: Registry
    private let institution: String

    package init(_ house: House) async throws {
        self.house = house
        registry = try await Registry(store: house.store, keyring: house.keyring)
        institution = try await HouseRegister.open(house.store, name: nil, synthetic: false).name
    }

    /// The directory of the house, which is needed before the practices move in.
    ///
    /// - Throws: `Fault` when the key of this practice cannot be made or opened.
    package static func makeDirectory(
        store: Database, keyring: Keyring, clock: any TimeSource
    ) async throws -> any PeopleDirectory {
        IdentityDirectory(registry: try await Registry(store: store, keyring: keyring), clock: clock)
    }

    package func routes(_ site: inout Site) {
        let desk = SignInDesk(registry: registry, hasher: .shared)
        SignInPages(desk: desk, account: account, ledger: house.ledger, time: house.localTime).add(to: &site)
        WelcomePages(desk: welcome, time: house.localTime).add(to: &site)
        let gate = ProofGate(desk: account)
        FirstStepsPages(account: account, gate: gate, keyring: house.keyring, registry: registry).add(to: &site)
        AccountPages(desk: account, time: house.localTime).add(to: &site)
        let people = PeopleDesk(store: house.store)
        let staff = StaffEntryLink(authorizer: house.authorizer)
        PeoplePages(desk: people, gate: gate, time: house.localTime, clock: house.clock, staff: staff).add(to: &site)
        PersonPages(desk: people, gate: gate, time: house.localTime, clock: house.clock, staff: staff).add(to: &site)
    }

    package var navigation: [NavigationPlace] {
        [
            NavigationPlace(
                "People", path: "/people", action: IdentityActions.managePeople, in: .people, order: 60,
                summary: "Who can sign in here, and as what.",
                synonyms: "staff users accounts employees lost phone reset second factor",
                search: PlaceSearch("people", field: "people-find", isInAddress: true)),
            NavigationPlace(
                "Invite somebody", path: "/people/invite", action: IdentityActions.managePeople, in: .people, order: 61,
                summary: "Make a welcome link for a new colleague.", synonyms: "add user nurse new person",
                isInMenu: false),
            NavigationPlace(
                "Recovery phrase", path: "/welcome/recovery", action: IdentityActions.keepRecoveryPhrase, in: .evidence,
                order: 91, summary: "The 24 words that open the records when the key file is lost.",
                synonyms: "key backup words", isInMenu: false),
            NavigationPlace(
                "Your account", path: "/me", action: IdentityActions.ownAccount, in: .own, order: 0,
                summary: "Your roles, your phone, and where you are signed in.", synonyms: "profile sessions me",
                isInMenu: false),
            NavigationPlace(
                "Change your password", path: "/me/password", action: IdentityActions.ownAccount, in: .own, order: 1,
                summary: "Every other browser is signed out then.", isInMenu: false),
            NavigationPlace(
                "New recovery codes", path: "/me/codes", action: IdentityActions.ownAccount, in: .own, order: 2,
                summary: "Ten codes that stand in for a lost phone.", synonyms: "lost phone second factor",
                isInMenu: false),
        ]
    }

    package var jobs: [Job] { [Purge.job(house.store)] }

    package var probes: [Probe] { [SecondFactorProbe.probe(house.store)] }

    private var rules: PasswordRules { PasswordRules(institution: institution) }

    private var account: AccountDesk { AccountDesk(registry: registry, hasher: .shared, rules: rules) }

    private var welcome: WelcomeDesk {
        WelcomeDesk(registry: registry, hasher: .shared, rules: rules, institution: institution)
    }
}
