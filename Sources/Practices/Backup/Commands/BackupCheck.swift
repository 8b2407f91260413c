// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import ResticFormat

/// `salus backup check`: whether everything can be restored.
struct BackupCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a repository for errors.",
        discussion: """
            Looks whether every file that snapshots need is there, as long as it should be, and named by the index. Only \
            --read-data looks whether its bytes are still the same: do that on a schedule, or a part each night \
            (--read-data-subset 1/30). Nothing is changed.

            EXIT STATUS: 0 no errors, 1 errors were found, 2 wrong usage, 10 there is no repository, 11 it is locked, 12 the \
            password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of snapshots, or `latest`; all when none is named.")
    var snapshots: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    @Flag(help: "Read all packs.")
    var readData = false

    @Option(
        help: "Read a part of the packs: `n/t` the nth of t parts, `x%` or a size such as `10G` by chance.",
        transform: Self.subset)
    var readDataSubset: ReadSubset?

    private static func subset(_ text: String) throws -> ReadSubset {
        guard let subset = ReadSubset(text) else {
            throw ValidationError("Say a part as 1/5 (256 parts at most), a share as 2.5%, or a size as 10G.")
        }
        return subset
    }

    func validate() throws {
        if readData, readDataSubset != nil { throw ValidationError("Give one of --read-data and --read-data-subset.") }
    }

    func run() async throws {
        let command = self
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: true)
            let report = try await lock.hold { try await command.check(repository) }
            command.print(report)
            if report.errorCount > 0 { throw ExitCode(1) }
        }
    }

    private func check(_ repository: Repository) async throws -> CheckReport {
        var check = RepositoryCheck(repository: repository, steps: options.steps)
        check.subset = readData ? .all : readDataSubset ?? .none
        if !snapshots.isEmpty || !filter.filter.isEmpty {
            let chosen = try await SnapshotList.load(repository).select(snapshots, filter.filter)
            guard chosen.flaws.isEmpty else { throw RepositoryError.damaged(chosen.flaws) }
            check.only = Set(chosen.entries.map(\.id))
        }
        return try await check.run()
    }

    private func print(_ report: CheckReport) {
        for error in report.errors { Terminal.complain("salus: \(TerminalText.harmless(error))") }
        if report.errorCount > report.errors.count {
            Terminal.complain("salus: … and \(report.errorCount - report.errors.count) more errors")
        }
        if options.json { return printJSON(report) }
        if !options.quiet {
            for hint in report.hints { Terminal.line(TerminalText.harmless(hint)) }
            Terminal.line(Self.summary(report))
        }
        guard report.errorCount > 0 else { return }
        Terminal.complain(
            "Keep this repository as it is, back up into a new one now, and see \"A damaged repository\" in the documentation."
        )
    }

    private static func summary(_ report: CheckReport) -> String {
        let read =
            report.packsRead > 0
            ? "\(report.packsRead) of \(report.packs) packs were read (\(ByteText.of(report.bytesRead)))"
            : "\(report.packs) packs, none was read"
        let errors = report.errorCount == 0 ? "no errors" : "\(report.errorCount) errors"
        return "\(report.snapshots) snapshots, \(read): \(errors)."
    }

    /// What restic's `check --json` says, and what was read.
    private func printJSON(_ report: CheckReport) {
        Terminal.json([
            "message_type": "summary", "num_errors": .integer(Int64(report.errorCount)),
            "broken_packs": .array(report.damagedPacks.sorted().map { .string($0.hex) }),
            "suggest_repair_index": .boolean(report.suggestsIndexRepair),
            "suggest_prune": .boolean(report.suggestsPrune),
            "packs": .integer(Int64(report.packs)), "packs_read": .integer(Int64(report.packsRead)),
            "bytes_read": .integer(report.bytesRead), "snapshots": .integer(Int64(report.snapshots)),
        ])
    }
}
