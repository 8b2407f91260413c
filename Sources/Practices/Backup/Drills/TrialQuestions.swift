// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Asks the server of a trial, with the programs that came with it.
struct TrialQuestions: Sendable {
    let programs: PostgresPrograms
    let folder: TrialFolder
    /// As whom.
    var role = "postgres"
    /// How long one question may take.
    var patience = Duration.seconds(4 * 3_600)

    /// What a program answered.
    struct Answer: Sendable {
        let status: Int32
        let text: String
    }

    /// The rows that a statement answers in a database, their columns separated by the byte 31.
    ///
    /// - Throws: `TrialError.failed` with `what` when it fails; `CancellationError`.
    func rows(_ sql: String, in database: String, for what: String) async throws -> [[String]] {
        let answer = try await ask(sql, in: database)
        guard answer.status == 0 else { throw TrialError.failed(what) }
        return answer.text.split(separator: "\u{1E}").map { row in
            row.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Whether the server answers at all.
    func isAnswered() async throws -> Bool {
        try await run("pg_isready", ["--quiet"], database: "postgres")?.status == 0
    }

    /// What psql answers to a statement that only reads.
    func ask(_ sql: String, in database: String) async throws -> Answer {
        let arguments = [
            "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--field-separator=\u{1F}",
            "--record-separator=\u{1E}", "--set=ON_ERROR_STOP=1", "--command=\(sql)",
        ]
        guard let answer = try await run("psql", arguments, database: database) else {
            throw TrialError.noServer(version: programs.version)
        }
        return answer
    }

    /// Runs one of the programs on a database; nil where it is not installed.
    ///
    /// - Throws: `SystemError`; `CancellationError`, and then the program has ended.
    func run(_ name: String, _ arguments: [String], database: String? = nil, reads: Bool = true) async throws -> Answer?
    {
        guard let path = programs.path(name) else { return nil }
        var environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGHOST": folder.socket,
            "PGPORT": "5432", "PGUSER": role, "PGCONNECT_TIMEOUT": "10", "PGSSLMODE": "disable",
            "PGGSSENCMODE": "disable",
            "PGCLIENTENCODING": "UTF8", "HOME": "/nonexistent", "PSQL_HISTORY": "/dev/null",
        ]
        // The name stands here and not among the arguments, where it could look like more than a name.
        environment["PGDATABASE"] = database
        if reads { environment["PGOPTIONS"] = "-c default_transaction_read_only=on" }
        let program = try SpawnedProgram([path] + arguments, environment: environment, output: folder.output(name))
        guard let status = await program.wait(within: patience) else {
            program.end()
            try Task.checkCancellation()
            throw TrialError.silent
        }
        let text = folder.text(name)
        // psql ends what it writes with a line feed, whatever separates the rows.
        return Answer(status: status, text: text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
}
