// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel

/// `salus access care-teams`.
struct CareTeamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "care-teams", abstract: "Let care teams decide who reads charts, or let them do so no more.",
        discussion: """
            While care teams are off every physician and nurse reads every chart. While they are on a chart is open to \
            the patient's care team and to those on duty in the patient's department; everybody else who treats \
            patients opens it in an emergency only, which somebody else reviews.

            Before switching them on look at the figures of `show`: who has no number as a practitioner is on nobody's \
            care team.
            """)

    /// What to do.
    enum Act: String, ExpressibleByArgument, CaseIterable {
        case on, off, show
    }

    @Argument(help: "on, off, or show.")
    var act: Act

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (act, isJSON) = (act, house.json)
        try await house.withHouse(for: AccessActions.manageStaff) { open in
            let teams = CareTeams(open.house)
            let figures = try await teams.figures()
            if act != .show { try await teams.set(act == .on, figures, by: open.actor) }
            let isOn = try await teams.areOn()
            if isJSON {
                Terminal.json(.object([.init("on", .boolean(isOn))] + figures.members))
                return
            }
            Terminal.line("care teams: \(isOn ? "on" : "off")")
            for line in figures.words { Terminal.line(line) }
            if act == .on, let warning = figures.warning { Terminal.complain("salus: \(warning)") }
        }
    }
}
