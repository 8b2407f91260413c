// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kernel

/// What is backed up: files and folders, or one thing of another kind.
struct SourceOptions: ParsableArguments {
    @Argument(help: "Files and folders that are backed up.", completion: .file())
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file with what is backed up, a pattern of a shell on each line; `-` is standard input.",
            valueName: "file"))
    var filesFrom: [String] = []

    @Option(help: ArgumentHelp("The same with paths as they stand.", valueName: "file"))
    var filesFromVerbatim: [String] = []

    @Option(help: ArgumentHelp("The same with paths that each end with a zero byte.", valueName: "file"))
    var filesFromRaw: [String] = []

    @Flag(help: "What comes on standard input, as one file.")
    var stdin = false

    @Flag(
        help: """
            What a program writes, as one file: its path and arguments follow behind `--`. Where it fails, there is no \
            snapshot.
            """)
    var stdinFromCommand = false

    @Option(help: "What the snapshot calls that file (default: stdin).")
    var stdinFilename: String?

    @Option(
        help: ArgumentHelp(
            """
            A whole PostgreSQL server: where it is, as psql takes it. Its password is better kept in a file \
            (PGPASSFILE): everybody on this machine can list arguments.
            """, valueName: "connection"))
    var postgres: String?

    @Option(help: "What the snapshot calls that server; small letters, digits, `.`, `_` and `-`.")
    var name: String?

    @Flag(
        help:
            "Only the log that the server wrote since its last backup: restored over that, it brings the server up to now."
    )
    var wal = false

    @Option(help: ArgumentHelp("A SQLite database, whoever writes it meanwhile.", valueName: "file"))
    var sqlite: String?

    @Flag(help: "Salus itself: its embedded store, with the keys that the root key wraps, and its evidence log.")
    var state = false

    @Option(help: ArgumentHelp("The folder in which Salus keeps its data, for --state.", valueName: "folder"))
    var data: String?

    func validate() throws {
        let lists = filesFrom + filesFromVerbatim + filesFromRaw
        let hasFiles = !stdinFromCommand && !paths.isEmpty || !lists.isEmpty
        let kinds = [hasFiles, stdin, stdinFromCommand, postgres != nil, sqlite != nil, state].filter { $0 }.count
        guard kinds > 0 else {
            throw ValidationError("Say what is backed up: files and folders, --postgres, --sqlite, --state or --stdin.")
        }
        guard !stdinFromCommand || !paths.isEmpty else {
            throw ValidationError("Say the program behind `--`: --stdin-from-command -- pg_dump clinic")
        }
        guard stdinFilename == nil || stdin || stdinFromCommand else {
            throw ValidationError("--stdin-filename belongs to --stdin and --stdin-from-command.")
        }
        guard lists.filter({ $0 == "-" }).count < 2 else {
            throw ValidationError("Standard input can be read once.")
        }
        guard kinds == 1 else {
            throw ValidationError("A snapshot is made of one kind of thing: run this once for each.")
        }
        guard data == nil || state else { throw ValidationError("--data belongs to --state.") }
        guard !wal || postgres != nil else { throw ValidationError("--wal belongs to --postgres.") }
        guard name == nil || postgres != nil else { throw ValidationError("--name belongs to --postgres.") }
    }

    /// The files and folders as they count from the root; none where something else is backed up. Reads the files that
    /// name them, once.
    ///
    /// - Throws: `Fault` when one of those cannot be read, or they name nothing.
    func absolute() throws -> [String] {
        guard !stdinFromCommand else { return [] }
        let named =
            try paths + filesFrom.flatMap(PathFile.matches) + filesFromVerbatim.flatMap(PathFile.lines)
            + filesFromRaw.flatMap(PathFile.raw)
        guard !named.isEmpty || filesFrom.isEmpty && filesFromVerbatim.isEmpty && filesFromRaw.isEmpty else {
            throw Fault(.invalidInput, "There is nothing to back up: the files that say what is name nothing.")
        }
        let bytes = named.reduce(0) { $0 + $1.utf8.count }
        guard bytes <= Self.longestList else {
            throw Fault(
                .invalidInput,
                "\(named.count) paths are too many for one snapshot: name their folders, and leave out with "
                    + "--exclude-file.")
        }
        return named.map(Self.absolute)
    }

    /// Paths of one snapshot in bytes; they stand in its file, which has to be read again.
    private static let longestList = 64 << 20

    private static func absolute(_ path: String) -> String {
        let names = Targets.names(of: path, from: FileManager.default.currentDirectoryPath)
        return "/" + PathText.joined(names)
    }

    /// What the snapshot is made of.
    ///
    /// - Parameter files: what ``absolute()`` gave.
    /// - Throws: `Fault.invalidInput` for a name that is none.
    func source(_ files: [String]) throws -> any SnapshotSource {
        if stdin { return try StreamSource(name: stdinFilename ?? "stdin", .standardInput) }
        if stdinFromCommand { return try StreamSource(name: stdinFilename ?? "stdin", .command(paths)) }
        if let postgres {
            let name = name ?? "main"
            return wal
                ? PostgresLogSource(connection: postgres, name: name) : PostgresSource(connection: postgres, name: name)
        }
        if let sqlite { return SQLiteSource(path: Self.absolute(sqlite)) }
        if state {
            let folder = data ?? ProcessInfo.processInfo.environment["SALUS_DATA"] ?? "./data"
            return StateSource(folder: Self.absolute(folder))
        }
        return FileSource(paths: files)
    }
}
