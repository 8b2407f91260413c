// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@Suite struct QueryTests {
    private func numbers(_ log: EvidenceLog, _ query: LeafQuery) async throws -> [Int64] {
        try await log.leaves(query).compactMap { $0.leaf.data["number"]?.integerValue }.sorted()
    }

    @Test(arguments: StoreFixture.dialects)
    func leavesAreFoundByWhatTheySay(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            #expect(try await log.leaves().isEmpty)
            try await ledger.record(30)
            #expect(try await log.leaves().isEmpty)
            try await log.settle()
            #expect(try await numbers(log, LeafQuery()) == Array(0..<30))
            var query = LeafQuery()
            query.kind = "test.closed.v1"
            #expect(try await numbers(log, query) == Array(stride(from: 1, to: 30, by: 2)))
            query.actor = EntityReference(type: "person", id: "p1")
            #expect(try await numbers(log, query) == [1, 7, 13, 19, 25])
            query.subject = [UInt8](repeating: 1, count: 16)
            #expect(try await numbers(log, query) == [25])
            query = LeafQuery()
            query.subject = [UInt8](repeating: 0, count: 16)
            #expect(try await numbers(log, query) == [0, 10, 20])
            for (kind, actor) in [("test.opened", nil), (nil, EntityReference(type: "person", id: "p")), ("%", nil)] {
                query = LeafQuery()
                query.kind = kind
                query.actor = actor
                #expect(try await log.leaves(query).isEmpty)
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func pagesGoBackwardsWithoutGaps(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(300)
            let log = try await ledger.open()
            try await log.settle()
            var query = LeafQuery(limit: 70)
            var positions: [Int64] = []
            while true {
                let page = try await log.leaves(query).map(\.position)
                guard let last = page.last else { break }
                positions += page
                query.before = last
            }
            #expect(positions == Array((0..<300).reversed()))
            for before in [-1, 0, .min] as [Int64] {
                query.before = before
                #expect(try await log.leaves(query).isEmpty)
            }
            for limit in [0, -1, .min] as [Int64] { #expect(try await log.leaves(LeafQuery(limit: limit)).isEmpty) }
        }
    }

    /// What has a place but no checkpoint yet is not shown: it could not be proved.
    @Test(arguments: StoreFixture.dialects)
    func nothingBeyondTheCheckpointIsShown(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(5)
            try await ledger.open().settle()
            let ids = try await ledger.record(5)
            let breaking = BreakingTileStore(ledger.tiles, folder: ledger.folder, at: 6, .before)
            let dead = try await ledger.open(on: breaking)
            await #expect(throws: BreakingTileStore.Broken.self) { try await dead.settle() }
            let log = try await ledger.open()
            let position: Int64 = 5
            #expect(try await log.position(of: ids[0]) == nil)
            #expect(try await log.pendingCount() == 5)
            #expect(try await log.leaves().count == 5)
            var query = LeafQuery()
            query.before = 8
            #expect(try await log.leaves(query).map(\.position) == [4, 3, 2, 1, 0])
            await #expect(throws: Fault.self) { try await log.leaf(at: position) }
            try await log.settle()
            #expect(try await log.leaf(at: position).leaf.id == ids[0])
            #expect(try await log.position(of: ids[0]) == position)
            #expect(try await log.pendingCount() == 0)
        }
    }
}
