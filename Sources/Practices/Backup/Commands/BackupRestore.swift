// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import ResticFormat

/// `salus backup restore`: files of a snapshot.
struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Restore a snapshot, or a part of it.",
        discussion: """
            Nothing is written outside the target, whatever names the snapshot holds. Files that are there already are \
            replaced unless --overwrite says otherwise; others stay.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 3 some files could not be restored, 10 there is no repository, \
            11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of the snapshot, or `latest`; with `:FOLDER`, only that folder of it.")
    var snapshot: String

    @OptionGroup var filter: SnapshotFilterOptions

    @Option(name: [.customShort("t"), .long], help: "The folder to restore into.", completion: .directory)
    var target: String

    @Option(name: [.customShort("i"), .long], help: "A pattern of what is restored; may be given several times.")
    var include: [String] = []

    @Option(name: [.customShort("e"), .long], help: "A pattern of what is not.")
    var exclude: [String] = []

    @Option(
        help: """
            What becomes of files that are there already: always replaced; if-changed, those of another length or time; \
            if-newer, those that are older than the snapshot's; never.
            """, transform: Self.overwriting)
    var overwrite = Overwriting.always

    private static func overwriting(_ text: String) throws -> Overwriting {
        guard let overwriting = Overwriting(rawValue: text) else {
            throw ValidationError("Say always, if-changed, if-newer or never.")
        }
        return overwriting
    }

    @Flag(help: "Read what was written again and compare it.")
    var verify = false

    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only say how much would be restored.")
    var isDryRun = false

    func run() async throws {
        let selection = RestoreSelection(
            includes: PathPatterns(try PatternFile.patterns(include)),
            excludes: PathPatterns(try PatternFile.patterns(exclude)))
        let command = self
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: false)
            let state = try await lock.hold(after: { try await Self.contents(of: repository) }) { snapshots, loaded in
                try await command.restore(repository, selection, snapshots, loaded)
            }
            command.report(state)
            if state.failureCount > 0 { throw ExitCode(3) }
        }
    }

    private typealias Loaded = (index: LoadedIndex, flaws: [String])

    private static func contents(of repository: Repository) async throws -> (SnapshotList, Loaded) {
        // Listed before the index is read: what the index does not hold yet no snapshot needs.
        let snapshots = try await repository.place.list(.snapshots).map(\.id)
        async let loaded = LoadedIndex.load(repository)
        return (try await SnapshotList.load(repository, snapshots), try await loaded)
    }

    private func restore(
        _ repository: Repository, _ selection: RestoreSelection, _ snapshots: SnapshotList, _ loaded: Loaded
    ) async throws -> RestoreProgress.State {
        let (name, folder) = SnapshotPath.split(snapshot)
        let chosen = try snapshots.choose(name, filter.filter)
        let (index, flaws) = loaded
        for flaw in flaws { Terminal.complain("salus: \(TerminalText.harmless(flaw))") }
        let blobs = BlobReader(repository: repository, index: index)
        guard let tree = try await blobs.find(folder, from: chosen.snapshot.tree)?.tree else {
            throw SnapshotChoiceError.noFolder(snapshot)
        }
        let progress = RestoreProgress()
        var restorer = Restorer(
            blobs: blobs, target: target, selection: selection, verifies: verify, isDryRun: isDryRun,
            progress: progress)
        restorer.overwriting = overwrite
        // How much there is stands in the snapshot; of a part of it nobody knows before the end.
        let isWhole = folder.isEmpty && include.isEmpty && exclude.isEmpty
        let total = isWhole ? chosen.snapshot.summary.map { Int64(clamping: $0.totalBytesProcessed) } : nil
        let tell: @Sendable (WorkLine) -> Void = { line in
            let now = progress.now
            line.show(files: now.items, bytes: now.bytes, of: total)
        }
        try await WorkLine().watching(!options.quiet && !options.json, tell) { [restorer] in
            try await restorer.restore(tree)
        }
        return progress.now
    }

    private func report(_ state: RestoreProgress.State) {
        for failure in state.failures {
            let path = failure.path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            Terminal.complain("salus: /\(TerminalText.harmless(path)): \(TerminalText.harmless(failure.reason))")
        }
        if options.json {
            Terminal.json([
                "message_type": "summary", "files_restored": .integer(Int64(state.items)),
                "bytes_restored": .integer(state.bytes), "files_skipped": .integer(Int64(state.kept)),
                "errors": .integer(Int64(state.failureCount)),
            ])
        } else if !options.quiet {
            let verb = isDryRun ? "Would restore" : "Restored"
            Terminal.line("\(verb) \(state.items) files and folders, \(ByteText.of(state.bytes)).")
            if state.kept > 0 { Terminal.line("\(state.kept) that were there already stayed as they were.") }
        }
    }
}

/// A snapshot and a folder in it, as `latest:/etc`.
enum SnapshotPath {
    static func split(_ text: String) -> (snapshot: String, folder: [[UInt8]]) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (text, []) }
        return (String(text[..<colon]), Targets.names(of: String(text[text.utf8.index(after: colon)...]), from: "/"))
    }
}
