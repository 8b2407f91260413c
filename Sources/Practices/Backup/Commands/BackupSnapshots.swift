// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import ResticFormat

/// `salus backup snapshots`: what can be restored.
struct BackupSnapshots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshots", abstract: "List the snapshots, the newest last.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of snapshots, or `latest`; all when none is named.")
    var snapshots: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    @Option(help: "Only so many of the newest for each machine and its paths.")
    var latest: Int?

    @Option(
        name: [.customShort("g"), .long], help: "Show them in groups: `host`, `paths`, `tags`, with commas between.",
        transform: Self.grouping)
    var groupBy = SnapshotGrouping()

    @Flag(name: [.customShort("c"), .long], help: "Without paths, one line for each.")
    var compact = false

    private static func grouping(_ text: String) throws -> SnapshotGrouping {
        guard let grouping = SnapshotGrouping(text) else { throw ValidationError("Say host, paths or tags.") }
        return grouping
    }

    func validate() throws {
        if let latest, latest < 1 { throw ValidationError("--latest takes a number from 1 on.") }
    }

    func run() async throws {
        let command = self
        try await options.open { repository in
            let chosen = try await SnapshotList.load(repository).select(command.snapshots, command.filter.filter)
            for flaw in chosen.flaws { Terminal.complain("salus: \(TerminalText.harmless(flaw))") }
            var entries = chosen.entries
            if let count = command.latest { entries = Self.newest(count, of: entries) }
            let output = SnapshotOutput(isCompact: command.compact, isQuiet: command.options.quiet)
            let groups = command.groupBy.groups(of: Self.inOrder(entries))
            switch (command.options.json, command.groupBy.isEmpty) {
            case (true, true): output.printJSON(groups.flatMap(\.entries))
            case (true, false): output.printJSON(groups)
            case (false, true): output.print(groups.flatMap(\.entries))
            case (false, false): output.print(groups)
            }
            if !chosen.flaws.isEmpty { throw ExitCode(1) }
        }
    }

    private static func inOrder(_ entries: [SnapshotList.Entry]) -> [SnapshotList.Entry] {
        entries.sorted { $0.snapshot.time.isBefore($1.snapshot.time) }
    }

    private static func newest(_ count: Int, of entries: [SnapshotList.Entry]) -> [SnapshotList.Entry] {
        SnapshotGrouping(host: true, paths: true).groups(of: inOrder(entries)).flatMap { $0.entries.suffix(count) }
    }
}
