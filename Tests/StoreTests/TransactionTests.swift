// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TestSupport
import Testing

private let counters = Migration(
    name: "test/0001_counters", statements: ["CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"])

private struct Refusal: Error {}

@Suite struct TransactionTests {
    @Test(arguments: StoreFixture.dialects)
    func whatIsWrittenIsReadInTheTransactionAndAfterIt(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let inside = try await fixture.database.write { tx in
                #expect(try tx.execute("INSERT INTO counters VALUES (1, 10), (2, 20)") == 2)
                #expect(try tx.execute("UPDATE counters SET n = n + 1 WHERE id = ?", [9]) == 0)
                return try tx.row("SELECT n FROM counters WHERE id = ?", [1])
            }
            #expect(inside == Row([10]))
            let outside = try await fixture.database.read { tx in try tx.row("SELECT n FROM counters WHERE id = 2") }
            #expect(outside == Row([20]))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func throwingUndoesAll(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            await #expect(throws: Refusal.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO counters VALUES (1, 1)")
                    throw Refusal()
                }
            }
            try await expectCount(0, fixture.database)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aSwallowedFailureStillFailsTheTransaction(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let fault = await #expect(throws: Fault.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO counters VALUES (1, 1)")
                    do { try tx.execute("INSERT INTO counters VALUES (1, 2)") } catch {}
                }
            }
            #expect(fault?.code == .conflict)
            try await expectCount(0, fixture.database)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func oneFailureAmongFiftyTakesNobodyWithIt(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let database = fixture.database
            let failures = try await withThrowingTaskGroup(of: Int.self) { group in
                for id in 0..<50 as Range<Int64> {
                    group.addTask {
                        do {
                            try await database.write { tx in
                                try tx.execute("INSERT INTO counters VALUES (?, 1)", [.integer(id)])
                                if id == 17 { throw Refusal() }
                            }
                            return 0
                        } catch is Refusal {
                            return 1
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(failures == 1)
            let ids = try await database.read { tx in
                try tx.rows("SELECT id FROM counters ORDER BY id").map { try $0.integer(0) }
            }
            #expect(ids == Array(0..<50).filter { $0 != 17 })
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func noneOf256IncrementsIsLost(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let database = fixture.database
            try await database.write { tx in try tx.execute("INSERT INTO counters VALUES (1, 0), (2, 0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<256 {
                    group.addTask {
                        try await database.write { tx in
                            try tx.execute("UPDATE counters SET n = n + 1 WHERE id = 1")
                            let read = try tx.row("SELECT n FROM counters WHERE id = 2")?.integer(0) ?? 0
                            try tx.execute("UPDATE counters SET n = ? WHERE id = 2", [.integer(read + 1)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await database.read { tx in try tx.rows("SELECT n FROM counters ORDER BY id") }
            #expect(rows == [Row([256]), Row([256])])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func twoOpenStoresSeeEachOther(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let other = try await Database.open(fixture.location, clock: fixture.clock)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<40 as Range<Int64> {
                    group.addTask {
                        let database = id % 2 == 0 ? fixture.database : other
                        try await database.write { tx in
                            try tx.execute("INSERT INTO counters VALUES (?, 0)", [.integer(id)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await expectCount(40, other)
            try await expectCount(40, fixture.database)
            await other.close()
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aReadingTransactionCannotWriteAndKeepsItsState(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let fault = await #expect(throws: Fault.self) {
                try await fixture.database.read { tx in
                    try tx.rows("INSERT INTO counters VALUES (1, 1) RETURNING id").count
                }
            }
            #expect(fault?.code == .internal)
            try await expectCount(0, fixture.database)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func nowIsTheStoresClockAndStandsStill(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            let clock = fixture.clock
            let start = clock.now()
            let times = try await fixture.database.write { tx in
                let before = tx.now
                clock.advance(by: .seconds(5))
                return [before, tx.now]
            }
            #expect(times == [start, start])
            #expect(try await fixture.database.read { tx in tx.now } == start.advanced(by: .seconds(5)))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func rowsAreStreamedAndCanStopEarly(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            let (sum, stopped, nested) = try await fixture.database.write { tx in
                for id in 1...1_000 as ClosedRange<Int64> {
                    try tx.execute("INSERT INTO counters VALUES (?, ?)", [.integer(id), .integer(id * 2)])
                }
                let query = "SELECT id, n FROM counters WHERE id > ? ORDER BY id"
                var sum: Int64 = 0
                try tx.forEachRow(query, [0]) { row in
                    sum += try row.integer(1)
                    return true
                }
                var stopped: [Int64] = []
                try tx.forEachRow(query, [100]) { row in
                    stopped.append(try row.integer(0))
                    return stopped.count < 3
                }
                // The same statement inside itself must not rewind it.
                var nested: Int64 = 0
                try tx.forEachRow(query, [990]) { row in
                    nested += Int64(try tx.rows(query, [.integer(try row.integer(0))]).count)
                    return true
                }
                return (sum, stopped, nested)
            }
            #expect(sum == 1_001_000)
            #expect(stopped == [101, 102, 103])
            #expect(nested == 45)
            await #expect(throws: Refusal.self) {
                try await fixture.database.read { tx in
                    try tx.forEachRow("SELECT id FROM counters", []) { _ in throw Refusal() }
                }
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aClosedStoreSaysSo(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [counters]) { fixture in
            try await fixture.database.write { tx in try tx.execute("INSERT INTO counters VALUES (1, 1)") }
            await fixture.database.close()
            await fixture.database.close()
            let attempts: [(Database) async throws -> Void] = [
                { try await expectCount(1, $0) }, { try await $0.write { _ in } }, { try await $0.migrate([]) },
                { _ = try await $0.durabilitySettings() },
            ]
            for attempt in attempts {
                let fault = await #expect(throws: Fault.self) { try await attempt(fixture.database) }
                #expect(fault?.code == .unavailable)
            }
        }
    }
}

private func expectCount(_ expected: Int64, _ database: Database) async throws {
    let row = try await database.read { tx in try tx.row("SELECT count(*) FROM counters") }
    #expect(row == Row([.integer(expected)]))
}
