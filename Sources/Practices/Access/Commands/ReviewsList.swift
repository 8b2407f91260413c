// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel
import Web

/// `salus access reviews`: every role, and until when somebody has to confirm it.
struct ReviewsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reviews", abstract: "Show every role, its last use, and until when it must be confirmed.",
        discussion: """
            Roles are confirmed in the console, by somebody other than their holder.

            EXIT STATUS: 0 shown; 1 anything else.
            """)

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await house.withHouse(for: AccessActions.reviewGrants) { [json = house.json] open in
            let sheet = try await GrantDesk(house: open.house, shelf: try RuleAuthorizer.of(open.house).shelf).sheet()
            if json { return Terminal.json(GrantDocument(sheet: sheet).value) }
            if !sheet.isComplete { Terminal.complain("The evidence log is still being read; uses may be missing.") }
            for grant in sheet.grants.sorted(by: { $0.state(at: sheet.now) < $1.state(at: sheet.now) }) {
                Terminal.line(
                    [
                        GrantDocument.word(grant.state(at: sheet.now)), grant.due.map(open.house.localTime.day) ?? "-",
                        grant.person.login, grant.role,
                        grant.used.map { "used \(open.house.localTime.day($0))" } ?? "not seen used",
                    ].joined(separator: "\t"))
            }
        }
    }
}
