// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs

/// `salus people disable`.
struct PeopleDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Let a person sign in no more, and end their sessions.",
        discussion: "EXIT STATUS: 0 disabled; 4 they are the last administrator; 1 anything else.")

    @Argument(help: "The sign-in name.")
    var login: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (login, isJSON) = (login, house.json)
        try await house.withHouse(for: IdentityActions.managePeople) { open in
            let desk = PeopleDesk(store: open.house.store)
            let person = try await desk.person(login: login)
            try await desk.disable(person.id, by: open.actor)
            if isJSON {
                Terminal.json(PeopleOutput.value(try await desk.person(person.id)))
            } else {
                Terminal.line("disabled: \(person.login)")
            }
        }
    }
}
