// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs

/// `salus people enable`.
struct PeopleEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a person who was disabled sign in again.",
        discussion: """
            They sign in with the password and second factor that they have. What was taken from them with their account, \
            such as their department and shifts, is entered again by hand.

            EXIT STATUS: 0 enabled, also if they were; 1 anything else.
            """)

    @Argument(help: "The sign-in name.")
    var login: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (login, isJSON) = (login, house.json)
        try await house.withHouse(for: IdentityActions.managePeople) { open in
            let desk = PeopleDesk(store: open.house.store)
            let person = try await desk.person(login: login)
            try await desk.enable(person.id, by: open.actor)
            if isJSON {
                Terminal.json(PeopleOutput.value(try await desk.person(person.id)))
            } else {
                Terminal.line("enabled: \(person.login)")
            }
        }
    }
}
