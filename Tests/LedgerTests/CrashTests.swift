// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog

@Suite struct CrashTests {
    /// Dies at each operation of opening and settling in turn, on one log that grows past several full tiles.
    @Test(arguments: StoreFixture.dialects, BreakingTileStore.Moment.allCases)
    func aDeathAtAnyOperationLosesNothing(_ dialect: StoreDialect, _ moment: BreakingTileStore.Moment) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            var ids: [Identifier<Kernel.Leaf>] = []
            var operation = 0
            var broke = true
            while broke {
                operation += 1
                ids += try await ledger.record(90).sorted()
                ledger.fixture.clock.advance(by: .milliseconds(2))
                let breaking = BreakingTileStore(ledger.tiles, folder: ledger.folder, at: operation, moment)
                do {
                    try await ledger.open(on: breaking).settle()
                } catch is BreakingTileStore.Broken {}
                broke = breaking.isBroken
                try await check(ledger, ids, operation)
            }
            #expect(operation > 8)
        }
    }

    /// What is there after a death is never damage, and the next start makes it whole.
    private func check(_ ledger: LedgerFixture, _ ids: [Identifier<Kernel.Leaf>], _ operation: Int) async throws {
        let comment: Comment = "operation \(operation)"
        #expect(try await ledger.verify().problems == [], comment)
        let log = try await ledger.open()
        try await log.settle()
        let result = try await ledger.verify()
        #expect(result.problems == [] && result.size == UInt64(ids.count), comment)
        #expect(result.notes == [], comment)
        let entries = try await ledger.entries(result.size)
        #expect(try entries.map { try Ledger.Leaf(decoding: $0).id } == ids, comment)
        let expected = try TreeGrowth(from: Frontier(), appending: entries) { path in throw Fault(.notFound, "\(path)")
        }
        for file in expected.files {
            #expect(try await ledger.tiles.bytes(file.path.description) == file.bytes, comment)
        }
        let rows = try await ledger.store.read { tx in try tx.row("SELECT count(*) FROM ledger_pending")?.integer(0) }
        #expect(rows == 0, comment)
    }

    /// What was left half written belongs to a tree of another size once more acts have come: it must not stay.
    @Test(arguments: BreakingTileStore.Moment.allCases)
    func actsAfterADeathLeaveNothingHalfWritten(_ moment: BreakingTileStore.Moment) async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            var operation = 0
            var broke = true
            while broke {
                operation += 1
                try await ledger.record(3)
                let breaking = BreakingTileStore(ledger.tiles, folder: ledger.folder, at: operation, moment)
                do {
                    try await ledger.open(on: breaking).settle()
                } catch is BreakingTileStore.Broken {}
                broke = breaking.isBroken
                try await ledger.record(2)
                try await ledger.open().settle()
                let result = try await ledger.verify()
                #expect(result.problems == [] && result.notes == [], "operation \(operation)")
                #expect(result.size == UInt64(operation * 5))
            }
            #expect(operation > 8)
        }
    }

    @Test func aHalfWrittenTileBeyondTheCheckpointIsOverwritten() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            try await ledger.record(10)
            try await ledger.open().settle()
            for name in ["tile/entries/000.p/20", "tile/0/000.p/20", "tile/entries/000", "checkpoint.new"] {
                try await ledger.tamper(name, [1, 2, 3])
            }
            #expect(try await ledger.verify().notes.count == 4)
            try await ledger.record(10)
            try await ledger.open().settle()
            try await ledger.record(236)
            try await ledger.open().settle()
            let result = try await ledger.verify()
            #expect(result.problems == [] && result.notes == [] && result.size == 256)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aSequencerThatLostItsLockSetsNothingBack(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(3)
            try await ledger.open().settle()
            let old = try #require(try await ledger.tiles.bytes("checkpoint"))
            try await ledger.record(3)
            try await ledger.open().settle()
            let fault = await #expect(throws: Fault.self) {
                try await ledger.tiles.replace("checkpoint", old, expecting: old)
            }
            #expect(fault?.code == .conflict)
            #expect(try await ledger.verify().size == 6)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func twoProcessesGiveEveryLeafOnePlace(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let other = try await Database.open(ledger.fixture.location, clock: ledger.fixture.clock)
            async let first = ledger.open()
            async let second = ledger.open(on: dialect == .postgres ? TableTileStore(other) : nil, store: other)
            let logs = [(ledger.store, try await first), (other, try await second)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (store, log) in logs {
                    group.addTask {
                        for round in 0..<25 {
                            try await ledger.record(7 + round, on: store)
                            try await log.settle()
                        }
                    }
                }
                // Whoever reads and verifies meanwhile never sees damage.
                group.addTask {
                    for _ in 0..<40 {
                        #expect(try await ledger.verify().problems == [])
                        for leaf in try await logs[0].1.leaves(LeafQuery(limit: 20)) {
                            _ = try await logs[1].1.proof(of: leaf.position)
                        }
                    }
                }
                try await group.waitForAll()
            }
            for (_, log) in logs { try await log.settle() }
            await other.close()
            let result = try await ledger.verify()
            #expect(result.problems == [] && result.size == 950)
            let ids = try await ledger.entries(950).map { try Ledger.Leaf(decoding: $0).id }
            #expect(Set(ids).count == 950)
        }
    }
}
