// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup diff`: what changed between two snapshots.
struct BackupDiff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what changed from one snapshot to another.",
        discussion: """
            + new, - gone, M other content, T of another type, U other owner, permissions, times or attributes (with \
            --metadata). M? is a file whose content changed although length, times and number stayed: a disk that fails, \
            or somebody who covers tracks.

            EXIT STATUS: 0 done, also when nothing differs, 1 failed or something could not be read, 2 wrong usage, 10 \
            there is no repository, 11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(help: "The earlier snapshot: its first digits, or `latest`; with `:FOLDER`, only that folder of it.")
    var first: String

    @Argument(help: "The later one.")
    var second: String

    @Flag(help: "Show also what differs only in owner, permissions, times or attributes.")
    var metadata = false

    func run() async throws {
        let command = self
        try await options.read { reading, complaints in
            let first = try await reading.folder(command.first)
            let second = try await reading.folder(command.second)
            let output = try OutputPieces()
            defer { try? output.flush() }
            var comparison = Comparison(reading.blobs, complaints)
            comparison.looksAtMetadata = command.metadata
            try await comparison.run(first.tree, second.tree) { change in
                if !command.options.quiet { try output.line(command.text(change)) }
            }
            try output.line(command.options.json ? command.json(comparison) : Self.text(comparison))
            try output.flush()
        }
    }

    private func text(_ change: Comparison.Change) -> String {
        guard options.json else {
            return change.mark + String(repeating: " ", count: max(1, 5 - change.mark.count))
                + NodeText.name(change.path)
        }
        var line = JSONLine()
        line.add("message_type", "change")
        line.add("path", change.path)
        line.add("modifier", change.mark)
        return line.finish()
    }

    private func json(_ comparison: Comparison) -> String {
        var line = JSONLine()
        line.add("message_type", "statistics")
        line.add("source_snapshot", first)
        line.add("target_snapshot", second)
        line.add("changed_files", number: comparison.changedFiles)
        line.add("added", raw: Self.json(comparison.added))
        line.add("removed", raw: Self.json(comparison.removed))
        return line.finish()
    }

    private static func json(_ counts: Comparison.Counts) -> String {
        var line = JSONLine()
        line.add("files", number: counts.files)
        line.add("dirs", number: counts.folders)
        line.add("others", number: counts.others)
        line.add("data_blobs", number: counts.dataBlobs)
        line.add("tree_blobs", number: counts.treeBlobs)
        line.add("bytes", number: counts.bytes)
        return line.finish()
    }

    private static func text(_ comparison: Comparison) -> String {
        let (new, gone) = (comparison.added, comparison.removed)
        return """

            Files:   \(new.files) new, \(gone.files) gone, \(comparison.changedFiles) changed
            Folders: \(new.folders) new, \(gone.folders) gone
            Others:  \(new.others) new, \(gone.others) gone
            Parts:   \(new.dataBlobs + new.treeBlobs) new with \(ByteText.of(Int64(clamping: new.bytes))), \
            \(gone.dataBlobs + gone.treeBlobs) gone with \(ByteText.of(Int64(clamping: gone.bytes)))
            """
    }
}
