// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building

/// `salus access applications remove`.
struct ApplicationsRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a program with its rules and its token.",
        discussion: "What it asked stays in the log. EXIT STATUS: 0 removed; 1 there is no such application.")

    @Argument(help: "The name of the application.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (name, isJSON) = (name, house.json)
        try await house.withHouse(for: AccessActions.manageApplications) { open in
            let desk = try await ApplicationDesk(open.house)
            let application = try await desk.application(named: name)
            try await desk.remove(application, by: open.actor)
            if isJSON {
                Terminal.json(ApplicationOutput.value(application))
            } else {
                Terminal.line("removed: \(application.name)")
            }
        }
    }
}
