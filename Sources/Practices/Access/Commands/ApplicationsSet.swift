// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel

/// `salus access applications set`.
struct ApplicationsSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Give a program other rules or another name, or answer it no more.",
        discussion: """
            Of schema, policies and entities those stay that are not named; all three are checked together. Whatever \
            changes holds from the program's next question on.

            EXIT STATUS: 0 set; 1 something in a file is wrong, or there is no such application; 2 wrong usage.
            """)

    @Argument(help: "The name of the application.")
    var name: String

    @OptionGroup var files: ApplicationFiles

    @Option(help: ArgumentHelp("Another name.", valueName: "name"))
    var rename: String?

    @Flag(name: .customLong("enable"), help: "Answer it again.")
    var enables = false

    @Flag(name: .customLong("disable"), help: "Answer it no more; its rules stay.")
    var disables = false

    @Flag(inversion: .prefixedNo, help: "It leaves out what each answer about the house says is masked.")
    var honoursMasks: Bool?

    @OptionGroup var house: HouseOptions

    mutating func validate() throws {
        if enables, disables { throw ValidationError("Say either --enable or --disable.") }
        if files.isEmpty, rename == nil, !enables, !disables, honoursMasks == nil {
            throw ValidationError(
                "Say what to set: a file, --rename, --enable, --disable, --honours-masks or --no-honours-masks.")
        }
    }

    func run() async throws {
        let renamed = rename.map { ApplicationName($0) }
        if let renamed, renamed == nil {
            throw Fault(.invalidInput, "The name of an application has \(ApplicationName.hint).")
        }
        let (name, files, enables, disables, isJSON) = (name, files, enables, disables, house.json)
        let honoursMasks = honoursMasks
        try await house.withHouse(for: AccessActions.manageApplications) { open in
            let desk = try await ApplicationDesk(open.house)
            let application = try await desk.application(named: name)
            if !files.isEmpty {
                guard !application.asksHouse else {
                    throw Fault(.refused, "This application asks about the house: it has no rules of its own.")
                }
                let texts = try files.texts(over: try await desk.texts(of: application))
                try await files.complaining { try await desk.setRules(of: application, texts, by: open.actor) }
            }
            if let honoursMasks { try await desk.setHonoursMasks(honoursMasks, application.id, by: open.actor) }
            if enables || disables { try await desk.setEnabled(enables, application.id, by: open.actor) }
            if let renamed = renamed ?? nil { try await desk.rename(application, renamed, by: open.actor) }
            let current = try await desk.application(application.id)
            if isJSON {
                Terminal.json(ApplicationOutput.value(current))
            } else {
                Terminal.line(ApplicationOutput.line(current))
            }
        }
    }
}
