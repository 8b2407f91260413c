// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Web

/// `salus access leavers`: whether accounts are as the log says, and closed ones are refused everything.
struct LeaversList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leavers", abstract: "Show whether people who left can do nothing any more.",
        discussion: """
            Lists accounts that were closed, and every account that is not as the evidence log says.

            EXIT STATUS: 0 all is well; 1 something is wrong, or anything else.
            """)

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await house.withHouse(for: AccessActions.reviewGrants) { [json = house.json] open in
            guard let findings = try await Leavers.findings(open.house, try RuleAuthorizer.of(open.house)) else {
                throw Fault(.unavailable, "The evidence log is still being read. Try again in a minute.")
            }
            let shown = findings.filter(\.isListed)
            if json {
                Terminal.json(.object([.init("accounts", .array(shown.map(Self.value)))]))
            } else {
                if shown.isEmpty { Terminal.line("Nobody has left, and every account is as the log says.") }
                for finding in shown {
                    Terminal.line(
                        [
                            finding.summary?.login ?? finding.person.description,
                            finding.changed.map(open.house.localTime.day) ?? "-",
                            finding.wrong?.words
                                ?? (finding.isTried
                                    ? "can do nothing any more"
                                    : "closed more than 400 days ago, not looked at any more"),
                        ].joined(separator: "\t"))
                }
            }
            if shown.contains(where: { $0.wrong != nil }) { throw ExitCode(1) }
        }
    }

    private static func value(_ finding: Leavers.Finding) -> CanonicalValue {
        .object(
            [
                .init("closed", .boolean(!finding.isOpen)), .init("person", .string(finding.person.description)),
            ] + (finding.changed.map { [.init("changed", .integer($0.microseconds))] } ?? [])
                + (finding.wrong.map { [.init("wrong", .string($0.words))] } ?? []))
    }
}

extension Leavers.Wrong {
    /// What is wrong, in a few words.
    var words: String {
        switch self {
        case .untold: "the log does not tell who opened this account"
        case .missing: "the log tells of this account, and the directory does not have it"
        case .stillOpen: "the log says that it was closed, and it is open: disable it under People"
        case .closedUntold: "it was closed and the log does not tell by whom"
        case .allowed(let action): "the rules still allow \(action): look for a rule without the condition isActive"
        case .kept: "departments, shifts, numbers or emergencies are still kept"
        }
    }
}
