// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus access`: who may do what in this house.
package struct AccessCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what in this house.", subcommands: [AccessRules.self])

    package init() {}
}
