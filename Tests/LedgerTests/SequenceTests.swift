// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog

@Suite struct SequenceTests {
    @Test(arguments: StoreFixture.dialects)
    func actAndLeafCommitTogetherOrNotAtAll(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.store.write { tx in try tx.execute("CREATE TABLE act (id BIGINT PRIMARY KEY)") }
            struct Refused: Error {}
            await #expect(throws: Refused.self) {
                try await ledger.store.write { tx in
                    try tx.execute("INSERT INTO act (id) VALUES (1)")
                    try tx.record(LedgerFixture.fact(1))
                    throw Refused()
                }
            }
            try await ledger.store.write { tx in
                try tx.execute("INSERT INTO act (id) VALUES (2)")
                try tx.record(LedgerFixture.fact(2))
            }
            // The second leaf of a failing act goes with the first.
            await #expect(throws: Fault.self) {
                try await ledger.store.write { tx in
                    try tx.record(LedgerFixture.fact(3))
                    try tx.execute("INSERT INTO act (id) VALUES (2)")
                }
            }
            let acts = try await ledger.store.read { tx in try tx.rows("SELECT id FROM act").map { try $0.integer(0) } }
            let log = try await ledger.open()
            try await log.settle()
            #expect(acts == [2])
            #expect(try await log.leaves().map { $0.leaf.data["number"]?.integerValue } == [2])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func placesFollowTheOrderOfTheIds(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            var ids: [Identifier<Kernel.Leaf>] = []
            for _ in 0..<6 {
                ids += try await ledger.record(50)
                ledger.fixture.clock.advance(by: .milliseconds(1))
            }
            let log = try await ledger.open()
            #expect(try await log.position(of: ids[0]) == nil)
            try await log.settle()
            for (position, id) in ids.sorted().enumerated() {
                #expect(try await log.position(of: id) == Int64(position))
                #expect(try await log.leaf(at: Int64(position)).leaf.id == id)
            }
            #expect(try await log.pendingCount() == 0)
        }
    }

    @Test(arguments: StoreFixture.dialects, [1, 2, 3] as [UInt64])
    func anySizeOfRoundsGivesTheSameLog(_ dialect: StoreDialect, _ seed: UInt64) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            var dice = Dice(state: seed)
            let start = Instant(microseconds: 1_767_225_600_000_000)
            let leaves = (0..<700).map { number in
                let at = start.advanced(by: .milliseconds(number))
                return Leaf(LedgerFixture.fact(number), id: Identifier(at: at, using: &dice), at: at)
            }
            let log = try await ledger.open()
            var rest = leaves[...]
            while !rest.isEmpty {
                try await ledger.insert(rest.prefix(Int.random(in: 1...180, using: &dice)))
                rest = leaves.dropFirst(Int(try await count(ledger)))
                try await log.settle()
            }
            let all = try leaves.map { try $0.encoded() }
            let expected = try TreeGrowth(from: Frontier(), appending: all) { path in throw Fault(.notFound, "\(path)")
            }
            let checkpoint = try #require(try await log.checkpoint()).checkpoint
            #expect(checkpoint.root == MerkleHash.root(of: all.map(MerkleHash.leaf)))
            #expect(checkpoint.size == 700)
            for file in expected.files { #expect(try await ledger.tiles.bytes(file.path.description) == file.bytes) }
            // Nothing else is left: partial tiles went as fuller ones came.
            let names = expected.files.map(\.path.description) + ["checkpoint", "vkey"]
            #expect(try await Set(ledger.tiles.names()) == Set(names))
            #expect(try await ledger.verify().problems == [])
        }
    }

    private func count(_ ledger: LedgerFixture) async throws -> Int64 {
        try await ledger.store.read { tx in
            let pending = try tx.row("SELECT count(*) FROM ledger_pending")?.integer(0) ?? 0
            return try pending + (tx.row("SELECT count(*) FROM ledger_leaves")?.integer(0) ?? 0)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func moreThanOneBatchIsSequencedAtOnce(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(4_500)
            let log = try await ledger.open()
            try await log.settle()
            #expect(try await log.checkpoint()?.checkpoint.size == 4_500)
            let result = try await ledger.verify()
            #expect(result.problems == [] && result.notes == [])
        }
    }

    /// A round dies after its checkpoint is out, and another process commits leaves with ids between those of the
    /// round: finishing it takes out exactly its own.
    @Test(arguments: StoreFixture.dialects)
    func leavesThatComeBetweenThoseOfARoundWaitOn(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let start = Instant(microseconds: 1_767_225_600_000_000)
            let leaves = (0..<300).map { number in
                let at = start.advanced(by: .milliseconds(number))
                return Leaf(LedgerFixture.fact(number), id: Identifier(at: at, counter: 0), at: at)
            }
            let (even, odd) = (
                leaves.enumerated().filter { $0.offset % 2 == 0 }, leaves.enumerated().filter { $0.offset % 2 == 1 }
            )
            try await ledger.insert(even.map(\.element))
            // Opening and settling touch the tiles a dozen times; somewhere the checkpoint is out and the round open.
            for operation in 1...20 {
                let breaking = BreakingTileStore(ledger.tiles, folder: ledger.folder, at: operation, .after)
                try? await ledger.open(on: breaking).settle()
                if try await ledger.tiles.bytes("checkpoint") != nil { break }
            }
            #expect(try await ledger.store.read { tx in try tx.row("SELECT first FROM ledger_round") } != nil)
            try await ledger.insert(odd.map(\.element))
            #expect(try await ledger.open().pendingCount() == 150)
            let log = try await ledger.open()
            try await log.settle()
            let ids = try await ledger.entries(300).map { try Ledger.Leaf(decoding: $0).id }
            #expect(ids == (even + odd).map(\.element.id))
            #expect(try await ledger.verify().problems == [])
        }
    }

    /// A row that no sequencer writes: it must neither stop the log nor be taken for finished.
    @Test(arguments: StoreFixture.dialects)
    func aRoundThatHoldsNothingIsDamage(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(5)
            let log = try await ledger.open()
            try await log.settle()
            try await ledger.store.write { tx in
                try tx.execute("INSERT INTO ledger_round (first, ids) VALUES (5, ?)", [.bytes([])])
            }
            let fault = await #expect(throws: Fault.self) { try await log.settle() }
            #expect(fault?.code == .damaged)
            #expect(try await ledger.verify().problems.count == 1)
        }
    }

    /// Nobody sequences: what waits is still in the database only, and verification says since when.
    @Test(arguments: StoreFixture.dialects)
    func leavesThatWaitTooLongAreNoticed(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            try await ledger.record(3)
            #expect(try await ledger.verify().delayedSince == nil)
            ledger.fixture.clock.advance(by: .seconds(11))
            let delayed = try await ledger.verify()
            #expect(delayed.delayedSince != nil && delayed.problems == [])
            #expect(delayed.notes.contains { $0.contains("acknowledged leaves wait since") })
            try await log.settle()
            #expect(try await ledger.verify().delayedSince == nil)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func everyLeafIsProvable(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            try await ledger.record(200)
            try await log.settle()
            try await ledger.record(70)
            try await log.settle()
            let key = try VerifierKey(vkey: log.verifierKey)
            for position in 0..<Int64(270) {
                let leaf = try await log.leaf(at: position)
                let proof = try await log.proof(of: position)
                let verified = try LogProof(bytes: proof.bytes).verify(leaf: .leaf(leaf.bytes), verifiers: [key])
                #expect(verified.checkpoint.size == 270)
                var other = leaf.bytes
                other[20] ^= 1
                #expect(throws: LogProofError.self) { try proof.verify(leaf: .leaf(other), verifiers: [key]) }
            }
            for position in [-1, 270, .max, .min] as [Int64] {
                let fault = await #expect(throws: Fault.self) { try await log.proof(of: position) }
                #expect(fault?.code == .notFound)
                await #expect(throws: Fault.self) { try await log.leaf(at: position) }
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aLogThatIsLongerThanTheStoreIsRefused(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(5)
            try await ledger.open().settle()
            let log = try await ledger.everything()
            // The store of yesterday: empty, while the log goes on.
            try await ledger.store.write { tx in
                for table in ["state", "leaves", "pending"] { try tx.execute("DELETE FROM ledger_\(table)") }
            }
            let fault = await #expect(throws: Fault.self) { try await ledger.open() }
            #expect(fault?.code == .damaged)
            #expect(fault?.message.contains("5 leaves") == true && fault?.message.contains("set back") == true)
            let problems = try await ledger.verify().problems
            #expect(problems.contains { $0.contains("the store was set back") })
            #expect(try await ledger.everything() == log)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aLogOfAnotherKeyIsRefused(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            _ = try await ledger.open()
            let fault = await #expect(throws: Fault.self) {
                try await ledger.open(key: [UInt8](repeating: 9, count: 32))
            }
            #expect(fault?.code == .damaged && fault?.message.contains("public key") == true)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theLogNeverGrowsOnDamagedTiles(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(5)
            try await ledger.open().settle()
            for name in ["tile/entries/000.p/5", "tile/0/000.p/5"] {
                let good = try #require(try await ledger.tiles.bytes(name))
                var bad = good
                bad[40] ^= 4
                try await ledger.tamper(name, bad)
                try await ledger.record(1)
                let log = try await ledger.open()
                let fault = await #expect(throws: Fault.self) { try await log.settle() }
                #expect(fault?.code == .damaged)
                #expect(try await log.checkpoint()?.checkpoint.size == 5)
                try await ledger.tamper(name, good)
            }
            let log = try await ledger.open()
            try await log.settle()
            #expect(try await log.checkpoint()?.checkpoint.size == 7)
            #expect(try await ledger.verify().problems == [])
        }
    }
}
