// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup prune`: takes out what no snapshot needs.
struct BackupPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete what no snapshot needs any more.",
        discussion: """
            Nobody else can work in the repository meanwhile. It may be interrupted at any moment: no snapshot is harmed, and \
            the next run goes on. Where anything that a snapshot needs is missing or damaged, nothing is deleted.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 10 there is no repository, 11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions

    @OptionGroup var flags: PruneFlags

    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only say what would be deleted.")
    var isDryRun = false

    func run() async throws {
        let command = self
        try await options.open { repository in
            let run = PruneRun(repository: repository, options: command.flags.options, steps: command.options.steps)
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: true)
            let counts = try await lock.hold {
                command.isDryRun ? try await run.plan().plan.counts : try await run.run()
            }
            PruneOutput(options: command.options, isDryRun: command.isDryRun).print(counts)
        }
    }
}
