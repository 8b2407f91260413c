// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// The embedded store moves into a PostgreSQL database, and nothing of it is lost or goes on in two places.
@Suite("Moving to PostgreSQL")
struct MoveTests {
    @Test func everythingIsThereAfterwards() async throws {
        guard let postgres = try PostgresServer.shared() else { return }
        let url = postgres.url(try postgres.makeDatabase())
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { old in
            let refused = try await old.serving { _ in try await old.salus("database", "move", "--to", url) }
            #expect(refused.status == 1 && refused.errors.contains("Salus is running (process "), "\(refused.words)")
            // After the first start, which invites an administrator.
            let (before, log) = (try await old.salus("records", "list", "--json").output, try await old.verified())
            let people = try await old.salus("people", "list").output

            let moved = try await old.salus("database", "move", "--to", url, within: .seconds(300))
            #expect(moved.status == 0 && moved.output.hasPrefix("moved: "), "\(moved.words)")
            #expect(!FileManager.default.fileExists(atPath: old.store))
            #expect(FileManager.default.fileExists(atPath: "\(old.data)/salus.db.moved"))
            #expect(FileManager.default.fileExists(atPath: "\(old.data)/ledger.moved"))

            // Whoever forgets to name the database must not begin an empty clinic beside what was moved.
            let astray = [
                try await old.salus("up", "--listen", "127.0.0.1:0"), try await old.salus("demo"),
                try await old.salus("people", "list"), try await old.salus("ledger", "verify"),
            ]
            for said in astray { #expect(said.status == 4 && said.errors.contains("was moved into"), "\(said.words)") }
            #expect(!FileManager.default.fileExists(atPath: old.store))

            var new = old
            new.database = url
            #expect(try await new.salus("records", "list", "--json").output == before)
            #expect(try await new.salus("people", "list").output == people)
            let server = try await new.up()
            defer { server.running.discard() }
            #expect(try await server.browser().get("/readyz").status == 200)
            #expect(try await server.stop() == 0)
            #expect(try await new.verified().leaves > log.leaves)
            let checkpoint = try String(contentsOfFile: "\(old.data)/ledger.moved/checkpoint", encoding: .utf8)
            try checkpoint.write(toFile: "\(old.folder)/kept", atomically: false, encoding: .utf8)
            let against = try await new.salus("ledger", "verify", "--against", "\(old.folder)/kept")
            #expect(against.status == 0, "\(against.words)")
        }
    }

    @Test func aMoveThatWasBrokenOffIsBegunAnew() async throws {
        guard let postgres = try PostgresServer.shared() else { return }
        let name = try postgres.makeDatabase()
        let url = postgres.url(name)
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { old in
            let first = try await old.salus("status", "--database", url)
            #expect(first.status == 0, "\(first.words)")
            let full = try await old.salus("database", "move", "--to", url)
            #expect(full.status == 4 && full.errors.contains("not empty"), "\(full.words)")

            let other = try postgres.makeDatabase()
            let move = try old.start("database", "move", "--to", postgres.url(other))
            defer { move.discard() }
            while move.isRunning, try !Self.isUnderway(postgres, other) { try await Task.sleep(for: .milliseconds(5)) }
            try await move.destroy()
            let started = try await old.salus("status", "--database", postgres.url(other))
            #expect(started.status == 4 && started.errors.contains("did not come to its end"), "\(started.words)")
            _ = try await old.verified()

            let again = try await old.salus("database", "move", "--to", postgres.url(other), within: .seconds(300))
            #expect(again.status == 0, "\(again.words)")
            var new = old
            new.database = postgres.url(other)
            _ = try await new.verified()
        }
    }

    /// Whether rows are there of a move that has not ended.
    private static func isUnderway(_ postgres: PostgresServer, _ name: String) throws -> Bool {
        // The table is not there before the migrations.
        let rows = (try? postgres.query("SELECT count(*) FROM ledger_leaves", on: name)) ?? ""
        return Int(rows.trimmingCharacters(in: .whitespacesAndNewlines)).map { $0 > 0 } ?? false
    }
}
