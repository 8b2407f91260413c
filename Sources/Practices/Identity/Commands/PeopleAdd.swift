// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel

/// `salus people add`.
struct PeopleAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Invite a person and print their welcome link.",
        discussion: """
            The link works once, for 24 hours. Whoever has it becomes that person: hand it over in person.

            EXIT STATUS: 0 invited; 2 the name is taken or a role is not known; 1 anything else.
            """)

    @Option(help: ArgumentHelp("The sign-in name: \(Login.hint).", valueName: "name"))
    var login: String

    @Option(help: ArgumentHelp("The name that colleagues know.", valueName: "name"))
    var name: String

    @Option(
        name: .customLong("role"), parsing: .singleValue,
        help: ArgumentHelp(
            "A role; may be repeated: \(StaffRole.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "role"))
    var roles: [String]

    @OptionGroup var links: LinkOptions
    @OptionGroup var house: HouseOptions

    func run() async throws {
        guard let login = Login(login) else { throw Fault(.invalidInput, "A sign-in name has \(Login.hint).") }
        guard let name = PersonName(name) else { throw Fault(.invalidInput, "Give the name that colleagues know.") }
        let roles = try StaffRole.roles(roles)
        let (isJSON, base) = (house.json, links.url)
        try await house.withHouse(for: IdentityActions.managePeople) { open in
            let (person, link) = try await PeopleDesk(store: open.house.store).invite(
                login, name, roles, by: open.actor)
            PeopleOutput.link(person, LinkOptions.address(of: link, base: base, open.house), isJSON: isJSON)
        }
    }
}
