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

    @Option(name: [.customShort("H"), .long], help: "Only those of this machine; may be given several times.")
    var host: [String] = []

    @Option(help: "Only those that have this tag; `a,b` means both. May be given several times.")
    var tag: [String] = []

    func run() async throws {
        let command = self
        try await options.open { repository in
            let list = try await SnapshotList.load(repository)
            for flaw in list.flaws { Terminal.complain("salus: \(TerminalText.harmless(flaw))") }
            let chosen = list.snapshots.filter { command.isWanted($0.snapshot) }
            if command.options.json { try command.printJSON(chosen) } else { command.print(chosen) }
            if !list.flaws.isEmpty { throw ExitCode(1) }
        }
    }

    private func isWanted(_ snapshot: Snapshot) -> Bool {
        let has = { (tags: Substring) in
            tags.split(separator: ",").allSatisfy { tag in snapshot.tags.contains { $0.utf8.elementsEqual(tag.utf8) } }
        }
        return (host.isEmpty || host.contains { $0.utf8.elementsEqual(snapshot.hostname.utf8) })
            && (tag.isEmpty || tag.contains { has($0[...]) })
    }

    private func printJSON(_ entries: [SnapshotList.Entry]) throws {
        let lines = entries.map { entry in
            String(decoding: entry.snapshot.json().dropLast(), as: UTF8.self)
                + #","id":"\#(entry.id)","short_id":"\#(entry.id.short)"}"#
        }
        Terminal.line("[" + lines.joined(separator: ",") + "]")
    }

    private func print(_ entries: [SnapshotList.Entry]) {
        guard !entries.isEmpty else {
            if !options.quiet { Terminal.line("There are no snapshots.") }
            return
        }
        for entry in entries {
            let snapshot = entry.snapshot
            let size = snapshot.summary.map { ByteText.of(Int64(clamping: $0.totalBytesProcessed)) } ?? ""
            let parts = [
                entry.id.short, String(snapshot.time.text.prefix(19)), snapshot.hostname, size,
                snapshot.tags.joined(separator: ","), snapshot.paths.joined(separator: " "),
            ]
            Terminal.line(parts.filter { !$0.isEmpty }.map { TerminalText.harmless($0) }.joined(separator: "  "))
        }
    }
}
