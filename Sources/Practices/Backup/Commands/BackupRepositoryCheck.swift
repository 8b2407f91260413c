// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel

/// `salus backup repository check`.
struct BackupRepositoryCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Have a repository checked by Salus and, where it is installed, by restic.",
        discussion: """
            Two programs that share no line judge the same files; both verdicts stand in the log.

            EXIT STATUS: 0 neither found an error, 1 one did, 2 wrong usage, 4 refused.
            """)

    @Argument(help: "The name of the repository.")
    var name: String

    @Flag(help: "Read all data.")
    var readData = false

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (name, readData, isJSON) = (name, readData, house.json)
        try await house.withHouse(for: BackupActions.start) { open in
            let repository = try await RepositoryDesk(open.house).repository(named: name)
            let record = try await BlockingThreads.forBackups.run {
                try await BackupFault.worded {
                    try await Examination(house: open.house, repository: repository).run(
                        readsData: readData, by: open.actor, steps: Steps(isShown: !isJSON))
                }
            }
            Self.print(record, isJSON: isJSON)
            if !record.isClean { throw ExitCode(1) }
        }
    }

    private static func print(_ record: CheckRecord, isJSON: Bool) {
        guard !isJSON else {
            return Terminal.json([
                "snapshots": .integer(record.snapshots), "errors": .integer(record.errors),
                "read_data": .boolean(record.readsData), "peer": .string(record.peer ?? "none"),
                "peer_verdict": .string(record.verdict.rawValue),
            ])
        }
        let own = record.errors == 0 ? "no errors" : "\(record.errors) errors"
        Terminal.line("Salus: \(own) in \(record.snapshots) snapshots\(record.readsData ? ", all data was read" : "").")
        Terminal.line("\(record.peer ?? "restic"): \(record.verdict.word).")
        if !record.isClean { Terminal.complain(record.detail) }
    }
}
