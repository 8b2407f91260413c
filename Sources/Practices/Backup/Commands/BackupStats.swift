// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup stats`: how much is in snapshots.
struct BackupStats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count what is in snapshots, and how much room it takes.",
        discussion: """
            restore-size: what a restore would write, also where snapshots hold the same files. files-by-contents: files \
            with the same content once. blobs-per-file: the parts of each file, each part once in a file. raw-data: the \
            room that everything takes in the repository, each part once.

            EXIT STATUS: 0 done, 1 failed or something could not be read, 2 wrong usage, 10 there is no repository, 11 it \
            is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(help: "The first digits of snapshots, or `latest`; all when none is named.")
    var snapshots: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    @Option(help: "What is counted: restore-size, files-by-contents, blobs-per-file or raw-data.")
    var mode = Statistics.Mode.restoreSize

    func run() async throws {
        let command = self
        try await options.read { reading, complaints in
            let chosen = reading.snapshots.select(command.snapshots, command.filter.filter)
            for flaw in chosen.flaws { complaints.add(flaw) }
            var statistics = Statistics(command.mode)
            for entry in chosen.entries { try await statistics.add(entry.snapshot, reading.blobs) }
            try statistics.finish(reading.blobs)
            if command.options.json { Self.printJSON(statistics) } else { Self.print(statistics) }
        }
    }

    private static func printJSON(_ statistics: Statistics) {
        var line = JSONLine()
        line.add("total_size", number: statistics.size)
        line.addUnlessZero("total_uncompressed_size", statistics.uncompressedSize)
        line.addUnlessZero("compression_ratio", share: statistics.compressionRatio)
        line.addUnlessZero("compression_progress", share: statistics.compressionProgress)
        line.addUnlessZero("compression_space_saving", share: statistics.compressionSpaceSaving)
        line.addUnlessZero("total_file_count", statistics.files)
        line.addUnlessZero("total_blob_count", statistics.blobs)
        line.add("snapshots_count", number: statistics.snapshots)
        Terminal.line(line.finish())
    }

    private static func print(_ statistics: Statistics) {
        Terminal.line("Snapshots: \(statistics.snapshots)")
        if statistics.files > 0 {
            let noun = statistics.mode == .restoreSize ? "Files and folders" : "Files"
            Terminal.line("\(noun): \(statistics.files)")
        }
        if statistics.blobs > 0 { Terminal.line("Parts: \(statistics.blobs)") }
        Terminal.line("Size: \(ByteText.of(Int64(clamping: statistics.size)))")
        guard statistics.uncompressedSize > 0 else { return }
        let saving = (statistics.compressionSpaceSaving * 10).rounded() / 10
        Terminal.line(
            "Without compression: \(ByteText.of(Int64(clamping: statistics.uncompressedSize))) (\(saving) % saved)")
    }
}

extension Statistics.Mode: ExpressibleByArgument {}
