// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel

/// `salus access applications add`.
struct ApplicationsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Let a program ask, and print its token.",
        discussion: """
            A program asks about things of its own, by the schema, policies and entities in these files, or with \
            --house about the people and patients of Salus, by the clinic's rules. The policies must be strictly \
            valid against the schema.

            What the clinic's rules show only with parts left out, such as a patient without an address, is refused to \
            a program unless --honours-masks says that it leaves those parts out.

            EXIT STATUS: 0 added; 1 something in a file is wrong; 2 the name is taken or a file cannot be read.
            """)

    @Argument(help: ArgumentHelp("What the clinic calls it: \(ApplicationName.hint).", valueName: "name"))
    var name: String

    @OptionGroup var files: ApplicationFiles

    @Flag(name: .customLong("house"), help: "It asks about the people and patients of Salus.")
    var asksHouse = false

    @Flag(help: "With --house: it leaves out what each answer says is masked.")
    var honoursMasks = false

    @OptionGroup var house: HouseOptions

    func run() async throws {
        guard let name = ApplicationName(name) else {
            throw Fault(.invalidInput, "The name of an application has \(ApplicationName.hint).")
        }
        guard !asksHouse || files.isEmpty else {
            throw Fault(.invalidInput, "An application that asks about the house has no rules of its own.")
        }
        guard asksHouse || !honoursMasks else {
            throw Fault(.invalidInput, "Masks are the clinic's: say --house with --honours-masks.")
        }
        let texts = asksHouse ? nil : try files.texts()
        let (files, honoursMasks, isJSON) = (files, honoursMasks, house.json)
        try await house.withHouse(for: AccessActions.manageApplications) { open in
            let desk = try await ApplicationDesk(open.house)
            let (application, token) = try await files.complaining {
                try await desk.add(name, texts, honoursMasks: honoursMasks, by: open.actor)
            }
            ApplicationOutput.token(application, token, isJSON: isJSON)
        }
    }
}
