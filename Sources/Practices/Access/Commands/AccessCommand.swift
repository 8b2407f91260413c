// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus access`: who may do what.
package struct AccessCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what, and what was opened in an emergency.",
        subcommands: [CareTeamsCommand.self, EmergenciesList.self])

    package init() {}
}
