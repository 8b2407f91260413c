// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@Suite struct ReserveTests {
    private func size(_ path: String) -> (length: Int, onDisk: Int)? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return (Int(status.st_size), Int(status.st_blocks) * 512)
    }

    @Test func theReserveIsMadeGivenUpAndMadeAgain() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/reserve"
            let reserve = FileReserve(path: path, size: 1 << 20)
            #expect(reserve.state() == .absent)
            #expect(!reserve.release())
            try reserve.restore()
            #expect(reserve.state() == .held)
            #expect(size(path)?.length == 1 << 20 && (size(path)?.onDisk ?? 0) >= 1 << 20)
            let other = FileReserve(path: path, size: 1 << 20)
            #expect(other.state() == .held)
            #expect(reserve.release())
            #expect(reserve.state() == .released && other.state() == .released)
            #expect(!other.release())
            // What a death left half made is completed.
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
            #expect(other.state() == .released)
            try other.restore()
            try reserve.restore()
            #expect(reserve.state() == .held && other.state() == .held)
        }
    }

    @Test func aReserveThatCannotBeMadeStopsNothing() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            let nowhere = FileReserve(path: ledger.fixture.folder + "/missing/reserve")
            let log = try await ledger.open(reserve: nowhere)
            #expect(try await log.reserve?.state() == .absent)
            let absurd = FileReserve(path: ledger.fixture.folder + "/reserve", size: 1 << 60)
            let fault = #expect(throws: Fault.self) { try absurd.restore() }
            #expect(fault?.code == .storageFull && fault?.message.contains(ledger.fixture.folder) == true)
            #expect(absurd.state() == .absent)
            try await log.requireRoom()
        }
    }

    @Test func onlyAFullDiskGivesItUpAndTheActRunsOnceMore() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            let reserve = FileReserve(path: ledger.fixture.folder + "/reserve", size: 1 << 20)
            let log = try await ledger.open(reserve: reserve)
            #expect(reserve.state() == .held)
            var runs = 0
            await #expect(throws: Fault.self) {
                try await log.makingRoom {
                    runs += 1
                    throw Fault(.conflict, "test")
                }
            }
            #expect(runs == 1 && reserve.state() == .held)
            await #expect(throws: Fault.self) {
                try await log.makingRoom {
                    runs += 1
                    throw Fault(.storageFull, "test")
                }
            }
            #expect(runs == 3 && reserve.state() == .released)
            let fault = await #expect(throws: Fault.self) { try await log.requireRoom() }
            #expect(fault?.code == .storageFull && fault?.message.contains(ledger.fixture.folder) == true)
            let value = try await log.makingRoom {
                runs += 1
                return runs
            }
            #expect(value == 4)
            try reserve.restore()
            try await log.requireRoom()
            #expect(try await ledger.verify().problems == [])
        }
    }

    @Test func theReserveLiesOutsideTheLog() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            let reserve = FileReserve(path: ledger.fixture.folder + "/store/reserve", size: 1 << 20)
            try await ledger.record(3)
            try await ledger.open(reserve: reserve).settle()
            #expect(try await ledger.verify().problems == [])
        }
    }
}
