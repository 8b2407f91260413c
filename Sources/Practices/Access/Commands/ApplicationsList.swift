// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs

/// `salus access applications list`.
struct ApplicationsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show which programs may ask, and when they did last.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: AccessActions.manageApplications) { open in
            let applications = try await ApplicationDesk(open.house).all()
            if isJSON {
                Terminal.json(["applications": .array(applications.map(ApplicationOutput.value))])
            } else {
                for application in applications { Terminal.line(ApplicationOutput.line(application)) }
            }
        }
    }
}
