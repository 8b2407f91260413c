// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup find`: in which snapshots something is.
struct BackupFind: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find files and folders in snapshots, the newest snapshot first.",
        discussion: """
            Patterns are those of `--exclude`: `*.odt` anywhere, `/srv/letters/**/2026*` from the root on. With --blob, \
            --tree or --pack the arguments are the first digits of ids, at least eight.

            EXIT STATUS: 0 done, also when nothing was found, 1 failed or something could not be read, 2 wrong usage, 10 \
            there is no repository, 11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(help: "What is looked for.")
    var patterns: [String]

    @Option(
        name: [.customShort("s"), .long],
        help: "Look in this snapshot only: its first digits, or `latest`; may be given several times.")
    var snapshot: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    @Option(
        name: [.customShort("O"), .long],
        help: "Only what was changed then or later: `2026-11-30`, `2026-11-30 07:15`.",
        transform: Self.moment)
    var oldest: Timestamp?

    @Option(name: [.customShort("N"), .long], help: "Only what was changed then or earlier.", transform: Self.moment)
    var newest: Timestamp?

    @Flag(name: [.customShort("i"), .long], help: "Take letters of both cases for the same.")
    var ignoreCase = false

    @Flag(name: .shortAndLong, help: "With permissions, owner, length and time.")
    var long = false

    @Flag(help: "Lengths in units for people.")
    var humanReadable = false

    @Flag(name: [.customShort("R"), .long], help: "The oldest snapshot first.")
    var reverse = false

    @Flag(help: "The patterns are ids of parts of files.")
    var blob = false

    @Flag(help: "The patterns are ids of folders.")
    var tree = false

    @Flag(help: "The patterns are ids of packs: find whose parts are in them.")
    var pack = false

    @Flag(help: "Say in which pack each part or folder is.")
    var showPackId = false

    private static func moment(_ text: String) throws -> Timestamp {
        guard let moment = LocalMoment.parse(text) else {
            throw ValidationError("`\(TerminalText.harmless(text))` is no time: say 2026-11-30 or '2026-11-30 07:15'.")
        }
        return moment
    }

    func validate() throws {
        guard [blob, tree, pack].count(where: { $0 }) <= 1 else {
            throw ValidationError("Say one of --blob, --tree and --pack.")
        }
        guard isByID else { return }
        for digits in patterns {
            let isHex = digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
            guard isHex, 8...64 ~= digits.utf8.count else {
                throw ValidationError("`\(TerminalText.harmless(digits))` is no id: give 8 to 64 digits of it.")
            }
        }
    }

    private var isByID: Bool { blob || tree || pack }

    func run() async throws {
        let paths = isByID ? nil : try pathSearch()
        let command = self
        try await options.read { reading, complaints in
            let chosen = reading.snapshots.select(command.snapshot, command.filter.filter)
            for flaw in chosen.flaws { complaints.add(flaw) }
            let entries = chosen.entries.sorted { one, other in
                command.reverse
                    ? one.snapshot.time.isBefore(other.snapshot.time) : other.snapshot.time.isBefore(one.snapshot.time)
            }
            if let paths {
                try await command.find(paths, entries, reading.blobs, complaints)
            } else {
                let blobs = try await command.blobSearch(reading.blobs, complaints)
                try await command.find(blobs, entries, reading.blobs, complaints)
            }
        }
    }

    private func pathSearch() throws -> PathSearch {
        // As restic reads them here: nothing is taken back, so `!` says nothing.
        let texts = patterns.map { $0.hasPrefix("!") ? String($0.dropFirst()) : $0 }
        let folded = ignoreCase ? texts.map { $0.lowercased() } : texts
        var search = PathSearch(try PatternFile.patterns(folded), ignoresCase: ignoreCase)
        (search.oldest, search.newest) = (oldest, newest)
        return search
    }

    private func blobSearch(_ reader: BlobReader, _ complaints: Complaints) async throws -> BlobSearch {
        var search = BlobSearch()
        if blob { search.data.beginnings = patterns }
        if tree { search.trees.beginnings = patterns }
        if pack { search.data = try await BlobSearch.Wanted(packs: patterns, reader, complaints) }
        return search
    }

    private func find(
        _ search: PathSearch, _ entries: [SnapshotList.Entry], _ reader: BlobReader, _ complaints: Complaints
    ) async throws {
        let output = try FindOutput(self)
        defer { try? output.flush() }
        for entry in entries {
            try await search.run(in: entry.snapshot.tree, reader, complaints) { item in
                try output.add(item, of: entry)
            }
        }
        try output.finish()
    }

    private func find(
        _ search: BlobSearch, _ entries: [SnapshotList.Entry], _ reader: BlobReader, _ complaints: Complaints
    ) async throws {
        let output = try FindOutput(self)
        defer { try? output.flush() }
        for entry in entries {
            try await search.run(in: entry.snapshot.tree, reader, complaints) { match in
                let packs = showPackId ? reader.index.places(match.handle).map(\.pack) : []
                try output.add(match, of: entry, packs)
            }
        }
        try output.finish()
    }
}
