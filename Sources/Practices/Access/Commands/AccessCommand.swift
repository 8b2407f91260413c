// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus access`: who may do what.
package struct AccessCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what, and whether it is still needed.",
        subcommands: [ReviewsList.self, LeaversList.self])

    package init() {}
}
