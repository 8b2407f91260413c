// SPDX-License-Identifier: Apache-2.0

import Kernel
import TestSupport
import Testing

@testable import Store

private let notes = Migration(
    name: "test/0001_notes", statements: ["CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL);"])

@Suite struct StatementTests {
    @Test func placeholdersAreFoundWhereTheyAre() throws {
        let sql = """
            SELECT '?', "a?b", 'it''s ?' -- why?
            /* ? */ FROM t WHERE a=? AND b = ?;
            """
        let postgres = try SQLTranslator.translate(sql, for: .postgres)
        #expect(postgres.text == "SELECT '?', \"a?b\", 'it''s ?'  \n  FROM t WHERE a=$1 AND b = $2")
        #expect(postgres.placeholders == 2)
        #expect(postgres.kind == .query)
        #expect(try SQLTranslator.translate(sql, for: .sqlite).text.hasSuffix("a=? AND b = ?"))
    }

    @Test func typesAreTranslatedInDefinitionsOnly() throws {
        let table = "CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT, bytes BYTES)"
        #expect(
            try SQLTranslator.translate(table, for: .sqlite).text
                == "CREATE TABLE t (id INT PRIMARY KEY, text TEXT, bytes BLOB) STRICT")
        let clustered = "CREATE TABLE t (id BYTES PRIMARY KEY) CLUSTERED"
        #expect(
            try SQLTranslator.translate(clustered, for: .sqlite).text
                == "CREATE TABLE t (id BLOB PRIMARY KEY)  STRICT, WITHOUT ROWID")
        #expect(try SQLTranslator.translate(clustered, for: .postgres).text == "CREATE TABLE t (id BYTEA PRIMARY KEY) ")
        #expect(
            try SQLTranslator.translate(table, for: .postgres).text
                == "CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT COLLATE \"C\", bytes BYTEA)")
        #expect(
            try SQLTranslator.translate("CREATE INDEX t_bytes ON t (bytes)", for: .sqlite).text
                == "CREATE INDEX t_bytes ON t (bytes)")
        #expect(try SQLTranslator.translate("SELECT BYTES FROM t", for: .postgres).text == "SELECT BYTES FROM t")
    }

    @Test(arguments: [
        "", "  -- nothing", "PRAGMA synchronous = OFF", "COMMIT", "VACUUM", "SET x = 1", "COPY t FROM 'f'",
        "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "SELECT $1", "SELECT ?1", "SELECT :a", "SELECT a::text",
        "SELECT 'open", "SELECT /* open", "SELECT /* a /* b */ */ 1", "SELECT E'\\''", "SELECT 'ä'", "SELECT ä",
        "SELECT * FROM t WHERE a LIKE 'b'", "SELECT `a`", "SELECT [a]", "(SELECT 1)", "SELECT x'00'",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "SELECT 1; '", "SELECT \u{0}",
    ])
    func whatTheEnginesDoNotShareIsRefused(_ sql: String) {
        for dialect in StoreDialect.allCases {
            let fault = #expect(throws: Fault.self) { try SQLTranslator.translate(sql, for: dialect) }
            #expect(fault?.code == .internal)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func stringsCommentsAndQuotesReachTheEngine(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            let row = try await fixture.database.read { tx in
                try tx.row(
                    """
                    SELECT '?', 'it''s -- no comment', /* ? ' */ CAST(? AS BIGINT) -- ?
                    AS "a?b"
                    """, [42])
            }
            #expect(row == Row(["?", "it's -- no comment", 42]))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func returningAndOnConflictWork(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [notes]) { fixture in
            let upsert = """
                INSERT INTO notes (id, body) VALUES (?, ?)
                ON CONFLICT (id) DO UPDATE SET body = notes.body || excluded.body RETURNING id, body
                """
            let (first, second, ignored, count, gone) = try await fixture.database.write { tx in
                let first = try tx.row(upsert, [1, "a"])
                let second = try tx.row(upsert, [1, "b"])
                let ignored = try tx.execute("INSERT INTO notes VALUES (1, 'c') ON CONFLICT DO NOTHING")
                let count = try tx.execute("UPDATE notes SET body = ? RETURNING id", ["d"])
                return (first, second, ignored, count, try tx.rows("DELETE FROM notes RETURNING body"))
            }
            #expect(first == Row([1, "a"]))
            #expect(second == Row([1, "ab"]))
            #expect(ignored == 0)
            #expect(count == 1)
            #expect(gone == [Row(["d"])])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aBrokenRuleIsAConflictThatQuotesNoValue(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [notes]) { fixture in
            let fault = await #expect(throws: Fault.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO notes VALUES (777123, 'secret')")
                    try tx.execute("INSERT INTO notes VALUES (777123, 'secret')")
                }
            }
            #expect(fault?.code == .conflict)
            #expect(fault.map { "\($0)".contains("777123") || "\($0)".contains("secret") } == false)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func wrongStatementsAreDefects(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [notes]) { fixture in
            for (sql, values) in [
                ("SELECT id FROM notes WHERE id = ?", []), ("SELECT 1", [1]), ("SELECT FROM WHERE", []),
                ("SELECT nothing FROM notes", []), ("SELECT id FROM nowhere", []),
            ] as [(String, [StoreValue])] {
                let fault = await #expect(throws: Fault.self) {
                    try await fixture.database.read { tx in try tx.rows(sql, values).count }
                }
                #expect(fault?.code == .internal)
            }
        }
    }
}
