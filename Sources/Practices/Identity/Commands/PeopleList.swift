// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel

/// `salus people list`.
struct PeopleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show who can sign in, and as what.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: IdentityActions.managePeople) { open in
            let people = try await PeopleDesk(store: open.house.store).everyone()
            if isJSON {
                Terminal.json(["people": .array(people.map(PeopleOutput.value))])
                return
            }
            for person in people {
                Terminal.line(
                    [person.login, PersonState(person).text, StaffRole.titles(of: person.roles), person.name]
                        .joined(separator: "\t"))
            }
        }
    }
}
