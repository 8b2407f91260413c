// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What a restored PostgreSQL is asked once it answers.
struct TrialProbes: Sendable {
    let questions: TrialQuestions

    /// No more tables are counted in one database, the largest first.
    private static let mostTables = 500
    /// How many are counted by one statement.
    private static let tablesAtOnce = 50
    /// No more findings are kept.
    private static let mostFindings = 100

    /// - Throws: `TrialError.failed`, `CancellationError`.
    func look(_ startedAfter: Duration, _ isNetworkCut: Bool) async throws -> PostgresTrial.Findings {
        let facts =
            try await questions.rows(
                """
                SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('data_checksums'), \
                (extract(epoch FROM pg_catalog.pg_last_xact_replay_timestamp()) * 1000000)::bigint
                """, in: "template1", for: "which version it is"
            ).first ?? []
        let databases = try await questions.rows(
            "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn ORDER BY datname", in: "template1",
            for: "which databases it has"
        ).compactMap(\.first)
        guard facts.count == 3 else { throw TrialError.failed("which version it is") }
        var findings = PostgresTrial.Findings(
            startedAfter: startedAfter, serverVersion: facts[0], databases: databases, isNetworkCut: isNetworkCut)
        findings.hasChecksums = facts[1] == "on"
        findings.lastCommit = Int64(Self.trimmed(facts[2])).map(Instant.init(microseconds:))
        for database in databases { try await countRows(of: database, &findings) }
        try await checkRelations(&findings)
        return findings
    }

    private static func trimmed(_ text: String) -> String {
        text.filter { !$0.isWhitespace }
    }

    private func countRows(of database: String, _ findings: inout PostgresTrial.Findings) async throws {
        let tables = try await questions.rows(
            """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated \
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') \
            ORDER BY c.relpages DESC, c.oid LIMIT \(Self.mostTables)
            """, in: database, for: "which tables it has"
        ).compactMap(\.first)
        for start in stride(from: 0, to: tables.count, by: Self.tablesAtOnce) {
            let part = tables[start..<min(start + Self.tablesAtOnce, tables.count)]
            let sum = part.map { "(SELECT count(*) FROM ONLY \($0))" }.joined(separator: " + ")
            let answer = try await questions.ask("SELECT \(sum)", in: database)
            if answer.status == 0, let count = Int64(Self.trimmed(answer.text.replacing("\u{1E}", with: ""))) {
                let (rows, isTooMany) = findings.rows.addingReportingOverflow(count)
                findings.rows = isTooMany ? .max : rows
                findings.tablesCounted += part.count
            } else {
                findings.amcheckErrors.append("rows of \(part.count) tables cannot be counted in a database")
            }
        }
    }

    /// Tables and their indexes, as pg_amcheck looks at them; version 13 has none.
    private func checkRelations(_ findings: inout PostgresTrial.Findings) async throws {
        let arguments = ["--all", "--install-missing", "--progress", "--jobs=2"]
        guard let answer = try await questions.run("pg_amcheck", arguments, reads: false) else { return }
        for line in answer.text.split(whereSeparator: \.isNewline) {
            if let count = Self.relations(in: line) {
                findings.relationsChecked = max(findings.relationsChecked, count)
            } else if Self.isFinding(line), findings.amcheckErrors.count < Self.mostFindings {
                findings.amcheckErrors.append(String(line.prefix(200)))
            }
        }
        // 2 says that something was found, and only that.
        if answer.status != 0, findings.amcheckErrors.isEmpty {
            guard answer.status == 2 else { throw TrialError.failed("whether its tables are whole") }
            findings.amcheckErrors.append("pg_amcheck found something that it did not name")
        }
    }

    /// `254/254 relations (100%), …`
    private static func relations(in line: Substring) -> Int? {
        let words = line.split(separator: " ")
        guard words.count > 1, words[1] == "relations" else { return nil }
        return words[0].split(separator: "/").first.flatMap { Int($0) }
    }

    /// Names of relations and places in them; what is wrong there stands on the next line, which may hold more than that.
    private static func isFinding(_ line: Substring) -> Bool {
        ["heap table ", "btree index ", "heap \"", "pg_amcheck: error: "].contains { line.hasPrefix($0) }
    }
}
