// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog

/// The log grows while somebody reads it.
@Suite struct GrowthTests {
    @Test(arguments: StoreFixture.dialects)
    func aReplacedPartialTileIsReadFromTheFullerOne(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            try await ledger.record(5)
            try await log.settle()
            let old = try await ledger.everything()
            for more in [7, 300] {
                try await ledger.record(more)
                try await log.settle()
                for name in ["tile/entries/000.p/5", "tile/0/000.p/5"] {
                    let path = try TilePath(name)
                    #expect(try await ledger.tiles.bytes(name) == nil)
                    let bytes = try await ledger.tiles.reading { read in try read(path) }
                    #expect(bytes == old[name])
                }
            }
            let beyond = try TilePath("tile/entries/001.p/57")
            await #expect(throws: Fault.self) { try await ledger.tiles.reading { read in try read(beyond) } }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aVerificationDuringWhichTheLogGrowsFindsNothing(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            for more in [5, 40, 300] {
                let growing = GrowingTileStore(inner: ledger.tiles) {
                    try await ledger.record(more)
                    try await log.settle()
                }
                let result = try await LogVerification.verify(growing, store: ledger.store)
                #expect(result.problems == [])
                #expect(try await log.checkpoint()?.checkpoint.size ?? 0 > result.size)
            }
            #expect(try await ledger.verify().size == 345)
        }
    }
}

/// A tile store on which the log grows right after its checkpoint was read.
struct GrowingTileStore: TileStore {
    let inner: any TileStore
    let grow: @Sendable () async throws -> Void

    func bytes(_ name: String) async throws -> [UInt8]? {
        let bytes = try await inner.bytes(name)
        if name == checkpointName { try await grow() }
        return bytes
    }

    func reading<T: Sendable>(
        _ body: @escaping @Sendable (@escaping TileReader) throws -> T
    ) async throws -> T {
        try await inner.reading(body)
    }

    func write(_ files: [TileFile]) async throws { try await inner.write(files) }
    func remove(_ paths: [TilePath]) async throws { try await inner.remove(paths) }
    func names() async throws -> [String] { try await inner.names() }
    func replace(_ name: String, _ bytes: [UInt8], expecting old: [UInt8]?) async throws {
        try await inner.replace(name, bytes, expecting: old)
    }
}
