// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Kernel
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite struct PostgresTests {
    @Test func wrongURLsSayWhatToDoAndQuoteNothing() async throws {
        guard let server = try PostgresServer.shared() else { return }
        let nobody = try freePort()
        let cases = [
            (server.url("postgres", password: "wrong-secret"), "password"),
            (server.url("postgres", role: "stranger"), "password"),
            (server.url("no_such_database"), "no such database"),
            ("postgresql://salus:wrong-secret@127.0.0.1:\(nobody)/x", "cannot be reached"),
            ("postgresql://salus:wrong-secret@/x?host=/no/such/folder", "cannot be reached"),
        ]
        for (url, words) in cases {
            let fault = await openingFault(url)
            #expect(fault?.code == .unavailable)
            #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "it opened")")
            let text = fault.map { "\($0)" } ?? ""
            #expect(!text.contains("wrong-secret") && !text.contains("127.0.0.1") && !text.contains("stranger"))
        }
        for url in ["postgresql://salus:%zz@h/x", "postgresql://h/x?secret=wrong-secret", "a\u{0}b", "key = = "] {
            let fault = await openingFault(url)
            #expect(fault?.code == .invalidInput)
            #expect(fault?.message.contains("wrong-secret") == false)
        }
    }

    @Test func theNextHostIsTried() async throws {
        guard let server = try PostgresServer.shared() else { return }
        let name = try server.makeDatabase()
        let url = "postgresql://127.0.0.1:\(try freePort()),127.0.0.1:\(server.port)/\(name)"
        let database = try await Database.open(
            .postgres(url: url + "?user=\(server.role)&password=\(server.password)"), clock: ManualClock())
        #expect(try await database.durabilitySettings()["synchronous_commit"] == "on")
        await database.close()
    }

    @Test func aConflictRunsAgainWithANewTime() async throws {
        try await StoreFixture.with(.postgres, migrations: [pair]) { fixture in
            let other = try await Database.open(fixture.location, clock: fixture.clock)
            let times = Mutex<[Instant]>([])
            try await fixture.database.write { tx in
                let runs = times.withLock { times in
                    times.append(tx.now)
                    return times.count
                }
                let sum = try tx.row("SELECT sum(n) FROM pair")?.integer(0) ?? 0
                if runs == 1 {
                    // Somebody else changes what this transaction has read, and is through first.
                    wait {
                        _ = try await other.write { tx in
                            try tx.execute("UPDATE pair SET n = (SELECT sum(n) FROM pair) + 5 WHERE id = 2")
                        }
                    }
                    fixture.clock.advance(by: .seconds(1))
                }
                try tx.execute("UPDATE pair SET n = ? WHERE id = 1", [.integer(sum)])
            }
            let seen = times.withLock { $0 }
            #expect(seen.count == 2)
            #expect(seen.last?.since(try #require(seen.first)) == .seconds(1))
            let rows = try await other.read { tx in try tx.rows("SELECT n FROM pair ORDER BY id") }
            #expect(rows == [Row([8]), Row([7])])
            await other.close()
        }
    }

    @Test func aBrokenConnectionIsReplaced() async throws {
        guard let server = try PostgresServer.shared() else { return }
        let name = try server.makeDatabase()
        let database = try await Database.open(.postgres(url: server.url(name)), clock: ManualClock(), connections: 2)
        try await database.migrate([pair])
        for _ in 0..<3 {
            try server.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'salus' "
                    + "AND datname = '\(name)'", on: name)
            try await database.write { tx in try tx.execute("UPDATE pair SET n = n + 1 WHERE id = 1") }
        }
        #expect(try await database.read { tx in try tx.row("SELECT n FROM pair WHERE id = 1") } == Row([4]))
        await database.close()
    }

    @Test func tablesMayChangeUnderPreparedStatements() async throws {
        try await StoreFixture.with(.postgres, migrations: [pair]) { fixture in
            let all = "SELECT * FROM pair ORDER BY id"
            #expect(try await fixture.database.read { tx in try tx.rows(all).count } == 2)
            let more = Migration(name: "test/0002_more", statements: ["ALTER TABLE pair ADD COLUMN more TEXT"])
            try await fixture.database.migrate([pair, more])
            #expect(try await fixture.database.read { tx in try tx.rows(all) }.first == Row([1, 1, nil]))
        }
    }

    @Test func manyStatementsDoNotExhaustTheServer() async throws {
        try await StoreFixture.with(.postgres) { fixture in
            let last = try await fixture.database.read { tx in
                var last: Int64 = 0
                for number in 1...1_200 { last = try tx.row("SELECT \(number)")?.integer(0) ?? 0 }
                return last
            }
            #expect(last == 1_200)
        }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0], 0), ([1, 0, 0, 0, 5], 5), ([1, 0, 0x4000, 0, 5], -5), ([1, 1, 0, 0, 5], 50_000),
            ([2, 1, 0, 2, 1, 2], 10_002), ([5, 4, 0, 0, 922, 3_372, 368, 5_477, 5_807], .max),
            ([5, 4, 0x4000, 0, 922, 3_372, 368, 5_477, 5_808], .min),
        ] as [([UInt16], Int64)])
    func sumsAreWholeNumbers(_ words: [UInt16], _ expected: Int64) {
        #expect(wholeNumber(numeric: words.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }) == expected)
    }

    @Test(
        arguments: [
            [], [1, 0, 0], [1, 0, 0, 0], [1, 0xFFFF, 0, 1, 5_000], [2, 0, 0, 1, 1, 5_000], [0, 0, 0xC000, 0],
            [5, 4, 0, 0, 922, 3_372, 368, 5_477, 5_808], [1, 5, 0, 0, 1],
        ] as [[UInt16]])
    func fractionsAndWhatDoesNotFitAreNot(_ words: [UInt16]) {
        #expect(wholeNumber(numeric: words.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }) == nil)
    }

    private func openingFault(_ url: String) async -> Fault? {
        do {
            await (try Database.open(.postgres(url: url), clock: ManualClock())).close()
            return nil
        } catch {
            return error as? Fault
        }
    }
}

private let pair = Migration(
    name: "test/0001_pair",
    statements: [
        "CREATE TABLE pair (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)", "INSERT INTO pair VALUES (1, 1), (2, 1)",
    ])

/// Waits for something asynchronous on a thread of the store's own, where blocking is allowed.
private func wait(_ body: @escaping @Sendable () async throws -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task {
        await #expect(throws: Never.self) { try await body() }
        done.signal()
    }
    done.wait()
}
