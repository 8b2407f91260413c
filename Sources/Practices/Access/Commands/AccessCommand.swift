// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus access`: who may do what.
package struct AccessCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what, what was opened in an emergency, and what is still needed.",
        subcommands: [
            AccessRules.self, ApplicationsCommand.self, CareTeamsCommand.self, EmergenciesList.self, ReviewsList.self,
            LeaversList.self, StaffCommand.self,
        ])

    package init() {}
}

/// `salus access applications`: other programs that ask Salus.
struct ApplicationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "applications", abstract: "Other programs that ask Salus who may do what.",
        discussion: "They ask over HTTPS with a bearer token, as OpenID AuthZEN Authorization API 1.0 says.",
        subcommands: [
            ApplicationsList.self, ApplicationsAdd.self, ApplicationsSet.self, ApplicationsRotateToken.self,
            ApplicationsRemove.self,
        ])
}
