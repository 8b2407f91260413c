// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel

/// `salus access rules`: the rules by which this house decides.
struct AccessRules: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "The rules by which this house decides.",
        subcommands: [AccessRulesShow.self, AccessRulesCheck.self, AccessRulesPut.self])
}

/// `salus access rules show`.
struct AccessRulesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the rules in force, or those of an earlier version.")

    @Option(help: ArgumentHelp("A version; 0 is what is part of the program.", valueName: "number"))
    var version: Int64?

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (version, isJSON) = (version, house.json)
        try await house.withHouse(for: AccessActions.readRules) { open in
            let desk = try DraftDesk(open)
            let number = if let version { version } else { try await desk.version() }
            let text = try await desk.text(ofVersion: number)
            if isJSON {
                Terminal.json([
                    "digest": .string(Hex.encode(RuleText.digest(text))),
                    "policies": .string(String(decoding: text, as: UTF8.self)), "version": .integer(number),
                ])
            } else {
                FileHandle.standardOutput.write(Data(text))
            }
        }
    }
}

/// `salus access rules check`.
struct AccessRulesCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether rules could be put in force, and what would be different.",
        discussion: "EXIT STATUS: 0 they could, 1 they could not, 4 too large to compute here.")

    @Argument(help: "A file of Cedar policies; - is the standard input.", completion: .file())
    var file: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (text, isJSON) = (try TextFile(file).bytes, house.json)
        try await house.withHouse(for: AccessActions.draftRules) { open in
            let desk = try DraftDesk(open)
            let checked = try await desk.check(text)
            for finding in checked.findings.all {
                let place = finding.line.map { "line \($0): " } ?? ""
                Terminal.complain(
                    TerminalText.harmless("\(finding.isError ? "error" : "warning"): \(place)\(finding.sentence)"))
            }
            if checked.isTooLarge { try checked.demandSound() }
            for objection in checked.objections { Terminal.complain("error: \(objection)") }
            guard checked.isSound else { throw ExitCode.failure }
            let impact = try await desk.impacts.computeWatched(text)
            for objection in RuleGate.words(of: impact.broken) { Terminal.complain("error: \(objection)") }
            guard impact.broken.isEmpty else { throw ExitCode.failure }
            try ImpactOutput.show(impact, isJSON: isJSON)
        }
    }
}

/// `salus access rules put`.
struct AccessRulesPut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Put rules in force at once, as whoever runs the machine.",
        discussion: """
            For emergencies and for setting up: nobody else approves, and the log says so. Rules with errors, and \
            rules that would lock everybody out, are refused. People do this in the console, under Rules.

            EXIT STATUS: 0 in force, 2 refused because of what is in the file, 4 too large to compute here, 1 anything else.
            """)

    @Argument(help: "A file of Cedar policies; - is the standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Why. Name no patients.", valueName: "text"))
    var note = ""

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (text, note, isJSON) = (try TextFile(file).bytes, note, house.json)
        try await house.withHouse(for: AccessActions.draftRules) { open in
            let (version, impact) = try await DraftDesk(open).put(text, note: note, by: open.actor)
            if isJSON {
                Terminal.json(.object([.init("version", .integer(version))] + ImpactOutput.members(impact)))
            } else {
                Terminal.line("in force: version \(version)")
                Terminal.line(impact.sentence)
            }
        }
    }
}

extension DraftDesk {
    /// The desk of an opened house.
    ///
    /// - Throws: `Fault.internal` for a house that is not run by these rules.
    fileprivate init(_ open: OpenHouse) throws {
        guard let rules = open.house.authorizer as? RuleAuthorizer else {
            throw Fault(.internal, "The house is not run by the rules of this practice.")
        }
        self.init(house: open.house, impacts: ImpactDesk(rules))
    }
}
