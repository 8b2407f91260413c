// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel

/// The program: sets the door of the house, runs the command, and turns failures into words and exit codes.
public enum SalusProgram {
    /// Runs the command of this process and exits with its status.
    public static func run() async {
        HouseDoor.hang { try await CommandHouse.open($0, making: $1, $2) }
        Exit.with(await perform())
    }

    private static func perform() async -> Int32 {
        do {
            var command = try Salus.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        switch error {
        case let fault as Fault:
            Terminal.complain("salus: \(fault.message)")
            return fault.exitStatus
        case let exit as ExitCode:
            return exit.rawValue
        default:
            let text = Salus.fullMessage(for: error)
            let code = Salus.exitCode(for: error)
            if code == .success {
                if !text.isEmpty { Terminal.line(text) }
                return 0
            }
            Terminal.complain(text.isEmpty ? "salus: \(error)" : text)
            return code == .validationFailure ? 2 : 1
        }
    }
}

/// `salus`: all commands.
struct Salus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salus",
        abstract: "Protect a healthcare institution, and prove it.",
        discussion: """
            Salus runs the ten practices that protect a clinic and keeps the evidence that they are in force.

            Start it:            salus up
            Try it:              salus up --demo --data ./demo
            See how you stand:   salus posture
            Check the evidence:  salus ledger verify

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 3 partly done, 4 refused, 5 the data is of a newer version, \
            6 evidence damaged.
            """,
        version: Version.number,
        subcommands: [
            Up.self, Status.self, PostureShow.self, Keys.self, CertificateCommand.self, LedgerCommand.self,
            DatabaseCommand.self, Demo.self, Reference.self,
        ] + Practices.all.flatMap { $0.commands }.map { $0 as any ParsableCommand.Type })
}
