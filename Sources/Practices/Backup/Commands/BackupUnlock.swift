// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs

/// `salus backup unlock`: takes away the locks of those who are gone.
struct BackupUnlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Remove the locks of processes that are gone.",
        discussion: """
            A lock counts as left behind when its process does not run on this machine, or when it was not made anew for \
            half an hour.
            """)

    @OptionGroup var options: RepositoryOptions

    @Flag(help: "Remove all locks, also of processes that run: only when you know that none does.")
    var removeAll = false

    func run() async throws {
        let command = self
        try await options.open { repository in
            let count = try await RepositoryLock.clear(repository, who: .current, all: command.removeAll)
            if command.options.json {
                Terminal.json(["message_type": "unlocked", "removed": .integer(Int64(count))])
            } else if !command.options.quiet {
                Terminal.line(count == 1 ? "Removed 1 lock." : "Removed \(count) locks.")
            }
        }
    }
}
