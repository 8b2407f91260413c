// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building

/// `salus access applications rotate-token`.
struct ApplicationsRotateToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-token", abstract: "Give a program a new token and print it; the old one opens nothing.",
        discussion: "EXIT STATUS: 0 done; 1 there is no such application.")

    @Argument(help: "The name of the application.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (name, isJSON) = (name, house.json)
        try await house.withHouse(for: AccessActions.manageApplications) { open in
            let desk = try await ApplicationDesk(open.house)
            let application = try await desk.application(named: name)
            let token = try await desk.rotateToken(of: application, by: open.actor)
            ApplicationOutput.token(application, token, isJSON: isJSON)
        }
    }
}
