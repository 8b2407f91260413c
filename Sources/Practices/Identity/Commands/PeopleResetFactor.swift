// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building

/// `salus people reset-factor`.
struct PeopleResetFactor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-factor",
        abstract: "Take password and second factor from a person and print a new welcome link.",
        discussion: "Their sessions and recovery codes end. EXIT STATUS: 0 reset; 4 they are disabled; 1 anything else."
    )

    @Argument(help: "The sign-in name.")
    var login: String

    @OptionGroup var links: LinkOptions
    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (login, isJSON, base) = (login, house.json, links.url)
        try await house.withHouse(for: IdentityActions.managePeople) { open in
            let desk = PeopleDesk(store: open.house.store)
            let person = try await desk.person(login: login)
            let link = try await desk.resetFactor(of: person.id, by: open.actor)
            PeopleOutput.link(
                try await desk.person(person.id), LinkOptions.address(of: link, base: base, open.house), isJSON: isJSON)
        }
    }
}
