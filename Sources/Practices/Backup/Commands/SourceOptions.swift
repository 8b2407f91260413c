// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// What is backed up: files and folders, or one thing of another kind.
struct SourceOptions: ParsableArguments {
    @Argument(help: "Files and folders that are backed up.", completion: .file())
    var paths: [String] = []

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
        let kinds = [!paths.isEmpty, postgres != nil, sqlite != nil, state].filter { $0 }.count
        guard kinds > 0 else {
            throw ValidationError("Say what is backed up: files and folders, --postgres, --sqlite or --state.")
        }
        guard kinds == 1 else {
            throw ValidationError("A snapshot is made of one kind of thing: run this once for each.")
        }
        guard data == nil || state else { throw ValidationError("--data belongs to --state.") }
        guard !wal || postgres != nil else { throw ValidationError("--wal belongs to --postgres.") }
        guard name == nil || postgres != nil else { throw ValidationError("--name belongs to --postgres.") }
    }

    /// The paths as they count from the root.
    var absolute: [String] {
        paths.map(Self.absolute)
    }

    private static func absolute(_ path: String) -> String {
        let names = Targets.names(of: path, from: FileManager.default.currentDirectoryPath)
        return "/" + PathText.joined(names)
    }

    /// What the snapshot is made of.
    var source: any SnapshotSource {
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
        return FileSource(paths: absolute)
    }
}
