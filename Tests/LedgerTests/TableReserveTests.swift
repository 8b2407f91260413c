// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@Suite struct TableReserveTests {
    private static let size: Int64 = 1 << 20

    @Test func itIsMadeGivenUpAndMadeAgainForAllProcesses() async throws {
        try await LedgerFixture.with(.postgres) { ledger in
            let reserve = TableReserve(ledger.store, size: Self.size)
            let second = try await Database.open(ledger.fixture.location, clock: ledger.fixture.clock)
            let other = TableReserve(second, size: Self.size)
            #expect(try await reserve.state() == .absent)
            #expect(try await !reserve.release())
            try await reserve.restore()
            #expect(try await reserve.state() == .held)
            #expect(try await other.state() == .held)
            let file = try await ledger.file()
            #expect(try await ledger.length(file) >= Self.size)
            #expect(try await ledger.tables() == ["ledger_reserve", "ledger_reserve_state"])

            #expect(try await other.release())
            // Back on the disk with the commit, although the file's name only goes at the next checkpoint.
            #expect(try await ledger.length(file) == 0)
            #expect(try await reserve.state() == .released)
            #expect(try await other.state() == .released)
            #expect(try await !reserve.release())

            // Another process has just tried: not again within the minute.
            let fault = await #expect(throws: Fault.self) { try await reserve.restore() }
            #expect(fault?.code == .storageFull && fault?.message.contains("database server") == true)
            ledger.fixture.clock.advance(by: .seconds(61))
            try await reserve.restore()
            #expect(try await other.state() == .held)
            try await other.restore()
            #expect(try await ledger.tables() == ["ledger_reserve", "ledger_reserve_state"])
            await second.close()
        }
    }

    @Test func anAttemptThatFailsLeavesNothing() async throws {
        try await LedgerFixture.with(.postgres) { ledger in
            // A table of this name needs a type of this name: it fails after the probe was filled.
            try await ledger.store.write { tx in
                _ = try tx.execute("CREATE TYPE ledger_reserve AS ENUM ('one')")
            }
            let reserve = TableReserve(ledger.store, size: Self.size)
            await #expect(throws: Fault.self) { try await reserve.restore() }
            #expect(try await reserve.state() == .absent)
            #expect(try await ledger.tables() == ["ledger_reserve_state"])
        }
    }

    @Test func giveUpWaitsForAnAttempt() async throws {
        try await LedgerFixture.with(.postgres) { ledger in
            let reserve = TableReserve(ledger.store, size: 16 << 20)
            async let made: Void = reserve.restore()
            async let given = reserve.release()
            _ = try await (made, given)
            // Whichever came first: never a table of half the size.
            #expect(try await ledger.tables().contains("ledger_reserve_probe") == false)
            let state = try await reserve.state()
            #expect(state == .held || state == .released)
        }
    }

    @Test func aBackupThatLocksItDoesNotHoldUpTheAnswer() async throws {
        try await LedgerFixture.with(.postgres) { ledger in
            let reserve = TableReserve(ledger.store, size: Self.size)
            try await reserve.restore()
            let (locked, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let backup: Void = ledger.store.read { tx in
                _ = try tx.row("SELECT count(*) FROM ledger_reserve")
                locked.signal()
                done.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    locked.wait()
                    continuation.resume()
                }
            }
            let fault = await #expect(throws: Fault.self) { try await reserve.release() }
            #expect(fault?.code == .unavailable)
            #expect(try await reserve.state() == .held)
            done.signal()
            try await backup
            #expect(try await reserve.release())
        }
    }

    @Test func theLogGivesItUpForCare() async throws {
        try await LedgerFixture.with(.postgres) { ledger in
            let reserve = TableReserve(ledger.store, size: Self.size)
            let log = try await ledger.open(reserve: reserve)
            #expect(try await reserve.state() == .held)
            var runs = 0
            let value = try await log.makingRoom {
                runs += 1
                if runs == 1 { throw Fault(.storageFull, "test") }
                return runs
            }
            #expect(value == 2)
            #expect(try await reserve.state() == .released)
            let fault = await #expect(throws: Fault.self) { try await log.requireRoom() }
            #expect(fault?.message.contains("No space left on the disk of the database server") == true)
        }
    }
}

extension LedgerFixture {
    /// The file of the reserve, as the server names it.
    fileprivate func file() async throws -> String {
        try await store.read { tx in
            try tx.row("SELECT pg_relation_filepath(to_regclass('ledger_reserve'))")?.text(0) ?? ""
        }
    }

    /// The length of a file of the server; 0 when it is gone.
    fileprivate func length(_ file: String) async throws -> Int64 {
        try await store.read { tx in
            try tx.row("SELECT coalesce((pg_stat_file(?, true)).size, 0)", [.text(file)])?.integer(0) ?? 0
        }
    }

    /// The tables of the reserve.
    fileprivate func tables() async throws -> [String] {
        try await store.read { tx in
            try tx.rows(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND starts_with(relname, 'ledger_reserve') ORDER BY relname"
            ).map { try $0.text(0) }
        }
    }
}
