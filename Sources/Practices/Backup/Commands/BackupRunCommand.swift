// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Glibc
import Kernel
import ResticFormat

/// `salus backup run`: a snapshot of files and folders.
struct BackupRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Back up files and folders, a database, or Salus itself.",
        discussion: """
            Without an option, files and folders are named. A database that is running is backed up as its server or its \
            library hands it out, so that it is whole: --postgres a whole server, --sqlite one database. --state is Salus \
            itself. --stdin and --stdin-from-command keep what another program writes.

            Files that did not change since the last snapshot of the same paths are not read again. A file that changes \
            while it is read is read anew; if it still changes, it is kept and named as torn.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 3 the snapshot lacks files that could not be read, or has \
            pages of a database whose checksum is wrong, 10 there is no \
            repository, 11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions

    @OptionGroup var sources: SourceOptions

    @Option(help: "A word by which the snapshot is found again; may be given several times.")
    var tag: [String] = []

    @Option(name: [.customShort("H"), .long], help: "The machine that the snapshot names, if not this one.")
    var host: String?

    @Option(name: [.customShort("e"), .long], help: "A pattern of what is left out; may be given several times.")
    var exclude: [String] = []

    @Option(help: "The same, with letters of both cases alike.")
    var iexclude: [String] = []

    @Option(help: "A file with such patterns, one a line.", completion: .file())
    var excludeFile: [String] = []

    @Flag(help: "Leave out what is in folders that hold a file CACHEDIR.TAG.")
    var excludeCaches = false

    @Option(help: "Leave out what is in folders that hold a file of this name.")
    var excludeIfPresent: [String] = []

    @Flag(name: [.customShort("x"), .long], help: "Stay on the file systems of the paths.")
    var oneFileSystem = false

    @Option(help: "The snapshot to compare with; by default the newest of the same paths and machine.")
    var parent: String?

    @Flag(name: [.customShort("f"), .long], help: "Read every file, also those that seem unchanged.")
    var force = false

    @Flag(help: "Keep the time of the last reading of each file.")
    var withAtime = false

    @Option(help: "How much time is spent on compressing: off, auto or max.", transform: Self.compression)
    var compression = Compression.auto

    private static func compression(_ text: String) throws -> Compression {
        guard let compression = Compression(rawValue: text) else {
            throw ValidationError("Say off, auto or max.")
        }
        return compression
    }

    func run() async throws {
        let files = try sources.absolute()
        guard files.isEmpty || files.contains(where: Self.isThere) else {
            throw Fault(.notFound, "Nothing of what is to be backed up is there. Is a disk not mounted?")
        }
        let (exclusions, patterns) = try exclusions(files)
        let source = try sources.source(files)
        let command = self
        try await options.open { repository in
            let who = Whoami.current.named(command.host)
            let parent: ObjectID? =
                if let text = command.parent { try await SnapshotList.load(repository).choose(text).id } else { nil }
            var run = BackupRun(
                repository: repository, who: who, source: source, programVersion: "salus \(Version.number)")
            (run.tags, run.excludes, run.exclusions) = (command.tags, patterns, exclusions)
            (run.compression, run.parent, run.readsAll) = (command.compression, parent, command.force)
            run.keepsAccessTimes = command.withAtime
            let (ready, output) = (run, BackupOutput(command.options))
            let lock = RepositoryLock(repository: repository, who: who, isExclusive: false)
            let outcome = try await lock.hold(after: { try await ready.prepare() }) { prepared in
                try await output.watching {
                    try await LookAhead(exclusions: ready.exclusions).count(ready.source.pathsHere, for: $0)
                } _: { progress in
                    try await ready.run(progress, prepared)
                }
            }
            output.print(outcome)
            if outcome.report.failureCount > 0 { throw ExitCode(3) }
        }
    }

    private static func isThere(_ path: String) -> Bool {
        (try? SourceStatus(of: Array(path.utf8), in: AT_FDCWD)) != nil
    }

    /// `a,b` are two, as for restic.
    private var tags: [String] {
        let words = tag.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
        return (sources.wal ? ["wal"] : []) + words.filter { !$0.isEmpty }
    }

    private func exclusions(_ paths: [String]) throws -> (Exclusions, [String]) {
        var texts = exclude
        for file in excludeFile { texts += try PatternFile.lines(of: file) }
        let names = [excludeIfPresent, texts, iexclude]
        guard !paths.isEmpty || names.allSatisfy(\.isEmpty) && !excludeCaches && !oneFileSystem else {
            throw ValidationError("Only of files and folders something can be left out.")
        }
        var exclusions = Exclusions()
        exclusions.patterns = PathPatterns(try PatternFile.patterns(texts))
        exclusions.patternsOfAnyCase = PathPatterns(
            try PatternFile.patterns(iexclude.map { $0.lowercased() }), ignoresCase: true)
        exclusions.markers = excludeIfPresent.map { .init(name: Array($0.utf8), beginning: []) }
        if excludeCaches { exclusions.markers.append(.cache) }
        if oneFileSystem {
            exclusions.devices = Set(
                paths.compactMap { try? SourceStatus(of: Array($0.utf8), in: AT_FDCWD).device })
        }
        return (exclusions, texts + iexclude)
    }
}
